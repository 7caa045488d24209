"""How long a search takes as its caller sees it, in stores of several sizes: many users
and one large one, with and without a filter, one caller and sixteen, idle and while
others are ingested; beside the limit, which is the embedding of the query and one call of
the engine for each way of searching, and beside `mem0ai` (`--peer`).
"""

from __future__ import annotations

import asyncio
import json
import random
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from services.gateway.recall.candidates import DEPTH
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.domain.filter import Filters
from shared.domain.memory import Kind
from shared.domain.scope import Reach
from shared.language.lexical import ask
from shared.ports import Memories
from tests.benchmarks.cloud_calls import CloudCalls, calls_of
from tests.benchmarks.made_memories import PROJECT, TAGS, fill, opened, question
from tests.benchmarks.parts.ingesting import run_peer
from tests.benchmarks.report import Report, Table
from tests.benchmarks.said import questions, turns
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.svg_plot import Plot
from tests.benchmarks.timing import Call, Spread, median_of, percentile, timed
from tests.support.system import System
from tests.support.vector_node import vector_node

KINDS = (Kind.FACT, Kind.PREFERENCE)
USER_HOLDS = 200
"""Memories of a normal user, where there are many."""
MANY_CALLERS = 16
WARM_UP = 10
FILTER = {"and": [{"tags": {"contains": TAGS[0]}}]}
_HEADINGS = ("memories", "users", "what", "p50 ms", "p95 ms", "a second")


@dataclass
class _Found:
    """What was measured."""

    table: Table = field(default_factory=lambda: Table(_HEADINGS))
    by_name: dict[tuple[int, str, str], Spread] = field(default_factory=dict)

    def add(self, size: int, users: str, name: str, spread: Spread) -> None:
        self.by_name[size, users, name] = spread
        self.table.row(size, users, name, spread.p50, spread.p95, spread.per_s)


