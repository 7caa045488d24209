"""A memory's text with other words for some of its own. The date that is written beside a
relative day goes with the words for that day (`shared.language.dates`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.language.calendar import written_date
from shared.language.date_mention import Mention
from shared.language.dates import mentions
from shared.language.lexical import WRITTEN_DATE

Span = tuple[int, int]
_POSSESSIVES = ("'s", "’s")


def replaced_words(
    text: str, pattern: re.Pattern[str], new: str, said_at: datetime
) -> str:
    """The text with `new` for all that the pattern finds. A date beside a day that other
    words name now is written anew. "Tomorrow" counts from when the text was said, for the
    sentence stays one of that time.
    """
    plain = _without_dates_beside(text, pattern, said_at)
    changed, places, last = "", list[Span](), 0
    for match in pattern.finditer(plain):
        changed += plain[last : match.start()] + new
        places.append((len(changed) - len(new), len(changed)))
        last = match.end()
    return _with_dates_beside(changed + plain[last:], places, said_at)


def _without_dates_beside(
    text: str, pattern: re.Pattern[str], said_at: datetime
) -> str:
    """The text without the dates beside days that the pattern finds, unless it finds
    something of the date too: that is replaced with it.
    """
    places = [match.span() for match in pattern.finditer(text)]
    for end, mention in reversed(list(_within(text, places, said_at))):
        beside = WRITTEN_DATE.match(text, end) if mention.said else None
        if beside is not None and not _meets(beside.span(), places):
            text = text[: beside.start()] + text[beside.end() :]
    return text


def _with_dates_beside(text: str, places: Sequence[Span], said_at: datetime) -> str:
    """The text with the dates of the relative days in these places."""
    for end, mention in reversed(list(_within(text, places, said_at))):
        if mention.said and not _has_note(text[end:], said_at):
            text = text[:end] + mention.said + text[end:]
    return text


def _within(
    text: str, places: Sequence[Span], said_at: datetime
) -> Iterator[tuple[int, Mention]]:
    """The days that are named in these places, each with where a date stands beside it:
    "today's (10 May 2025) meeting".
    """
    for mention in mentions(text, said_at.date()):
        if _meets((mention.start, mention.end), places):
            is_possessive = text.startswith(_POSSESSIVES, mention.end)
            yield mention.end + 2 * is_possessive, mention


def _has_note(rest: str, said_at: datetime) -> bool:
    """Whether what follows stands in brackets, other than the day at the end of a memory
    on which it was said.
    """
    ends = (f"({written_date(said_at, False)})", f"（{written_date(said_at, True)}）")
    return rest[:2].lstrip()[:1] in ("(", "（") and rest.strip() not in ends


def _meets(span: Span, places: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in places)
