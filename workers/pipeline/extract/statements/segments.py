"""Turns in stretches that a reader can read at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.message_reading import Utterance
from shared.language.sentences import sentence_spans
from workers.pipeline.extract.speech.turns import Turn, is_persons

SEGMENT = 900
"""Characters of a turn that are read at once, about 250 tokens; Chinese ones count
thrice.
"""
PREVIOUS = 120
"""Characters of the turn before that are read with a turn, at most; about as many as in
the data of the training.
"""
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PIECE = re.compile(r"[^\s,，、;；]*[\s,，、;；]*")


@dataclass(frozen=True, slots=True)
class Segment:
    """What is read at once: `text` stands at `start` in the turn of that number."""

    turn: int
    start: int
    text: str
    utterance: Utterance


def segments_of(number: int, turn: Turn, before: Turn | None) -> Iterator[Segment]:
    """The segments of a turn in order. `before`: the turn before it, if any."""
    previous = _said_before(before) if before is not None else ""
    role, text = role_of(turn), turn.text
    spans: list[tuple[int, int]] = []
    for span in sentence_spans(text):
        spans += _cut(text, *span)
    start, size = 0, 0
    for (first, last), following in zip(spans, [*spans[1:], None], strict=False):
        if not size:
            start = first
        size += _size(text[first:last])
        if following is None or size + _size(text[slice(*following)]) > SEGMENT:
            segment = text[start:last]
            yield Segment(number, start, segment, Utterance(segment, role, previous))
            previous, size = "", 0


def role_of(turn: Turn) -> str:
    """As whose words the reader takes a turn: whoever has a name speaks as a user does, also
    where a talk of two people is sent as one of a user and an assistant.
    """
    return "user" if is_persons(turn) else turn.message.role


def _said_before(before: Turn) -> str:
    """The end of the turn before: what a short answer leans on."""
    text = before.text
    start = 0
    for start, _ in reversed(sentence_spans(text)):
        if _size(text[start:]) > PREVIOUS // 2:
            break
    end = text[max(start, len(text) - PREVIOUS) :].strip()
    return f"{before.message.role}: {end}"


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence in stretches that can be read whole, cut behind a comma or a space where
    there is one: some people dictate and never stop.
    """
    first, size = start, 0
    for piece in _PIECE.finditer(text, start, end):
        own = _size(piece[0])
        if size and size + own > SEGMENT:
            yield first, piece.start()
            first, size = piece.start(), 0
        size += own
        while size > SEGMENT:  # one word, or Chinese without a comma
            yield first, first + SEGMENT // 3
            first += SEGMENT // 3
            size = _size(text[first : piece.end()])
    if first < end:
        yield first, end


def _size(text: str) -> int:
    return len(text) + 2 * len(CJK.findall(text))
