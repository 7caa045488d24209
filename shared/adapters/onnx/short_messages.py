"""Short messages of people: whether a few words tell news or only chat.

The message model takes news without "I" in them for small talk by their tone: "Offer
accepted!", 驾照考过啦, "jetzt offiziell geschieden". Its labels together with the vector
of the message tell them apart (a linear model, `python -m training.train_short`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.weights import Floats
from shared.domain.message_reading import Reading, Utterance
from shared.language.sentences import is_question, last_questions, sentences
from shared.language.words import word_count
from shared.ports import Embedder, MessageReader

LONGEST = 12
"""Words of a short message; two characters of a script without spaces are one."""
WORTH_KEEPING, SMALL_TALK, REQUEST = "worth_keeping", "small_talk", "request"
NEWS, CHAT = 0.4, 0.1
"""Probability of news from which a message is worth keeping, and below which it is not. A
statement that is lost is worse than a remark that is kept: of 955 very short messages by
another hand, .5 keeps 87 % of the news and 4 % of the chat, .4 keeps 91 % and 6 %.
"""
ASKS = 0.5
SURELY_ASKS, SURELY_NEWS = 0.95, 0.95
"""Probability of a request from which a message is one, unless it tells news for sure: the
message model takes "dentist appointment tomorrow at 8" for a request. Of 97 short messages that
it is sure of, 33 hold something worth keeping; 17 are news so sure, 16 of them rightly.
"""
VECTOR_SCALE, LOGIT_SCALE = 20.0, 0.5
"""Make the parts of the features about equally large, so that one penalty suits both."""
LEAST = 1e-4
"""Probabilities are this far from 0 and 1, at least."""
WEIGHTS = "short.npz"


class ShortMessageReader:
    """The MessageReader port on another one: what that says of short messages, revised."""

    def __init__(
        self, reader: MessageReader, embedder: Embedder, place: Path | None = None
    ) -> None:
        self._reader, self._embedder = reader, embedder
        with np.load((place or model_folder("message")) / WEIGHTS) as saved:
            self._labels = [str(label) for label in saved["labels"]]
            self._weights: Floats = saved["weights"]
            self._is_fitting = str(saved["embedder"]) == embedder.name

    async def read(
        self, messages: Sequence[Utterance], *, urgent: bool = False
    ) -> list[Reading]:
        """The readings, in order. With an embedder that the weights are not for, those of
        the other reader.
        """
        readings = await self._reader.read(messages, urgent=urgent)
        places = [
            place
            for place, (said, reading) in enumerate(
                zip(messages, readings, strict=True)
            )
            if self._is_fitting and is_short(said) and not asks(said, reading)
        ]
        if places:
            texts = [messages[place].text for place in places]
            vectors = np.asarray(await self._embedder.passages(texts), np.float32)
            read = [readings[place] for place in places]
            likely = self._likely(vectors, read)
            for place, news in zip(places, likely, strict=True):
                readings[place] = revised(messages[place], readings[place], news)
        return readings

    def _likely(self, vectors: Floats, readings: Sequence[Reading]) -> list[float]:
        logits = features(vectors, readings, self._labels) @ self._weights
        return [float(p) for p in 1 / (1 + np.exp(-logits))]


def is_short(said: Utterance) -> bool:
    """Whether it is a short message of a person, and no plain question."""
    return (
        said.role == "user"
        and 0 < word_count(said.text) <= LONGEST
        and not is_question(said.text)
    )


def asks(said: Utterance, reading: Reading) -> bool:
    """Whether a message asks for something, as it was read."""
    asked = max(reading.likely(label) for label in ("question", "instruction"))
    ordered = max(reading.likely(f"order_{what}") for what in ("forget", "remember"))
    return max(asked, ordered) >= ASKS


def revised(said: Utterance, reading: Reading, news: float) -> Reading:
    """A reading in the light of how likely the message tells news. Little is left out
    only where nothing was asked before: a short answer says much.
    """
    labels = dict(reading.labels)
    if reading.likely(REQUEST) >= SURELY_ASKS:
        if news < SURELY_NEWS:
            return reading
        labels[REQUEST] = 1 - news
    if news >= NEWS:
        labels[WORTH_KEEPING] = max(news, reading.likely(WORTH_KEEPING))
        labels[SMALL_TALK] = min(1 - news, reading.likely(SMALL_TALK))
        return replace(reading, labels=labels)
    if news < CHAT and not last_questions(sentences(said.previous)):
        labels[WORTH_KEEPING] = min(news, reading.likely(WORTH_KEEPING))
        return replace(reading, labels=labels, parts=())
    return reading


def features(
    vectors: Floats, readings: Sequence[Reading], labels: Sequence[str]
) -> Floats:
    """(messages, size + labels + 1): the vectors, the logits of the labels, a one."""
    rows = [[reading.likely(label) for label in labels] for reading in readings]
    likely = np.clip(np.asarray(rows, np.float32), LEAST, 1 - LEAST)
    logits = np.log(likely / (1 - likely))
    ones = np.ones((len(readings), 1), np.float32)
    return np.hstack([vectors * VECTOR_SCALE, logits * LOGIT_SCALE, ones])
