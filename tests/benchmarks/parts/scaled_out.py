"""Several gateways and workers against one Redis and one store: what they do together, and
that nothing is done twice.
"""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.cloud_calls import (
    CloudCalls,
    calls_of,
    more_gateways,
    more_workers,
)
from tests.benchmarks.report import Report, Table
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.svg_plot import Plot
from tests.support.system import System

CALLERS = 8
SAID = "My locker number {} at the station of Faro holds a red umbrella."


def run(sizes: Sizes) -> Report:
    """Measure."""
    table = Table(
        (
            "gateways",
            "workers",
            "accepted a second",
            "refined a second",
            "searches a second",
            "facts",
            "doubled",
        )
    )
    lines: dict[str, list[tuple[float, float]]] = {
        "accepted": [],
        "refined": [],
        "searches": [],
    }
    doubled = 0
    for number in sizes.gateways:
        accepted, refined, searched, texts = _measure(sizes, number)
        twice = len(texts) - len(set(texts))
        doubled += twice + abs(sizes.adds - len(set(texts)))
        table.row(number, number, accepted, refined, searched, len(texts), twice)
        for name, rate in zip(lines, (accepted, refined, searched), strict=True):
            lines[name].append((number, rate))
    plot = Plot(
        "scale-out", "Several gateways and workers", "of each", "a second", lines
    )
    return Report(
        "scale-out",
        "Several gateways and workers on one store",
        [table],
        [plot],
        figures={"doubled_or_lost": doubled},
        targets={"doubled_or_lost": "0"},
        notes=(
            "All share the cores of one machine: more of them help until those are used up.",
        ),
    )


def _measure(sizes: Sizes, number: int) -> tuple[float, float, float, list[str]]:
    """Adds accepted, adds refined and searches a second, and the texts of all facts."""
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder) / "data", SOUVENIR_TEXT_CONCURRENCY="1") as system,
        ExitStack() as stack,
    ):
        stack.enter_context(more_workers(system, number - 1))
        first = stack.enter_context(calls_of(system))
        gateways = [first, *stack.enter_context(more_gateways(system, number - 1))]
        callers = stack.enter_context(ThreadPoolExecutor(CALLERS))
        first.finish(
            [first.add(f"warm {n}", SAID.format(n)) for n in range(4 * number)]
        )

        def add(place: int) -> str:
            return gateways[place % number].add(
                f"user {place % 20}", SAID.format(place)
            )

        def search(place: int) -> object:
            query = f"What is in locker {place}?"
            return gateways[place % number].search(f"user {place % 20}", query)

        began = time.perf_counter()
        tasks = list(callers.map(add, range(sizes.adds)))
        accepted = sizes.adds / (time.perf_counter() - began)
        first.finish(tasks)
        refined = sizes.adds / (time.perf_counter() - began)
        began = time.perf_counter()
        list(callers.map(search, range(sizes.searches)))
        searched = sizes.searches / (time.perf_counter() - began)
        return accepted, refined, searched, _facts(first)


def _facts(calls: CloudCalls) -> list[str]:
    """The texts of all facts of all users."""
    texts: list[str] = []
    for user in range(20):
        page = 1
        while True:
            answer = calls.post(
                "get/memory", user_id=f"user {user}", page=page, size=50
            )
            found = answer["memory_detail_list"]
            texts += [memory["memory_value"] for memory in found]
            if len(found) < 50:
                break
            page += 1
    return texts
