"""A skill as a file: SKILL.md with a front matter of name and description, as agents load them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.memory import Memory
from shared.domain.memory_detail import SKILL_VALUE


def skill_path(memory_id: str) -> str:
    """Where the file of a skill is, on this server."""
    return f"/skills/{memory_id}/SKILL.md"


def skill_markdown(memory: Memory) -> str:
    """The file of a skill."""
    value: Mapping[str, Any] = memory.detail.get(SKILL_VALUE) or {}
    name, description = (
        str(value.get("name") or memory.title),
        str(value.get("description") or memory.text),
    )
    parts = [
        f"---\nname: {json.dumps(name, ensure_ascii=False)}\ndescription: {json.dumps(description, ensure_ascii=False)}\n---",
        f"# {name}",
        description,
        "## Procedure",
        str(value.get("procedure") or ""),
        *_listed("Experience", value.get("experience")),
        *_listed("Preferences", value.get("preference")),
        *_listed("Examples", value.get("examples")),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _listed(title: str, entries: object) -> Sequence[str]:
    if not isinstance(entries, list) or not entries:
        return ()
    return (
        f"## {title}",
        "\n".join(f"- {' '.join(str(entry).split())}" for entry in entries),
    )
