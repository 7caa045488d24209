"""How statements lie beside what an order names: what the network goes by that says which of
them are meant (`meant_network`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from shared.language.lexical import without_date
from shared.language.words import is_chinese
from shared.ports import Embedder, MessageReader
from workers.pipeline.merge.clauses import behind_joint, clauses
from workers.pipeline.orders.meant_network import Likeness
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
from workers.pipeline.orders.whose import of_others

PERSON_BEHIND = 0.2
"""By how much a person may be behind the nearest topic of what is named to be it."""
MOST_CLAUSES = 300
"""Clauses that are compared, those of the first statements: long ones have hundreds."""
MOST_READ = 32
"""Nearest statements of which is read whose they are."""
MANY = 4
"""Clauses from which their number tells no more."""
_DIGIT = re.compile(r"\d|[〇零一二三四五六七八九]{3}")


@dataclass(frozen=True, slots=True)
class _Near:
    """How near statements are to one vector."""

    whole: Floats
    clause: Floats
    """That of the nearest clause, or of the whole."""

    @property
    def behind(self) -> Floats:
        """By how much each is farther than the nearest one."""
        best = np.maximum(self.whole, self.clause)
        return np.asarray(best - best.max(), np.float32)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is named, beside the topics."""

    named: Named
    topic: int
    clear: float
    is_person: bool


async def likenesses(
    embedder: Embedder, reader: MessageReader, named: Named, texts: Sequence[str]
) -> list[Likeness]:
    """Each statement, without its day and speaker, beside what is named."""
    topics = await topics_of(embedder)
    query = np.array(await embedder.query(named.text), np.float32)
    [as_text] = np.array(await embedder.passages([named.text]), np.float32)
    vectors = np.array(await embedder.passages(texts), np.float32)
    parts = _clauses_of(texts)
    of_parts = await _vectors(embedder, list(chain.from_iterable(parts)))
    near, near_as_text = (
        _near(topics, vectors @ side, of_parts @ side, list(map(len, parts)))
        for side in (query, as_text)
    )
    wanted = _wanted(topics, named, topics.scores(query[None])[0])
    others = await _of_others(reader, texts, near.whole) if named.is_mine else {}
    return [
        _likeness(
            wanted,
            text,
            (near, near_as_text, place),
            _ahead(stated, wanted.topic),
            others.get(place, 0.0),
            len(parts[place]),
        )
        for place, (text, stated) in enumerate(
            zip(texts, topics.scores(vectors), strict=True)
        )
    ]


def is_person(wanted: Floats) -> bool:
    """Whether what is named is a person, or a person's, by its likeness to the topics."""
    return bool(wanted[marked(PERSON)].max() >= wanted.max() - PERSON_BEHIND)


def _clauses_of(texts: Sequence[str]) -> list[list[str]]:
    """The clauses of the statements that have several, without the words that join them."""
    left, result = MOST_CLAUSES, list[list[str]]()
    for text in texts:
        plain = without_date(text)
        spans = clauses(plain)
        said = [plain[behind_joint(plain, *span) : span[1]] for span in spans]
        chosen = said if 1 < len(said) <= left else []
        left -= len(chosen)
        result.append(chosen)
    return result


async def _vectors(embedder: Embedder, texts: Sequence[str]) -> Floats:
    vectors = await embedder.passages(texts) if texts else []
    return np.array(vectors, np.float32).reshape(len(texts), embedder.size)


def _near(
    topics: Topics, of_texts: Floats, of_parts: Floats, counts: Sequence[int]
) -> _Near:
    whole, parts = topics.nearness(of_texts), topics.nearness(of_parts)
    best = np.full(len(whole), -np.inf, np.float32)
    np.maximum.at(best, np.repeat(np.arange(len(counts)), counts), parts)
    return _Near(whole, np.where(np.isinf(best), whole, best))


def _wanted(topics: Topics, named: Named, scores: Floats) -> _Wanted:
    topic = int(scores.argmax())
    clear = float(topics.nearness(scores[topic : topic + 1])[0])
    return _Wanted(named, topic, clear, is_person(scores))


def _ahead(stated: Floats, topic: int) -> float:
    """By how much a topic is nearer to a text than the next one; people are no rivals of
    things.
    """
    people = marked(PERSON)
    own = [topic, *parts_of(topic)]
    rivals = [
        place
        for place in range(len(stated))
        if place not in own and (place not in people or topic in people)
    ]
    return float(stated[own].max() - stated[rivals].max())


async def _of_others(
    reader: MessageReader, texts: Sequence[str], near: Floats
) -> dict[int, float]:
    """For the places of the nearest statements how likely they are about another person."""
    places = [int(place) for place in np.argsort(-near)[:MOST_READ]]
    likely = await of_others(reader, [texts[place] for place in places])
    return dict(zip(places, likely, strict=True))


def _likeness(
    wanted: _Wanted,
    text: str,
    nearness: tuple[_Near, _Near, int],
    ahead: float,
    of_another: float,
    clauses: int,
) -> Likeness:
    named, (near, as_text, place) = wanted.named, nearness
    words = [word for word in named.core if named.has_word(word, text)]
    best = float(max(near.whole[place], near.clause[place]))
    has_digits = bool(_DIGIT.search(text))
    is_one_word = len(named.core) == 1
    return Likeness(
        near=float(near.whole[place]),
        near_as_text=float(as_text.whole[place]),
        clause=float(near.clause[place]),
        clause_as_text=float(as_text.clause[place]),
        behind=float(near.behind[place]),
        behind_as_text=float(as_text.behind[place]),
        has_all_words=named.is_said_in(text),
        share_of_words=len(words) / max(1, len(named.core)),
        names_someone=bool(named.own),
        lacks_the_name=bool(named.own) and not named.tells_apart(text),
        topic_ahead=ahead,
        topic_clear=wanted.clear,
        topic_both=ahead * wanted.clear,
        is_person=wanted.is_person,
        is_wide=bool(parts_of(wanted.topic)),
        is_mine=named.is_mine,
        of_another=of_another,
        of_another_alone=of_another * (is_one_word and not wanted.is_person),
        is_number=bool(named.numbers),
        lacks_digits=bool(named.numbers) and not has_digits,
        has_digits=has_digits,
        clauses=min(clauses, MANY) / MANY,
        is_dense=is_chinese(text),
        called_otherwise=called_otherwise(text, wanted.topic),
        is_one_word=is_one_word,
        near_with_words=best if words else 0.0,
        near_without_words=0.0 if words else best,
        mine_person=named.is_mine and wanted.is_person,
    )
