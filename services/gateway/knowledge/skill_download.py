"""A skill as a file: SKILL.md with a front matter of name and description, as agents load them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from shared.domain.memory import Memory
from shared.domain.memory_detail import SKILL_VALUE

SECTIONS = {
    "experience": "Experience",
    "preference": "Preferences",
    "examples": "Examples",
}
"""The lists of a `skill_value` that become sections, with their headings."""


def skill_path(memory_id: str) -> str:
    """The path of a skill's file on this server."""
    return f"/skills/{memory_id}/SKILL.md"


def skill_markdown(memory: Memory) -> str:
    """The content of a skill's file."""
    value: Mapping[str, Any] = memory.detail.get(SKILL_VALUE) or {}
    name = str(value.get("name") or memory.title)
    description = str(value.get("description") or memory.text)
    front_matter = [
        "---",
        f"name: {json.dumps(name, ensure_ascii=False)}",
        f"description: {json.dumps(description, ensure_ascii=False)}",
        "---",
    ]
    parts = [
        "\n".join(front_matter),
        f"# {name}",
        description,
        "## Procedure",
        str(value.get("procedure") or ""),
    ]
    for field, heading in SECTIONS.items():
        entries = value.get(field)
        if isinstance(entries, list) and entries:
            lines = [f"- {' '.join(str(entry).split())}" for entry in entries]
            parts += [f"## {heading}", "\n".join(lines)]
    return "\n\n".join(part for part in parts if part) + "\n"
