"""Notes on what has changed since a memory was made, behind each clause of its text that
a newer memory makes outdated: "[changed ...]" where that is sure, else "[later ...]".

The notes are not stored with the text but made when it is returned, from the memories
that they quote: what is deleted is quoted no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Any

from shared.domain.memory import Memory, Status
from shared.domain.memory_detail import CHANGES, LIKELY_CHANGES
from shared.language.calendar import written_date
from shared.language.words import is_chinese

QUOTED_WHOLE = 160
"""Characters up to which a newer memory is quoted whole."""
TAIL = 24
"""Characters by which an outdated clause is recognised: a text that was edited since has no notes."""

AS_LIKELY = 0.02
"""By how much less likely a later change may be than an earlier one at the same place and
is quoted instead of it.
"""
Note = tuple[Mapping[str, Any], bool]
"""What is noted, and whether it surely is a change."""

_DATE = re.compile(r"[(（]([^()（）]*\b(?:19|20)\d\d(?:\b|年)[^()（）]*)[)）]\s*$")
_PREFIX = re.compile(r"^(?:User:\s|用户：|The user says:\s|用户说：|And )")


def newer_ids(memories: Iterable[Memory]) -> list[str]:
    """The ids of the memories that would be quoted."""
    ids: dict[str, None] = {}
    for memory in memories:
        for change, _ in _notes(memory):
            ids[change["by"]] = None
    return list(ids)


def with_news(
    memory: Memory,
    newer: Mapping[str, Memory],
    zone: tzinfo,
    hidden: Mapping[str, int] = MappingProxyType({}),
) -> Memory:
    """The memory as it is returned; of several changes at one place the one that was
    said last, unless one before it was surer. `newer`: memories by id,
    of which those of other owners are not quoted. `zone`: whose days are named.
    `hidden`: since when those say it that must not be quoted; of a sure change only that
    day is given.
    """
    latest: dict[int, Note] = {}
    for change, is_sure in sorted(_notes(memory), key=_said_at):
        by = newer.get(change["by"])
        is_hidden = is_sure and change["by"] in hidden
        is_quoted = by is not None and by.status is Status.ACTIVATED
        if not is_hidden and not (is_quoted and by and memory.may_quote(by)):
            continue
        end = change["end"]
        is_there = memory.text[:end].endswith(change["was"])
        if is_there and _counts_beside(latest.get(end), (change, is_sure)):
            latest[end] = change, is_sure
    if not latest:
        return memory
    text = memory.text
    chinese = is_chinese(memory.text)
    for end in sorted(latest, reverse=True):
        change, is_sure = latest[end]
        by = newer.get(change["by"])
        note = (
            _note(change, by, chinese, is_sure, zone)
            if by
            else _bare(hidden[change["by"]] or change["said_at"], chinese, zone)
        )
        text = f"{text[:end]}{note}{text[end:]}"
    return replace(memory, text=text)


def _notes(memory: Memory) -> Iterator[Note]:
    """What is noted of a memory, and whether it surely is a change."""
    for key, is_sure in ((LIKELY_CHANGES, False), (CHANGES, True)):
        for change in memory.detail.get(key, ()):
            yield change, is_sure


def _said_at(note: Note) -> int:
    return int(note[0]["said_at"])


def _counts_beside(earlier: Note | None, later: Note) -> bool:
    """Whether a later note takes an earlier one's place: a guess does not that of a
    sure change or of a better guess.
    """
    if earlier is None or later[1]:
        return True
    if earlier[1]:
        return False
    before, since = (float(note[0].get("likelihood", 0.0)) for note in (earlier, later))
    return since >= before - AS_LIKELY


def says_since(memory: Memory) -> int:
    """Since when a memory says what it says, epoch milliseconds: since it was changed by
    hand, where it was, not since it was said.
    """
    return max(memory.said_at, memory.valid_from)


def _bare(since: int, chinese: bool, zone: tzinfo) -> str:
    """That something has changed, where it must not be quoted."""
    day = _day(since, chinese, zone)
    return f"［{day or '后来'}有变］" if chinese else f" [changed {day or 'later'}]"


def _day(said_at: int, chinese: bool, zone: tzinfo) -> str:
    if not said_at:
        return ""
    return written_date(datetime.fromtimestamp(said_at / 1000, zone), chinese)


def _note(
    change: Mapping[str, Any], by: Memory, chinese: bool, is_sure: bool, zone: tzinfo
) -> str:
    dated = _DATE.search(by.text)
    quote = _PREFIX.sub("", _DATE.sub("", by.text).strip()).rstrip(".。 ")
    if len(quote) > QUOTED_WHOLE:
        quote = by.text[slice(*change["part"])].strip() or quote[:QUOTED_WHOLE]
    is_dated = dated and is_chinese(dated[1]) is chinese
    day = dated[1] if dated and is_dated else _day(says_since(by), chinese, zone)
    if chinese:
        return f"［{day or '后来'}{'有变' if is_sure else '又说'}：{quote}］"
    if is_sure:
        return f" [changed {day or 'later'}: {quote}]"
    return f" [later, {day}: {quote}]" if day else f" [later: {quote}]"
