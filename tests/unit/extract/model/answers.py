"""Short ways to write what a model answers."""

from __future__ import annotations

from typing import Any


def fact(text: str, *lines: int, **fields: Any) -> dict[str, Any]:
    """An entry of "facts"; without lines it names the first."""
    entry = {
        "text": text,
        "title": text[:20],
        "kind": "other",
        "about": "user",
        "attribute": "",
        "from": "",
        "to": "",
        "tags": [],
        "questions": [],
        "lines": list(lines) or [1],
        "relations": [],
    }
    return entry | fields


def preference(text: str, *lines: int, **fields: Any) -> dict[str, Any]:
    """An entry of "preferences"; without lines it names the first."""
    entry = {
        "text": text,
        "topic": text[:20],
        "explicit": True,
        "reasoning": "said so",
        "holder": "user",
        "every_answer": False,
        "questions": [],
        "lines": list(lines) or [1],
        "relations": [],
    }
    return entry | fields


def relation(known: int, how: str, whole: bool = False) -> dict[str, Any]:
    """How an entry bears on a known memory."""
    return {"known": known, "how": how, "whole": whole}


def memories(*entries: dict[str, Any], repeated: Any = ()) -> dict[str, Any]:
    """An answer; what has `explicit` is a preference."""
    return {
        "facts": [entry for entry in entries if "explicit" not in entry],
        "preferences": [entry for entry in entries if "explicit" in entry],
        "repeated": list(repeated),
    }
