"""What is known since a memory was told: its text with a note behind each clause that a
newer memory makes outdated.

The notes are not stored with the text but made when it is shown, from the memories that
they quote: what is deleted is quoted no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from shared.domain.memory import Memory, Status
from shared.domain.memory_detail import CHANGES
from shared.language.words import is_chinese

LONGEST = 160
"""Characters up to which a newer memory is quoted whole."""
TAIL = 24
"""Characters by which an outdated clause is recognised: a text that was edited since has no notes."""

_DATE = re.compile(r"[(（]([^()（）]*\b(?:19|20)\d\d(?:\b|年)[^()（）]*)[)）]\s*$")
_PREFIX = re.compile(r"^(?:User:\s|用户：|The user says:\s|用户说：|And )")


def newer_ids(memories: Iterable[Memory]) -> list[str]:
    """The ids of the memories that would be quoted."""
    return list(
        dict.fromkeys(
            change["by"]
            for memory in memories
            for change in memory.detail.get(CHANGES, ())
        )
    )


def with_news(memory: Memory, newer: Mapping[str, Memory]) -> Memory:
    """The memory as it is shown; of several changes at one place the one that was said
    last. `newer`: memories by id.
    """
    latest: dict[int, Mapping[str, Any]] = {}
    for change in sorted(
        memory.detail.get(CHANGES, ()), key=lambda each: int(each["said_at"])
    ):
        by = newer.get(change["by"])
        if (
            by is not None
            and by.status is Status.ACTIVATED
            and memory.text[: change["end"]].endswith(change["was"])
        ):
            latest[change["end"]] = change
    text = memory.text
    for end in sorted(latest, reverse=True):
        text = f"{text[:end]}{_note(latest[end], newer[latest[end]['by']], is_chinese(memory.text))}{text[end:]}"
    return replace(memory, text=text) if latest else memory


def _note(change: Mapping[str, Any], by: Memory, chinese: bool) -> str:
    dated = _DATE.search(by.text)
    news = _PREFIX.sub("", _DATE.sub("", by.text).strip()).rstrip(".。 ")
    if len(news) > LONGEST:
        news = by.text[slice(*change["part"])].strip() or news[:LONGEST]
    day = (
        dated[1]
        if dated and is_chinese(dated[1]) is chinese
        else _day(by.said_at, chinese)
        if by.said_at
        else ""
    )
    return (
        f"［{day}有变：{news}］" if chinese else f" [changed {day or 'later'}: {news}]"
    )


def _day(said_at: int, chinese: bool) -> str:
    day = datetime.fromtimestamp(said_at / 1000, UTC)
    return (
        f"{day.year}年{day.month}月{day.day}日" if chinese else f"{day.day} {day:%B %Y}"
    )
