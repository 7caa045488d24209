"""How long a search takes, as its caller sees it: HTTP, embedding, vector search, ranking.

    python -m tests.benchmarks.recall_speed [--memories 10000] [--users 1] [--questions 200]

A whole system is started on its own vector node, which is filled directly: embedding
ten thousand memories would take minutes. Prints one JSON line: milliseconds of the
whole search, what embedding and the vector search alone take of it, and the machine's
load.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from qdrant_client import AsyncQdrantClient

from services.gateway.recall.candidates import DEPTH
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.memories import QdrantMemories
from shared.domain.filter import Filters
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Kind, Memory, Type
from shared.domain.scope import Reach, Scope
from shared.language.lexical import ask
from shared.language.search_text import searched_words
from tests.support.system import System
from tests.support.vector_node import vector_node

KINDS = (Kind.FACT, Kind.PREFERENCE)
PROJECT, PREFIX = "default", "souvenir"
WARM_UP = 10
"""Questions that are not counted."""
BATCH = 500
"""Memories written at once."""
CENTRES, SPREAD = 50, 0.03
"""Vectors lie around so many centres, with this deviation a dimension."""
PREFERENCE_EVERY = 10
WORDS_A_MEMORY, WORDS_A_QUESTION = 20, 7
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


async def main() -> None:
    """Fill, ask, report."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--memories", type=int, default=10_000)
    parser.add_argument("--users", type=int, default=1)
    parser.add_argument("--questions", type=int, default=200)
    given = parser.parse_args()
    with TemporaryDirectory() as folder, vector_node(Path(folder) / "node") as node:
        client = AsyncQdrantClient(
            url=node.url,
            timeout=120,
            check_compatibility=False,
            limits=httpx.Limits(max_keepalive_connections=20),
        )
        await prepare(client, PREFIX)
        memories = QdrantMemories(client, PREFIX)
        await fill(memories, given.memories, given.users)
        with System(Path(folder) / "data", QDRANT_URL=node.url) as system:
            figures = await measure(system, memories, given.questions, given.users)
        await client.close()
    conditions = {
        "memories": given.memories,
        "users": given.users,
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(conditions | figures))


async def fill(memories: QdrantMemories, count: int, users: int) -> None:
    """Memories of common words, with vectors that are random around a few centres."""
    chance = random.Random(1)
    dimensions = range(OnnxEmbedder.size)
    centres = [unit([chance.gauss(0, 1) for _ in dimensions]) for _ in range(CENTRES)]
    for start in range(0, count, BATCH):
        places = range(start, min(start + BATCH, count))
        batch = [memory(place, users, chance) for place in places]
        embedded = []
        for each_memory in batch:
            centre = chance.choice(centres)
            vector = unit([x + chance.gauss(0, SPREAD) for x in centre])
            words = searched_words(each_memory)
            embedded.append(Embedded(each_memory, words, vector))
        await memories.put(embedded)


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
        tags=("one", "two"),
    )


def sentence(chance: random.Random, length: int) -> str:
    """Words of which some are frequent and most are rare (Zipf)."""
    return " ".join(
        WORDS[min(int(chance.paretovariate(0.6)), len(WORDS)) - 1]
        for _ in range(length)
    )


def unit(vector: Sequence[float]) -> tuple[float, ...]:
    """The vector at length one."""
    length = sum(x * x for x in vector) ** 0.5
    return tuple(x / length for x in vector)


async def measure(
    system: System, memories: QdrantMemories, questions: int, users: int
) -> dict[str, float]:
    """Percentiles over questions that were never asked before, and over the two waits
    within them done alone.
    """
    chance = random.Random(2)
    embedder = OnnxEmbedder()
    async with httpx.AsyncClient(
        base_url=system.base_url,
        headers={"Authorization": f"Token {system.key}"},
        timeout=60,
    ) as http:

        async def whole(user: str, query: str) -> None:
            body = {"user_id": user, "query": query, "relativity": 0}
            answer = await http.post("/search/memory", json=body)
            answer.raise_for_status()

        async def embedding(_: str, query: str) -> None:
            await embedder.query(f"{query} ")

        async def searching(user: str, query: str) -> None:
            kinds = dict.fromkeys(KINDS, DEPTH)
            reach = Reach(PROJECT, user)
            await memories.candidates(reach, kinds, ask(query), vector, Filters())

        vector = await embedder.query("anything")
        asked = []
        for _ in range(WARM_UP + questions):
            user = f"user {chance.randrange(users)}"
            topic = sentence(chance, WORDS_A_QUESTION)
            asked.append((user, f"what about the {topic}?"))
        figures = {}
        for call in (whole, embedding, searching):
            times = await timed(call, asked)
            for percent in (50, 95):
                name = f"{call.__name__}_p{percent}_ms"
                figures[name] = percentile(times, percent)
        return figures


async def timed(
    call: Callable[[str, str], Awaitable[None]], asked: Sequence[tuple[str, str]]
) -> list[float]:
    """Milliseconds of each call, less those that warm up."""
    times = []
    for user, query in asked:
        began = time.perf_counter()
        await call(user, query)
        times.append(1e3 * (time.perf_counter() - began))
    return times[WARM_UP:]


def percentile(times: Sequence[float], percent: int) -> float:
    """By the nearest rank."""
    index = min(len(times) - 1, len(times) * percent // 100)
    return round(sorted(times)[index], 1)


if __name__ == "__main__":
    asyncio.run(main())
