"""The entries of a model's answer as drafts. Nothing that can be used is dropped, and
what is dropped is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.extraction import Bears, Draft, Relation
from shared.domain.memory import EVERY_ANSWER, Memory, Origin, Type
from shared.domain.memory_detail import (
    ABOUT,
    ASPECT,
    NOTES,
    PRESENT,
    QUESTIONS,
    TOPIC,
    UNTIL,
    Aspect,
)
from shared.jobs.clock import milliseconds
from shared.language.words import terms
from workers.pipeline.extract.model.lines import Line
from workers.pipeline.extract.model.schema import ASPECTS, ASSISTANT_SAID

LONGEST_TEXT = 1200
"""Characters of a memory; a longer one is no memory but a copy of what was read, or a
model that repeats itself.
"""
LONGEST_TITLE = 60
LONGEST_CONTEXT = 1000
MAX_TAGS = 6
MAX_QUESTIONS = 4
LONGEST_QUESTION = 200
CLEAR = 0.3
"""Share of a memory's words that stand in a line at which it was read there, where the
model names none that exists.
"""
USER = "user"
"""Whom a memory is about, or whose wish it is, where no name stands."""

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_MOST_DIGITS = 10
"""Digits that no number of a line or a memory has."""
_NOON = 12
_DECEMBER = 12
_TYPES = {Aspect.PROFILE: Type.USER, Aspect.OPINION: Type.LONG_TERM}
"""Of facts by their aspect; of all others it is `Type.WORKING`."""
_CHANGING = (Bears.UPDATES, Bears.ENDS, Bears.CORRECTS)

Entry = Mapping[str, Any]
Known = Memory | Draft
"""What a number of "known" stands for: a memory, or a draft of the same job."""


@dataclass(slots=True)
class ReadMemories:
    """The drafts of an answer, and what became of the rest."""

    drafts: list[Draft] = field(default_factory=list)
    dropped: int = 0
    """Entries without text, without a line that they could come from, or endless."""
    lines: set[Origin] = field(default_factory=set)
    """Where something was read."""


def read_memories(
    value: Entry, lines: Sequence[Line], recalled: Sequence[Known]
) -> ReadMemories:
    """The memories of an answer, each once, in its order: facts, preferences, what is
    repeated.
    """
    reader = _Reader(lines, recalled, _first_number(value, len(lines)))
    read = ReadMemories()
    seen: set[str] = set()
    for name, make in (("facts", reader.fact), ("preferences", reader.preference)):
        for entry in _entries(value, name):
            text = _text(entry, "text")
            if text in seen:
                continue
            source = reader.lines_of(entry, text)
            if not text or len(text) > LONGEST_TEXT or not source:
                read.dropped += 1
                continue
            seen.add(text)
            read.lines.update(line.origin for line in source)
            read.drafts += reader.without_echo(make(entry, text, source), source)
    for entry in _entries(value, "repeated"):
        read.drafts += reader.repeated(entry)
        source = reader.lines_of(entry, "")
        read.lines.update(line.origin for line in source)
    return read


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads entries against the lines and the known memories that the model was shown."""

    lines: Sequence[Line]
    recalled: Sequence[Known]
    offset: int
    """What is added to the numbers of lines: 1 where the model counts from 0."""

    def fact(self, entry: Entry, text: str, source: Sequence[Line]) -> Draft:
        """An entry of "facts"."""
        aspect = ASPECTS.get(str(entry.get("kind")), Aspect.OTHER)
        about = _text(entry, "about") or USER
        attribute = _attribute(entry)
        draft = self._draft(entry, text, source)
        title = _text(entry, "title") or text
        said = " ".join(line.said for line in source)
        return replace(
            draft,
            context=said[:LONGEST_CONTEXT],
            type=_TYPES.get(aspect, Type.WORKING),
            title=title[:LONGEST_TITLE],
            confidence=0.7 if entry.get("kind") == ASSISTANT_SAID else 0.9,
            subject=f"{about}.{attribute}" if attribute else "",
            detail={**draft.detail, ASPECT: aspect.value, ABOUT: about},
        )

    def preference(self, entry: Entry, text: str, source: Sequence[Line]) -> Draft:
        """An entry of "preferences"; what another person likes is a fact about them."""
        draft = self._draft(entry, text, source)
        holder, topic = _text(entry, "holder") or USER, _text(entry, "topic")
        detail = {**draft.detail, ABOUT: holder, TOPIC: topic}
        if holder.lower() not in (USER, source[0].speaker.lower(), "用户", "the user"):
            opinion = {**detail, ASPECT: Aspect.OPINION.value}
            title = (topic or text)[:LONGEST_TITLE]
            return replace(draft, type=Type.LONG_TERM, title=title, detail=opinion)
        is_explicit = entry.get("explicit") is True
        is_standing = entry.get("every_answer") is True
        return replace(
            draft,
            type=Type.EXPLICIT if is_explicit else Type.IMPLICIT,
            title=(topic or text)[:LONGEST_TITLE],
            reasoning=_text(entry, "reasoning"),
            tags=(EVERY_ANSWER,) if is_standing else (),
            detail=detail,
        )

    def repeated(self, entry: Entry) -> Iterator[Draft]:
        """A known memory that a person tells again, in its own words."""
        recalled = self._known(entry.get("known"))
        source = [line for line in self.lines_of(entry, "") if line.is_persons]
        if not isinstance(recalled, Memory) or not source:
            return
        detail = {
            key: value
            for key, value in recalled.detail.items()
            if key not in (*NOTES, PRESENT)
        }
        yield replace(
            self._draft({}, recalled.text, source),
            type=recalled.type,
            title=recalled.title,
            tags=recalled.tags,
            confidence=recalled.confidence,
            reasoning=recalled.reasoning,
            detail=detail,
            happened_at=recalled.happened_at,
            relations=(Relation(Bears.SAME, recalled.id),),
        )

    def without_echo(self, draft: Draft, source: Sequence[Line]) -> Iterator[Draft]:
        """What an assistant alone says changes nothing that is known, and repeats it for
        nobody: it plans, quotes and gets things wrong.
        """
        if any(line.is_persons for line in source):
            yield draft
        elif not any(relation.bears is Bears.SAME for relation in draft.relations):
            unchanging = [r for r in draft.relations if r.bears not in _CHANGING]
            yield replace(draft, relations=tuple(unchanging))

    def lines_of(self, entry: Entry, text: str) -> list[Line]:
        """The lines that an entry names; where none of them exists, the one with most of
        the words, if it is clear that it was read there.
        """
        numbers = [number + self.offset for number in _numbers(entry.get("lines"))]
        named = [
            self.lines[number - 1]
            for number in dict.fromkeys(numbers)
            if 1 <= number <= len(self.lines)
        ]
        if named or len(self.lines) == 1:
            return named or list(self.lines)
        words = set(terms(text))
        shared = [len(words & set(terms(line.said))) for line in self.lines]
        best = max(shared, default=0)
        if not best or best < CLEAR * len(words):
            return []
        return [self.lines[shared.index(best)]]

    def _draft(self, entry: Entry, text: str, source: Sequence[Line]) -> Draft:
        """What facts and preferences have in common."""
        said_at = max(line.said_at for line in source)
        first, last = _period(_text(entry, "from"), _text(entry, "to"))
        return Draft(
            type=Type.WORKING,
            text=text,
            tags=_tags(entry.get("tags")),
            origins=tuple(dict.fromkeys(line.origin for line in source)),
            speaker=source[0].speaker,
            happened_at=first or said_at,
            said_at=said_at,
            detail=_detail(entry, last),
            relations=tuple(self._relations(entry)),
            compared=tuple(m.id for m in self.recalled if isinstance(m, Memory)),
            tagged=True,
        )

    def _relations(self, entry: Entry) -> Iterator[Relation]:
        for relation in _entries(entry, "relations"):
            recalled = self._known(relation.get("known"))
            how = str(relation.get("how"))
            if recalled is None or how not in set(Bears):
                continue
            whole = relation.get("whole") is True
            if isinstance(recalled, Memory):
                yield Relation(Bears(how), memory=recalled.id, whole=whole)
            else:
                yield Relation(Bears(how), text=recalled.text, whole=whole)

    def _known(self, number: object) -> Known | None:
        numbers = _numbers([number])
        if numbers and 1 <= numbers[0] <= len(self.recalled):
            return self.recalled[numbers[0] - 1]
        return None


