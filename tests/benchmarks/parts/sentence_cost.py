"""What one sentence costs: round trips to Redis and Qdrant, and tokens embedded.

    python -m tests.benchmarks sentence-cost

Counts, so no other load disturbs them. Each row is one asynchronous add of one message by
a user with `BEFORE` memories, run by one worker, first try.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.counted_embedder import CountedEmbedder, token_count
from tests.benchmarks.local_stores import InThisProcess, in_this_process
from tests.benchmarks.report import Report, Table
from tests.benchmarks.round_trips import RoundTrips, of_service
from tests.benchmarks.sizes import Sizes

BEFORE = (
    "My sister Ada lives in Oslo.",
    "I collect old maps of Lisbon.",
    "I work as a baker in Leeds.",
)
SAID = (
    ("one new fact", "My dog is called Bramble."),
    ("one preference", "I prefer trains to planes for short trips."),
    ("nothing to keep", "Thanks, that is great!"),
    ("a change", "My sister Ada moved from Oslo to Bergen last week."),
    ("a question", "What is the capital of Portugal?"),
)
TALK = (
    "I moved to Porto in March.",
    "My flat is near the river and has a small balcony.",
    "I cycle to work every day.",
    "My brother Hugo visits me next weekend.",
    "We want to see the lighthouse and eat grilled sardines.",
    "I can't eat nuts, I'm allergic.",
    "My favourite cafe is the one next to the old bookshop.",
    "I started to learn the accordion two weeks ago.",
)
"""One message each: what is embedded of a talk."""


@dataclass(frozen=True)
class Cost:
    """What one add cost."""

    gateway: Counter[str]
    worker: Counter[str]
    said: int
    """Tokens of the message."""
    embedded: int


async def cost_of(
    system: InThisProcess, trips: RoundTrips, text: str, user: str
) -> Cost:
    """Add one message, have it worked on, count."""
    embedder = CountedEmbedder(system.context.embedder)
    system.context = replace(system.context, embedder=embedder)
    trips.clear()
    accepted = await system.post(
        "add/message",
        user_id=user,
        conversation_id="talk",
        messages=[{"role": "user", "content": text}],
        async_mode=True,
    )
    gateway = trips.clear()
    await system.work_off(accepted["task_id"])
    worker = trips.clear()
    return Cost(gateway, worker, token_count(text), embedder.tokens)


@dataclass(frozen=True)
class Costs:
    """All that is counted."""

    adds: dict[str, Cost]
    """The rows of SAID."""
    talk: list[Cost]
    """Each message of TALK."""
    search: Counter[str]


async def costs() -> Costs:
    """Counted, one after the other."""
    with TemporaryDirectory() as folder, RoundTrips() as trips:
        async with in_this_process(Path(folder), audit="off") as system:
            for text in BEFORE:
                await cost_of(system, trips, text, "ana")
            rows = {
                name: await cost_of(system, trips, text, "ana") for name, text in SAID
            }
            talk = [await cost_of(system, trips, text, "ben") for text in TALK]
            await system.post(
                "search/memory", user_id="ana", query="Where does Ada live?"
            )
            trips.clear()
            await system.post(
                "search/memory", user_id="ana", query="What is my dog called?"
            )
            return Costs(rows, talk, trips.clear())


def run(sizes: Sizes) -> Report:
    """The tables."""
    found = asyncio.run(costs())
    headings = "message", "gateway: Redis", "Qdrant", "worker: Redis", "Qdrant"
    table = Table((*headings, "tokens said", "embedded"))
    for name, cost in found.adds.items():
        table.row(name, *_figures(cost))
    said = sum(cost.said for cost in found.talk)
    embedded = sum(cost.embedded for cost in found.talk)
    return Report(
        "sentence-cost",
        "What one sentence costs",
        [
            table,
            _by_call(
                "worker's calls for one new fact", found.adds["one new fact"].worker
            ),
            _by_call("gateway's calls for a search", found.search),
        ],
        figures={"tokens_embedded_per_token_said": round(embedded / said, 2)},
        targets={"tokens_embedded_per_token_said": "<= 1.3"},
    )


def _by_call(heading: str, counts: Counter[str]) -> Table:
    table = Table((heading, "count"))
    for name, count in sorted(counts.items()):
        table.row(name, count)
    return table


def _figures(cost: Cost) -> tuple[int, ...]:
    gateway, worker = cost.gateway, cost.worker
    return (
        of_service(gateway, "redis"),
        of_service(gateway, "qdrant"),
        of_service(worker, "redis"),
        of_service(worker, "qdrant"),
        cost.said,
        cost.embedded,
    )
