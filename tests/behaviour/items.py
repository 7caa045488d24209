"""Memories as they come back, in one form for all kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.everyday_talks import holds

LISTS = {
    "fact": ("memory_detail_list", "memory_value"),
    "preference": ("preference_detail_list", "preference"),
    "tool": ("tool_memory_detail_list", "tool_value"),
}
"""By kind: where memories stand in an answer, and which field has the text."""
STATEMENTS = ("fact", "preference")
_CHANGE_NOTE = re.compile(r" ?\[changed [^\]]*\]|［[^］]*有变：[^］]*］")

Phrases = str | Sequence[str]
"""A phrase, or several of which any will do."""


@dataclass(frozen=True)
class Item:
    """One memory of an answer."""

    kind: str
    text: str
    """Without the notes of what has changed."""
    outdated: bool
    """A note says that something of it has changed."""
    relativity: float
    fields: Mapping[str, Any]

    def holds(self, phrases: Phrases) -> bool:
        """Whether any of the phrases stands in the text."""
        alternatives = [phrases] if isinstance(phrases, str) else phrases
        return any(holds(self.text, phrase) for phrase in alternatives)


def items_of(data: Mapping[str, Any], kinds: Iterable[str] = LISTS) -> list[Item]:
    """The memories of an answer, the most relevant first; of a listing, in its order."""
    items = [
        _item(kind, entry) for kind in kinds for entry in data.get(LISTS[kind][0]) or ()
    ]
    return sorted(items, key=lambda item: -item.relativity)


def _item(kind: str, entry: Mapping[str, Any]) -> Item:
    text = str(entry[LISTS[kind][1]])
    if kind == "tool":
        statuses = entry.get("tool_used_status") or ()
        experiences = [str(status["tool_experience"]) for status in statuses]
        text = "\n".join([text, str(entry.get("experience") or ""), *experiences])
    own = _CHANGE_NOTE.sub("", text)
    return Item(kind, own, own != text, float(entry.get("relativity") or 0), entry)


def lines_of(text: str) -> list[Item]:
    """The lines of a text as if each were a memory."""
    return [
        Item("line", own, own != line, 0, {})
        for line in text.splitlines()
        for own in [_CHANGE_NOTE.sub("", line)]
    ]