def run(sizes: Sizes) -> Report:
    """Measure."""
    found = _Found()
    for size in sizes.memories:
        shapes = {"many": max(1, size // USER_HOLDS)}
        if size == max(m for m in sizes.memories if m <= 100_000):
            shapes["one"] = 1
        for shape, users in shapes.items():
            _measure(found, sizes, size, shape, users)
    peer = _peer(sizes)
    return _report(found, sizes, peer)


def _measure(found: _Found, sizes: Sizes, size: int, shape: str, users: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        vector_node(Path(folder) / "node") as node,
    ):
        asyncio.run(_fill(node.url, size, users))
        data = Path(folder) / "data"
        with System(data, QDRANT_URL=node.url) as system, calls_of(system) as calls:
            asker = _Asker(calls, users)
            timed(asker.calls(WARM_UP))
            measured: dict[str, list[Spread]] = {}
            for _ in range(sizes.runs):
                for name, spread in _one_run(asker, sizes.searches, node.url, users):
                    measured.setdefault(name, []).append(spread)
        for name, spreads in measured.items():
            found.add(size, shape, name, median_of(spreads))


async def _fill(url: str, size: int, users: int) -> None:
    async with opened(url) as memories:
        await fill(memories, size, users)


def _one_run(
    asker: _Asker, searches: int, url: str, users: int
) -> Iterator[tuple[str, Spread]]:
    yield "search", timed(asker.calls(searches))
    yield "search, filter", timed(asker.calls(searches, filter=FILTER))
    yield f"search, {MANY_CALLERS} callers", timed(asker.calls(searches), MANY_CALLERS)
    with ingesting(asker.cloud):
        yield "search, under ingest", timed(asker.calls(searches))
    yield "limit: query vector and engine", asyncio.run(_limit(url, searches, users))


class _Asker:
    """Searches of users by chance, with questions that were never asked before."""

    def __init__(self, cloud: CloudCalls, users: int) -> None:
        self.cloud = cloud
        self._users, self._chance = users, random.Random(time.monotonic_ns())

    def calls(self, amount: int, **more: object) -> list[Call]:
        made: list[Call] = []
        for _ in range(amount):
            user = f"user {self._chance.randrange(self._users)}"
            query = question(self._chance)
            made.append(lambda u=user, q=query: self.cloud.search(u, q, **more))
        return made


@contextmanager
def ingesting(cloud: CloudCalls) -> Iterator[None]:
    """Adds of other users without a pause meanwhile; what still waits afterwards is
    finished before the block ends.
    """
    over, tasks = threading.Event(), list[str]()
    said, numbers = turns(200), count()

    def add() -> None:
        while not over.is_set():
            number = next(numbers)
            user = f"ingest {number % 8}"
            tasks.append(
                cloud.add(user, f"{said[number % len(said)]} ({time.monotonic_ns()})")
            )
            if number % 8 == 7:  # enough waits for the workers to be busy all the time
                cloud.finish(tasks[-8:-6])

    thread = threading.Thread(target=add)
    thread.start()
    time.sleep(2.0)
    try:
        yield
    finally:
        over.set()
        thread.join()
        cloud.finish(tasks)


async def _limit(url: str, searches: int, users: int) -> Spread:
    """The embedding of the query, and the engine's part of a search, on one connection."""
    chance, embedder = random.Random(time.monotonic_ns()), OnnxEmbedder()
    times = []
    async with opened(url) as memories:
        for number in range(WARM_UP + searches):
            query = question(chance)
            user = f"user {chance.randrange(users)}"
            began = time.perf_counter()
            await _engine(memories, user, query, await embedder.query(query))
            if number >= WARM_UP:
                times.append((time.perf_counter() - began) * 1000)
    return Spread(
        percentile(times, 50),
        percentile(times, 95),
        percentile(times, 99),
        1000 / _mean(times),
    )


async def _engine(
    memories: Memories, user: str, query: str, vector: Sequence[float]
) -> None:
    kinds = dict.fromkeys(KINDS, DEPTH)
    await memories.candidates(
        Reach(PROJECT, user), kinds, ask(query), vector, Filters()
    )


def _mean(times: Sequence[float]) -> float:
    return sum(times) / len(times)


def _peer(sizes: Sizes) -> tuple[Spread, Spread] | None:
    """New questions to mem0ai and to us, on the same messages of one user."""
    if sizes.peer is None:
        return None
    said, asked = turns(sizes.turns), questions(sizes.searches)
    with tempfile.TemporaryDirectory() as folder:
        given = {"said": said, "questions": asked, "folder": f"{folder}/mem0"}
        times = run_peer(sizes.peer, "search", json.dumps(given))
        other = Spread(
            percentile(times, 50),
            percentile(times, 95),
            percentile(times, 99),
            1000 / _mean(times),
        )
        with System(Path(folder) / "data") as system, calls_of(system) as calls:
            calls.finish(
                [
                    calls.add("ana", *said[at : at + 20])
                    for at in range(0, len(said), 20)
                ]
            )
            own = timed([lambda q=q: calls.search("ana", q) for q in asked])
    return own, other


def _report(found: _Found, sizes: Sizes, peer: tuple[Spread, Spread] | None) -> Report:
    smallest, largest = sizes.memories[0], sizes.memories[-1]
    of = found.by_name
    lines = {
        name: [(size, of[size, "many", name].p95) for size in sizes.memories]
        for name in ("search", "search, filter", "search, under ingest")
    }
    limit = of[largest, "many", "limit: query vector and engine"]
    plain = of[largest, "many", "search"]
    figures = {
        "p50_beside_the_limit": round(plain.p50 / limit.p50, 2),
        f"p95_at_{largest}_beside_{smallest}": round(
            plain.p95 / of[smallest, "many", "search"].p95, 2
        ),
        "p95_under_ingest_beside_idle": round(
            of[largest, "many", "search, under ingest"].p95 / plain.p95, 2
        ),
    }
    targets = dict(zip(figures, ("<= 1.5", "<= 2", "<= 2"), strict=True))
    tables = [found.table]
    if peer:
        own, other = peer
        beside = Table(("new questions to one user's talk", "p50 ms", "p95 ms"))
        beside.row("souvenir, over HTTP", own.p50, own.p95)
        beside.row("mem0ai, in its process", other.p50, other.p95)
        tables.append(beside)
        figures["p50_beside_mem0ai"] = round(own.p50 / other.p50, 2)
        targets["p50_beside_mem0ai"] = "< 1"
    plot = Plot("search", "p95 of a search", "memories", "ms", lines, log_x=True)
    return Report(
        "search",
        "Search: questions never asked before",
        tables,
        [plot],
        figures,
        targets,
    )
