"""What a model notes beside the passages of documents, which are kept word for word: a
title, tags, and words by which they are found and which are not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from shared.domain.extraction import Draft
from shared.domain.memory_detail import QUESTIONS, SUMMARY

MAX_QUESTIONS = 6
MAX_TAGS = 6
LONGEST_NOTE = 300
"""Characters of a title, a summary or a question."""


def with_notes(draft: Draft, notes: dict[str, Any]) -> Draft:
    """The draft of a passage with what a model noted; nothing that is none is taken."""
    title, summary = _note(notes.get("title")), _note(notes.get("summary"))
    questions = _notes(notes.get("questions"))[:MAX_QUESTIONS]
    tags = dict.fromkeys((*_notes(notes.get("tags"))[:MAX_TAGS], *draft.tags))
    detail = {**draft.detail, QUESTIONS: questions, SUMMARY: summary}
    return replace(
        draft,
        title=title or draft.title,
        tags=tuple(tags),
        detail={key: value for key, value in detail.items() if value},
    )


def numbered(entries: object) -> dict[int, dict[str, Any]]:
    """The notes of an answer by the numbers of their passages."""
    notes: dict[int, dict[str, Any]] = {}
    for entry in entries if isinstance(entries, list) else ():
        number = entry.get("passage") if isinstance(entry, dict) else None
        if isinstance(number, int | str) and str(number).isdigit():
            notes.setdefault(int(number), entry)
    return notes


def _notes(given: object) -> list[str]:
    texts: Sequence[object] = given if isinstance(given, list) else ()
    return list(filter(None, map(_note, texts)))


def _note(given: object) -> str:
    return " ".join(given.split())[:LONGEST_NOTE] if isinstance(given, str) else ""
