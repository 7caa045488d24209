"""Title, tags and day of a memory whose text changes: what only the old text says goes,
what was given by hand in other words stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from shared.domain.memory import Kind, Memory
from shared.language.dates import mentioned
from shared.language.phrases import distinct_tags, tags_of, title_of
from shared.language.words import terms

_STATEMENTS = frozenset((Kind.FACT, Kind.PREFERENCE))
"""Kinds whose titles are made of their texts."""


def renewed_title(memory: Memory, title: str, text: str) -> str:
    """`title`, or that of the new text where it says what the text no longer says."""
    is_old = not title or _is_stale(title, memory.text, text)
    return title_of(_said(memory, text)) if _is_renewed(memory, text, is_old) else title


def renewed_tags(memory: Memory, tags: Iterable[str], text: str) -> tuple[str, ...]:
    """`tags` without those that only the old text says, with those of the new one. The
    tags of preferences are not made of their words and stay.
    """
    if memory.kind is not Kind.FACT or text == memory.text:
        return tuple(tags)
    current = [tag for tag in tags if not _is_stale(tag, memory.text, text)]
    return distinct_tags([*current, *tags_of(_said(memory, text))])


def renewed_day(memory: Memory, text: str, at: int) -> int:
    """When happened what the new text says (epoch milliseconds): as before where it names
    the same days as the old one, else at noon (UTC) of the first day that it names, and
    where it names none when it was said. `at`: when it was changed; "tomorrow" counts
    from there.
    """
    if _named_days(text, memory.said_at) == _named_days(memory.text, memory.said_at):
        return memory.happened_at
    days = _named_days(text, at)
    return _noon(days[0][0]) if days else memory.said_at


def named_day(text: str, at: datetime) -> int:
    """Noon (UTC) of the first day that a text names, epoch milliseconds; `at`, when it is
    said, where it names none.
    """
    days = mentioned(text, at)
    return _noon(days[0][0]) if days else round(at.timestamp() * 1000)


def _noon(day: date) -> int:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return round(noon.timestamp() * 1000)


def _named_days(text: str, at: int) -> list[tuple[date, date]]:
    return mentioned(text, datetime.fromtimestamp(at / 1000, UTC))


def _is_renewed(memory: Memory, text: str, is_old: bool) -> bool:
    return is_old and memory.kind in _STATEMENTS and text != memory.text


def _said(memory: Memory, text: str) -> str:
    """The text without the name of who said it."""
    for colon in (": ", "："):
        text = text.removeprefix(f"{memory.speaker}{colon}") if memory.speaker else text
    return text


def _is_stale(words: str, old: str, new: str) -> bool:
    """Whether some of the words are in the old text and no longer in the new one, in
    whatever form.
    """
    if words.lower() in old.lower() and words.lower() not in new.lower():
        return True
    return bool(set(terms(words)) & (set(terms(old)) - set(terms(new))))
