"""A talk as the numbered lines that a model reads, with where each came from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from shared.domain.memory import Origin
from shared.domain.message import Message
from shared.domain.passage import Talk
from shared.jobs.clock import milliseconds
from shared.language.sentences import joined, sentences
from shared.language.token_estimate import tokens
from workers.pipeline.extract.facts.condense import condense
from workers.pipeline.extract.speech.speakers import known_speakers
from workers.pipeline.extract.speech.turns import Turn, is_persons, turns_of

LINE_TOKENS = 700
"""Tokens of a line; a longer turn is several lines, cut between sentences."""
BEFORE = 4
"""Messages before a stretch of talk that are shown with it, so that it is understood."""
BEFORE_TOKENS = 300
"""Tokens of each of those; of a longer one its end."""
LABELS_OF_SPEAKER = 2
"""Lines with the same label from which it is somebody's name."""
_LABEL_END = re.compile("[:：]")
_CHARACTERS_PER_TOKEN = 4
"""The most that a token of any script has; see `token_estimate`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that the model reads, and where it came from."""

    text: str
    """What the model is shown, without the number."""
    said: str
    """The words alone."""
    origin: Origin
    speaker: str = ""
    is_persons: bool = True
    """Whether a person says it for themselves, not the assistant or a quoted text."""
    said_at: int = 0
    """Epoch milliseconds; 0 when unknown."""


def lines_of(messages: Sequence[Message], before: Sequence[Message] = ()) -> list[Line]:
    """A line for each turn in which somebody says something new, several for a long one.

    An assistant's long answer is condensed, unless somebody replies to it: then they may
    speak of any part of it.
    """
    speakers = _speakers((*before, *messages))
    turns: list[Turn] = []
    for message in messages:
        turns += turns_of(message, speakers)
    lines: list[Line] = []
    for place, turn in enumerate(turns):
        is_answered = any(is_persons(later) for later in turns[place + 1 :])
        lines += _turn_lines(turn, is_answered)
    return lines


def lines_before(talk: Talk) -> list[str]:
    """What was said before a talk, as it is shown: whole, or its end."""
    lines = lines_of(talk.before)
    return [_end_of(line.text, BEFORE_TOKENS) for line in lines[-BEFORE:]]


def stretches(talk: Talk, limit: int) -> Iterator[Talk]:
    """The talk in stretches of about `limit` tokens, each with the messages before it."""
    said = (*talk.before, *talk.messages)
    first = len(talk.before)
    size = 0
    for place in range(first, len(said)):
        length = tokens(said[place].text)
        if place > first and size + length > limit:
            yield _part(talk, said[first:place], said[:first])
            first, size = place, 0
        size += length
    yield _part(talk, said[first:], said[:first])


def _part(talk: Talk, messages: Sequence[Message], before: Sequence[Message]) -> Talk:
    return replace(talk, messages=tuple(messages), before=tuple(before[-BEFORE:]))


def in_groups(lines: Sequence[Line], limit: int) -> Iterator[Sequence[Line]]:
    """Lines in order, in groups of about `limit` tokens: one message may be longer than
    a model reads at once.
    """
    first, size = 0, 0
    for place, line in enumerate(lines):
        length = tokens(line.text)
        if place > first and size + length > limit:
            yield lines[first:place]
            first, size = place, 0
        size += length
    yield lines[first:]


def _speakers(messages: Sequence[Message]) -> frozenset[str]:
    """Whom a plain label means: names that the sender gives, and those that stand before
    several lines. ("Booked: ..." once is nobody; a model reads it as it is.)
    """
    openings: Counter[str] = Counter()
    for message in messages:
        for line in message.text.lower().splitlines():
            openings[_LABEL_END.split(line, maxsplit=1)[0].strip(" *")] += 1
    given = {message.speaker.lower() for message in messages}
    return frozenset(
        name
        for name in known_speakers(messages)
        if name in given or openings[name] >= LABELS_OF_SPEAKER
    )


def _turn_lines(turn: Turn, is_answered: bool) -> Iterator[Line]:
    whole = is_persons(turn) or is_answered
    text = turn.text if whole else condense(turn.text)
    if tokens(text) <= LINE_TOKENS:
        yield from [_line(turn, text)] if text.strip() else []
        return
    held: list[str] = []
    for sentence in sentences(text):
        for part in _cut(sentence):
            if held and tokens(joined([*held, part])) > LINE_TOKENS:
                yield _line(turn, joined(held))
                held = []
            held.append(part)
    if held:
        yield _line(turn, joined(held))


def _cut(sentence: str) -> Iterator[str]:
    """A sentence in pieces that fit into a line: texts without any full stop exist."""
    size = LINE_TOKENS if tokens(sentence) > len(sentence) / 2 else 0
    size = size or LINE_TOKENS * _CHARACTERS_PER_TOKEN
    for start in range(0, len(sentence), size):
        yield sentence[start : start + size]


def _line(turn: Turn, words: str) -> Line:
    message = turn.message
    said = " ".join(words.split())
    speaker: str = message.role
    if turn.speaker:
        speaker = f"{message.role} / {turn.speaker}"
    if turn.is_quoted and not turn.is_mixed:
        speaker = f"{turn.speaker or 'somebody'}, quoted by the {message.role}"
    return Line(
        text=f"{speaker} ({message.spoken_at:%Y-%m-%d %H:%M, %A}): {said}",
        said=said,
        origin=Origin(message_ids=(message.id,)),
        speaker=turn.speaker,
        is_persons=is_persons(turn) or turn.is_mixed,
        said_at=milliseconds(message.spoken_at),
    )


def _end_of(text: str, limit: int) -> str:
    if tokens(text) <= limit:
        return text
    size = limit if tokens(text) > len(text) / 2 else limit * _CHARACTERS_PER_TOKEN
    head, _, _ = text.partition(": ")
    return f"{head}: ... {text[-size:]}"
