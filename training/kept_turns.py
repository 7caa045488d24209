"""Turns of talks that answer a question, as messages of which something is kept.

What messages are was written down sentence by sentence, for messages that stand alone. In a talk of
friends a statement stands between thanks and questions back; a model that only learned what states
nothing forgot such turns. That a later question is answered by them shows that they state something;
which words do, the model that is gone on from says itself, so that it keeps what it knows (Hinton
and others, "Distilling the Knowledge in a Neural Network", 2015, https://arxiv.org/abs/1503.02531).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Iterator

from shared.adapters.onnx.classifier import OnnxMessageReader
from shared.domain.message_reading import KeptPart, Reading, Utterance
from training.data import LABELS, Message, Part, Talk

NUMBER = 2400
"""So many are learned from: a quarter of all messages."""
KINDS = frozenset("friends couple team assistant tutor coach support".split())
"""Talks in which somebody speaks to somebody."""
LIKELY = 0.5
"""Probability from which a label is taken over."""


def kept_turns(
    talks: Iterable[Talk], reader: OnnxMessageReader, number: int = NUMBER
) -> list[Message]:
    """At most so many, picked by a hash of their words, so that the same data gives the same
    ones; none of which the reader keeps nothing.
    """
    said = sorted(_answering(talks), key=_drawn)[:number]
    utterances = [
        Utterance(role=role, text=text, previous=previous)
        for _, role, text, previous, _ in said
    ]
    readings = asyncio.run(reader.read(utterances))
    return [
        _message(turn, reading)
        for turn, reading in zip(said, readings, strict=True)
        if reading.parts
    ]


_Said = tuple[str, str, str, str, str]
"""Language, role, text, the turn before, where it is from."""


def _answering(talks: Iterable[Talk]) -> Iterator[_Said]:
    for talk in talks:
        if talk.kind not in KINDS:
            continue
        answering = {place for asked in talk.questions for place in asked.evidence}
        for place in sorted(answering):
            before = talk.turns[place - 1] if place else None
            previous = f"{_role(talk, before.speaker)}: {before.text}" if before else ""
            role = _role(talk, talk.turns[place].speaker)
            yield talk.language, role, talk.turns[place].text, previous, talk.source


def _role(talk: Talk, speaker: str) -> str:
    """Of two people the first speaks as the user, as in `tests.benchmarks.unseen_talks`."""
    if speaker in ("user", "assistant"):
        return speaker
    return "user" if speaker == talk.turns[0].speaker else "assistant"


def _drawn(said: _Said) -> bytes:
    return hashlib.sha256(said[2].encode()).digest()


def _message(said: _Said, reading: Reading) -> Message:
    language, role, text, previous, source = said
    labels = frozenset(name for name in LABELS if reading.likely(name) >= LIKELY)
    parts = tuple(map(_part, reading.parts))
    about = max(reading.about, key=lambda name: reading.about[name])
    return Message(language, role, text, previous, labels, about, parts, source)


def _part(kept: KeptPart) -> Part:
    return Part(kept.start, kept.end, kept.kind, kept.owner)
