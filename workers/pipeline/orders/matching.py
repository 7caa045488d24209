"""Which texts are about what an order names.

Three things must agree, for what goes must not take anything along: its words or its
meaning, its topic, and whose it is ("my birthday" is not my mother's).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.domain.message_reading import Utterance
from shared.language.lexical import without_date
from shared.ports import Embedder, MessageReader
from workers.pipeline.orders.telling_words import Named
from workers.pipeline.orders.topics import (
    PERSON,
    Floats,
    Topics,
    called_otherwise,
    marked,
    parts_of,
    topics_of,
)

SAME_TOPIC = 0.1
"""By how much a topic may be behind a text's nearest one to be its topic as well."""
SAME_CLAUSE = 0.05
"""The same where texts are compared that may be less near: clauses."""
CLEARLY_NEARER = 0.05
"""By how much a topic must be nearer than all others where a text is less near than usual."""
CLEAR_TOPIC = 0.2
"""Nearness to a topic from which what is named has one."""
NEAR, NEAR_NUMBER = 0.0, 0.4
"""Nearness from which a text of the same topic is meant without any of the words: one
number is as near to another as an address to a home.
"""
SAME_THING = 0.45
"""Nearness from which a text is meant though it lacks some of the words."""
BEHIND = 0.12
"""By how much a text without the words may be farther than the nearest one."""
_FIRST_PERSON = (
    (re.compile(r"\bthe user['’]s\b", re.I), "my"),
    (re.compile(r"\bthe user (?:is|has been)\b", re.I), "I'm"),
    (re.compile(r"\bthe user has\b", re.I), "I have"),
    (re.compile(r"\bthe user\b", re.I), "I"),
    (re.compile("用户"), "我"),
)
ANOTHERS = 0.85
"""Probability from which a text is about another person."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds texts that are about what is named."""

    embedder: Embedder
    reader: MessageReader

    async def is_of_person(self, named: Named) -> bool:
        """Whether what is named is a person, or a person's."""
        topics = await topics_of(self.embedder)
        query = np.array([await self.embedder.query(named.text)], np.float32)
        return _is_person(topics.scores(query)[0])

    async def is_of_topic(self, named: Named) -> bool:
        """Whether what is named surely has a topic, and is no person."""
        topics = await topics_of(self.embedder)
        query = np.array([await self.embedder.query(named.text)], np.float32)
        wanted = topics.scores(query)[0]
        is_person = int(wanted.argmax()) in marked(PERSON)
        return not is_person and _has_topic(named, wanted, topics)

    async def about(
        self,
        named: Named,
        texts: Sequence[str],
        *,
        loosely: bool = False,
        least: float = NEAR,
        behind: float = BEHIND,
    ) -> list[bool]:
        """For each text whether it is about what is named; `loosely`: whether what shares
        no more than the topic counts, too; `least`: the nearness without any of the words
        from which one of the topic is meant; `behind`: by how much it may be farther than
        the nearest one.
        """
        if not texts:
            return []
        texts = [plain(text) for text in texts]
        topics = await topics_of(self.embedder)
        near, wanted, stated = await self._compared(topics, named, texts)
        chosen = [
            _is_about(
                named,
                text,
                1.0 if loosely else float(near[place]),
                wanted,
                stated[place],
                topics,
                least,
            )
            for place, text in enumerate(texts)
        ]
        if not loosely:
            chosen = _without_farther(named, texts, near, chosen, behind)
        if named.is_mine and not _is_person(wanted):
            return await self._without_others(named, texts, chosen)
        return chosen

    async def _compared(
        self, topics: Topics, named: Named, texts: Sequence[str]
    ) -> tuple[Floats, Floats, Floats]:
        """How near each text is to what is named, and how near that and each text are to
        the topics.
        """
        query = np.array([await self.embedder.query(named.text)], np.float32)
        vectors = np.array(await self.embedder.passages(texts), np.float32)
        near = topics.nearness((vectors @ query.T)[:, 0])
        wanted, stated = topics.scores(query)[0], topics.scores(vectors)
        if parts := parts_of(int(wanted.argmax())):
            # Of a wide topic what is near to one of its parts is.
            near = np.maximum(near, topics.nearness(stated[:, parts].max(1)))
        return near, wanted, stated

    async def _without_others(
        self, named: Named, texts: Sequence[str], chosen: Sequence[bool]
    ) -> list[bool]:
        """The choice without what is another person's."""
        if len(named.core) > 1:  # "my neighbour's garage code": words enough
            return list(chosen)
        places = [place for place, is_chosen in enumerate(chosen) if is_chosen]
        said = [Utterance(as_said(texts[place])) for place in places]
        readings = await self.reader.read(said)
        others = {
            place
            for place, reading in zip(places, readings, strict=True)
            if reading.about.get("other", 0.0) >= ANOTHERS
        }
        return [
            is_chosen and place not in others for place, is_chosen in enumerate(chosen)
        ]


def _is_about(
    named: Named,
    text: str,
    near: float,
    wanted: Floats,
    stated: Floats,
    topics: Topics,
    least: float = NEAR,
) -> bool:
    if named.is_said_in(text):
        return True
    topic = int(wanted.argmax())
    if not _has_topic(named, wanted, topics):
        return False
    if not _is_topic_of(stated, topic, SAME_TOPIC if least == NEAR else SAME_CLAUSE):
        return False
    if called_otherwise(text, topic):
        return False
    if least < NEAR and not _is_topic_of(stated, topic, -CLEARLY_NEARER):
        least = NEAR
    if named.numbers:
        return near >= NEAR_NUMBER and not named.shares_words(text)
    return near >= (SAME_THING if named.shares_words(text) else least)


def _has_topic(named: Named, wanted: Floats, topics: Topics) -> bool:
    """Whether the nearest topic is that of what is named: near enough, or called so."""
    topic = int(wanted.argmax())
    clear = topics.nearness(wanted[topic : topic + 1])[0]
    if clear >= CLEAR_TOPIC:
        return True
    return any(map(named.is_said_in, topics.listed[topic].names))


def _without_farther(
    named: Named,
    texts: Sequence[str],
    near: Floats,
    chosen: Sequence[bool],
    behind: float,
) -> list[bool]:
    """The choice without what lacks the words and is farther than the nearest one."""
    least = max((float(n) for n, c in zip(near, chosen, strict=True) if c), default=0.0)
    return [
        is_chosen and (float(n) >= least - behind or named.is_said_in(text))
        for text, n, is_chosen in zip(texts, near, chosen, strict=True)
    ]


def _is_topic_of(stated: Floats, topic: int, behind: float = SAME_TOPIC) -> bool:
    """Whether a topic is about the nearest of a text; people are no rivals of things."""
    people = marked(PERSON)
    rivals = [
        place
        for place in range(len(stated))
        if (place not in people or topic in people)
        and topic not in parts_of(place)
        and place not in (topic, *parts_of(topic))
    ]
    own = stated[[topic, *parts_of(topic)]].max()
    return bool(own >= stated[rivals].max() - behind)


def _is_person(wanted: Floats) -> bool:
    """Whether what is named is a person, or a person's."""
    people = wanted[marked(PERSON)]
    return bool(people.max() >= wanted.max() - 2 * SAME_TOPIC)


def as_said(text: str) -> str:
    """A memory in the first person, as the reader knows what people say."""
    for written, said in _FIRST_PERSON:
        text = written.sub(said, text)
    return text


def plain(text: str) -> str:
    """The words of a memory without its day and the label of its speaker."""
    for label in ("User: ", "用户："):
        text = text.removeprefix(label)
    return without_date(text)
