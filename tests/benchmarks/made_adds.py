"""Made-up adds, and calls timed one after the other."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpx

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


def post(client: httpx.Client, route: str, given: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(route, json=given)
    answer.raise_for_status()
    data: dict[str, Any] = answer.json()["data"]
    return data
