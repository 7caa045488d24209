"""Calls timed, by one caller or by several at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

Call = Callable[[], object]


@dataclass(frozen=True)
class Spread:
    """Milliseconds of a call, and calls a second of all callers together."""

    p50: float
    p95: float
    p99: float
    per_s: float


def timed(calls: Sequence[Call], clients: int = 1) -> Spread:
    """Each call once, `clients` of them at a time. Raises what a call raises."""
    began = time.perf_counter()
    if clients == 1:
        times = [_milliseconds(call) for call in calls]
    else:
        with ThreadPoolExecutor(clients) as callers:
            times = list(callers.map(_milliseconds, calls))
    seconds = time.perf_counter() - began
    return Spread(
        percentile(times, 50),
        percentile(times, 95),
        percentile(times, 99),
        len(times) / seconds,
    )


def median_of(spreads: Iterable[Spread]) -> Spread:
    """Of several runs, figure by figure."""
    runs = list(spreads)
    return Spread(
        *(
            median(getattr(run, name) for run in runs)
            for name in ("p50", "p95", "p99", "per_s")
        )
    )


def percentile(times: Sequence[float], percent: int) -> float:
    """By the nearest rank. Raises ValueError for no times."""
    if not times:
        raise ValueError("nothing was timed")
    rank = -(-len(times) * percent // 100)
    return sorted(times)[max(rank, 1) - 1]


def _milliseconds(call: Call) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000
