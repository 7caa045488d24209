"""Many made-up memories, written to a vector node directly: embedding ten thousand would
take minutes.

Texts are common words, some frequent and most rare; vectors lie around a few centres, as
those of people's matters do.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import numpy as np
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.vector_spaces import QdrantVectorSpaces
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Memory, Type
from shared.domain.scope import Scope
from shared.embedding import open_embedder
from shared.language.search_text import searched_words
from shared.ports import Memories
from shared.settings import Settings

PROJECT, PREFIX = "default", "souvenir"
DIMENSIONS = 384
"""Of the vectors of all our embedders."""

BATCH = 500
"""Memories written at once."""
CENTRES, SPREAD = 50, 0.03
"""Vectors lie around so many centres, with this deviation a dimension."""
PREFERENCE_EVERY = 10
WORDS_A_MEMORY, WORDS_A_QUESTION = 20, 7
TAGS = ("one", "two")
TAGGED_EVERY = 2
"""Of a user's memories every second one has the tags."""
WORDS = """
apple bag bake beach bicycle blue book bread bridge brother camera car cat chair
cheese church city clock coat coffee cold concert cook cousin dance daughter dinner
doctor dog door dream drive early egg evening family farm field film fish flight
flower forest friend garden gift green guitar hill holiday horse hospital hotel house
ice island jacket job juice kitchen lake lamp late letter library lunch market meeting
milk money moon morning mountain museum music neighbour night office old orange paint
paper park party phone photo piano picnic plan plane plant poem quiet race rain read
red rent rice river road room run sail salad sandwich school sea shirt shoe shop sing
sister sleep snow song soup spring station stone story street summer sun swim table
tall tea teacher tennis theatre ticket tomato tower town train travel tree trip uncle
valley village violin visit walk wall watch water weather wedding week window wine
winter wood work write yellow young
""".split()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Memories]:
    """The memories of a node, its collections made, by the vectors of the embedder that a
    system without settings has.
    """
    limits = httpx.Limits(max_keepalive_connections=20)
    client = AsyncQdrantClient(
        url=url, timeout=120, check_compatibility=False, limits=limits
    )
    await prepare(client, PREFIX)
    spaces = QdrantVectorSpaces(client, PREFIX)
    yield (await open_embedder(spaces, Settings(qdrant_url=url)))[1]
    await client.close()


async def fill(memories: Memories, count: int, users: int) -> None:
    """So many memories, the users by turns."""
    chance, numbers = random.Random(1), np.random.default_rng(1)
    centres = numbers.normal(size=(CENTRES, DIMENSIONS))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    for start in range(0, count, BATCH):
        places = range(start, min(start + BATCH, count))
        near = centres[numbers.integers(CENTRES, size=len(places))]
        vectors = near + numbers.normal(scale=SPREAD, size=near.shape)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        made = (memory(place, users, chance) for place in places)
        embedded = [
            Embedded(each, searched_words(each), tuple(vector))
            for each, vector in zip(made, vectors.tolist(), strict=True)
        ]
        await memories.put(embedded)


def question(chance: random.Random) -> str:
    """One that was hardly ever asked."""
    return f"what about the {sentence(chance, WORDS_A_QUESTION)}?"


def memory(place: int, users: int, chance: random.Random) -> Memory:
    """One of the many; every tenth of a user is a preference."""
    text = sentence(chance, WORDS_A_MEMORY)
    is_preference = place // users % PREFERENCE_EVERY == 0
    return Memory(
        id=computed_id("speed", place),
        scope=Scope(PROJECT, f"user {place % users}", f"talk {place // 20}"),
        text=text,
        title=text[:40],
        type=Type.EXPLICIT if is_preference else Type.WORKING,
        context=sentence(chance, WORDS_A_MEMORY),
        created_at=place,
        tags=TAGS if place // users % TAGGED_EVERY == 0 else (),
    )


def sentence(chance: random.Random, length: int) -> str:
    """Words of which some are frequent and most are rare (Zipf)."""
    return " ".join(
        WORDS[min(int(chance.paretovariate(0.6)), len(WORDS)) - 1]
        for _ in range(length)
    )