def _first_number(value: Entry, count: int) -> int:
    """1 where the model has numbered the lines from 0: it names a line 0, and none of
    the last number.
    """
    named: set[int] = set()
    for name in ("facts", "preferences", "repeated"):
        for entry in _entries(value, name):
            named.update(_numbers(entry.get("lines")))
    return int(0 in named and max(named) < count)


def _entries(value: Entry, name: str) -> list[Entry]:
    entries = value.get(name)
    if not isinstance(entries, list):
        return []
    return [entry for entry in entries if isinstance(entry, dict)]


def _text(entry: Entry, name: str) -> str:
    text = entry.get(name)
    return " ".join(text.split()) if isinstance(text, str) else ""


def _numbers(given: object) -> list[int]:
    """Whole numbers, however they are written: 3, "3", "line 3", 3.0."""
    values = given if isinstance(given, list) else [given]
    digits = [re.search(r"-?\d+", str(value)) for value in values]
    return [int(m[0]) for m in digits if m is not None and len(m[0]) < _MOST_DIGITS]


def _tags(given: object) -> tuple[str, ...]:
    tags = given if isinstance(given, list) else []
    texts = [str(tag).strip() for tag in tags if isinstance(tag, str | int)]
    return tuple(dict.fromkeys(filter(None, texts)))[:MAX_TAGS]


def _detail(entry: Entry, until: int) -> dict[str, Any]:
    given = entry.get("questions")
    texts = given if isinstance(given, list) else []
    questions = [
        q[:LONGEST_QUESTION] for q in texts if isinstance(q, str) and q.strip()
    ]
    detail = {UNTIL: until, QUESTIONS: questions[:MAX_QUESTIONS]}
    return {key: value for key, value in detail.items() if value}


def _attribute(entry: Entry) -> str:
    words = _text(entry, "attribute").lower()
    return re.sub(r"\W+", "_", words).strip("_")


def _period(first: str, last: str) -> tuple[int, int]:
    """Noon of the first and of the last day of "2026", "2026-05" or "2026-05-08", epoch
    milliseconds; 0 where there is none. A single month or year is a period.
    """
    start = _days(first)
    end = _days(last) or start
    if start is None or end is None:
        return 0, 0
    until = milliseconds(end[1])
    return milliseconds(start[0]), until if until > milliseconds(start[0]) else 0


def _days(text: str) -> tuple[datetime, datetime] | None:
    match = _DAY.match(text)
    if match is None:
        return None
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        first = datetime(year, month or 1, day or 1, _NOON, tzinfo=UTC)
        if day:
            return first, first
        next_year = year + 1 if not month or month == _DECEMBER else year
        next_month = month % _DECEMBER + 1 if month else 1
        after = datetime(next_year, next_month, 1, _NOON, tzinfo=UTC)
    except ValueError:
        return None
    return first, after - timedelta(days=1)
