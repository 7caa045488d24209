"""Which topic a text is nearest to: "my address" and "lives at 14 Birch Lane" share no
word, and a phone number is not far from either.

All figures are compared with each other and never with a fixed cosine, except by way of
`Topics.nearness`, which is 0 for texts that have as little in common as two topics have
on average: so any embedder will do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from shared.ports import Embedder

Floats = NDArray[np.float32]
NUMBER, PERSON = ">", "@"
"""Marks of a topic whose value is a number, of one that is a person."""
_MY = re.compile(
    r"^(?:my|meine?|mi|mis|mon|ma|mes|o meu|a minha|il mio|la mia|моя|мой|моё|мои|내)\s+|^(?:我的|私の)"
)
_OPENING = re.compile(
    r"^(?:(?:and|but|und|aber|et|mais|y|pero|e|ma)\s+)?(?:(?:the user['’]s|the|my|our|their|der|die|das"
    r"|mein\w*|unser\w*|el|la|le|les|los|las|mis?|mon|ma|mes|notre|il|mio|mia|o|a|meu|minha)\s+)*|^(?:用户|我|私)[的の]?",
    re.IGNORECASE,
)
"""Articles and "my" before the subject of a clause."""
_GOES_ON = re.compile(r"[a-zß-ÿа-яё-]")
"""A word that does not end yet."""
_BATCH = 16


@dataclass(frozen=True, slots=True)
class Topic:
    """How one topic is called, in several languages."""

    mark: str
    names: tuple[str, ...]
    code: str = ""
    parts: tuple[str, ...] = ()
    """Codes of the topics that it takes together."""


class Topics:
    """The topics in the vectors of one embedder."""

    def __init__(self, vectors: Floats) -> None:
        self._vectors = vectors
        sizes = [len(topic.names) for topic in topics()]
        self._of = np.repeat(np.arange(len(sizes)), sizes)
        similar = vectors @ vectors.T
        is_wide = np.array([bool(topic.parts) for topic in topics()])[self._of]
        different = self._of[:, None] != self._of[None, :]
        different &= ~(is_wide[:, None] | is_wide[None, :])  # near to their parts
        self._least = float(similar[different].mean())

    @property
    def listed(self) -> tuple[Topic, ...]:
        """The topics, in the order of their scores."""
        return topics()

    def scores(self, vectors: Floats) -> Floats:
        """For each text its similarity to each topic: that of the nearest name."""
        similar = vectors @ self._vectors.T
        result = np.full((len(vectors), len(topics())), -1.0, np.float32)
        for place in range(len(topics())):
            result[:, place] = similar[:, self._of == place].max(1)
        return result

    def nearness(self, cosines: Floats) -> Floats:
        """Cosines on a scale on which 0 is that of different topics, and 1 the same."""
        return np.asarray((cosines - self._least) / (1 - self._least), np.float32)


async def topics_of(embedder: Embedder) -> Topics:
    """The topics in an embedder's vectors; computed at first use."""
    computed = _computed()
    if embedder.name not in computed:
        computed[embedder.name] = Topics(await _vectors(embedder))
    return computed[embedder.name]


@cache
def topics() -> tuple[Topic, ...]:
    """The rows of `topics.txt`."""
    text = files(__package__).joinpath("topics.txt").read_text("utf-8")
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(_topic(row) for row in rows)


def marked(mark: str) -> list[int]:
    """The places of the topics with a mark."""
    return [place for place, topic in enumerate(topics()) if topic.mark == mark]


@cache
def parts_of(topic: int) -> list[int]:
    """The places of the topics that a wide one takes together."""
    parts = topics()[topic].parts
    return [place for place, other in enumerate(topics()) if other.code in parts]


def called_otherwise(text: str, topic: int) -> bool:
    """Whether a text begins with the name of another topic ("the rent is 940" for the
    salary); what people are called and the parts of the topic are no other.
    """
    own = [topic, *parts_of(topic)]
    opening = _OPENING.sub("", text, count=1).lower()
    named = {
        place
        for name, place in _short_names().items()
        if opening.startswith(name) and not _GOES_ON.match(opening[len(name) :])
    }
    return bool(named) and not named & set(own)


@cache
def _short_names() -> dict[str, int]:
    """The topics by their names of one word, without "my"; no people."""
    names: dict[str, int] = {}
    for place, topic in enumerate(topics()):
        bare = [_MY.sub("", name.lower()) for name in topic.names]
        if topic.mark != PERSON and not topic.parts:
            names |= {name: place for name in bare if " " not in name}
    return names


def _topic(row: str) -> Topic:
    head, names = row.split(":", 1)
    mark = head[0] if head[0] in (NUMBER, PERSON) else ""
    code, _, parts = head.removeprefix(mark).partition("=")
    called = tuple(name.strip() for name in names.split(" / "))
    return Topic(mark, called, code.strip(), tuple(parts.split()))


async def _vectors(embedder: Embedder) -> Floats:
    names = list(chain.from_iterable(topic.names for topic in topics()))
    vectors: list[tuple[float, ...]] = []
    for start in range(0, len(names), _BATCH):
        vectors += await embedder.passages(names[start : start + _BATCH])
    return np.array(vectors, np.float32)


@cache
def _computed() -> dict[str, Topics]:
    return {}
