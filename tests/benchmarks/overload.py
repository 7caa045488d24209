"""Load beyond capacity: what is accepted is done, what is refused is said, and a second
tenant's single adds are hardly slower than when nobody else is there.

    python -m tests.benchmarks.overload [--bulk 500] [--room 300] [--singles 20] [--json]

A system of its own on fresh data, in which `room` tasks of a project may wait. One
project sends `bulk` asynchronous adds of one user from four callers as fast as they are
answered, and repeats what is refused when the bound is asked for again. Meanwhile
another user of the same project, and a user of another project, send single adds and
wait for the memories. Times are of this machine on this day: compare with idle.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import statistics
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from qdrant_client import AsyncQdrantClient

from services.http.auth import DEFAULT_PROJECT
from shared.adapters.qdrant.keys import QdrantKeys
from shared.settings import Settings
from tests.benchmarks.made_adds import sentence
from tests.support.system import System

SECOND = "second"
OTHER_KEY = "mpg-overload-second-tenant"
CALLERS = 4
WARM_UP = 5
_numbers = itertools.count(1)
"""No sentence is said twice."""


class Tenant:
    """A user with a key."""

    def __init__(self, system: System, key: str, user: str) -> None:
        self._user = user
        self._client = httpx.Client(
            base_url=system.base_url,
            headers={"Authorization": f"Token {key}"},
            timeout=120,
        )

    def add(self, asynchronous: bool) -> httpx.Response:
        """One add; with its memories where it is not asynchronous."""
        said = {"role": "user", "content": sentence(next(_numbers))}
        body = {
            "user_id": self._user,
            "messages": [said],
            "async_mode": asynchronous,
        }
        return self._client.post("add/message", json=body)

    def single_adds(self, count: int) -> list[float]:
        """Milliseconds of each, until its memories are there."""
        times = []
        for _ in range(count):
            began = time.perf_counter()
            answer = self.add(asynchronous=False).raise_for_status()
            task = answer.json()["data"]["task_id"]
            while self.state(task) == "running":  # it took longer than a call waits
                time.sleep(0.05)
            times.append((time.perf_counter() - began) * 1000)
        return times

    def state(self, task: str) -> str:
        answer = self._client.post("get/status", json={"task_id": task})
        return str(answer.raise_for_status().json()["data"]["status"])


class Flood:
    """Asynchronous adds as fast as they are answered, until `bulk` are accepted."""

    def __init__(self, tenant: Tenant, bulk: int) -> None:
        self.accepted: list[str] = []
        self.answers: Counter[str] = Counter()
        self.untold = 0
        """Refusals without a code or a Retry-After."""
        self._tenant, self._left = tenant, bulk
        self._lock = threading.Lock()
        self._full = threading.Event()
        self._pool = ThreadPoolExecutor(CALLERS)
        self._callers = [self._pool.submit(self._send) for _ in range(CALLERS)]

    def wait_until_full(self) -> None:
        """Until something is refused, or all is accepted."""
        while not self._full.wait(0.1):
            if all(caller.done() for caller in self._callers):
                return

    def join(self) -> None:
        for caller in self._callers:
            caller.result()

    def _send(self) -> None:
        while self._take():
            while not self._is_accepted(self._tenant.add(asynchronous=True)):
                self._full.set()
                time.sleep(1.0)

    def _take(self) -> bool:
        with self._lock:
            self._left -= 1
            return self._left >= 0

    def _is_accepted(self, answer: httpx.Response) -> bool:
        body = answer.json()
        with self._lock:
            self.answers[f"{answer.status_code} {body['code']}"] += 1
            if answer.status_code == httpx.codes.OK:
                self.accepted.append(body["data"]["task_id"])
                return True
            told = answer.headers.get("retry-after") and body["message"]
            self.untold += not told
            return False


def measure(bulk: int, room: int, singles: int) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory() as folder,
        System(
            Path(folder) / "data",
            SOUVENIR_MAX_WAITING_OF_PROJECT=str(room),
            SOUVENIR_LOG_LEVEL="INFO",
        ) as system,
    ):
        asyncio.run(_let_in(system.environment("status")["QDRANT_URL"]))
        same = Tenant(system, system.key, "ben")
        other = Tenant(system, OTHER_KEY, "cy")
        other.single_adds(WARM_UP)
        idle = other.single_adds(singles)
        bulk_user = Tenant(system, system.key, "ana")
        flood = Flood(bulk_user, bulk)
        flood.wait_until_full()
        waiting = waiting_jobs(system)
        beside = other.single_adds(singles)
        left = waiting_jobs(system)
        flood.join()
        of_same = same.single_adds(singles)
        began = time.perf_counter()
        ends = Counter(ended(bulk_user, task) for task in flood.accepted)
        return {
            "jobs_done_between_acceptance_and_first_try": jobs_before(system),
            "bulk": bulk,
            "room": room,
            "accepted": len(flood.accepted),
            "ends": dict(ends),
            "answers": dict(flood.answers),
            "refusals_without_reason_or_time": flood.untold,
            "waiting_before_and_after_singles": [waiting, left],
            "drained_s": round(time.perf_counter() - began, 1),
            "idle_ms": spread(idle),
            "other_project_ms": spread(beside),
            "same_project_ms": spread(of_same),
            "ratio_p95": round(spread(beside)["p95"] / spread(idle)["p95"], 2),
        }


def jobs_before(system: System) -> dict[str, int]:
    """How many jobs of the bulk had their end while a single add of the other project
    waited for a worker: how often each number occurs. With one worker 1 is the job that
    was running. Independent of the speed of the machine.
    """
    lines = [
        json.loads(line)
        for line in system.log("worker-text").splitlines()
        if '"job_ended"' in line
    ]
    ends = [ended_at(line) for line in lines if line["project"] == DEFAULT_PROJECT]
    counts: Counter[str] = Counter()
    for line in lines:
        if line["project"] != SECOND or "waited_ms" not in line:
            continue
        accepted = ended_at(line) - line["total_ms"] / 1000
        begun = accepted + line["waited_ms"] / 1000
        counts[str(sum(accepted < end < begun for end in ends))] += 1
    return dict(sorted(counts.items()))


def ended_at(line: dict[str, Any]) -> float:
    """Epoch seconds."""
    return datetime.fromisoformat(line["time"]).timestamp()


async def _let_in(qdrant_url: str) -> None:
    client = AsyncQdrantClient(url=qdrant_url)
    await QdrantKeys(client, Settings().prefix).put(OTHER_KEY, SECOND)
    await client.close()


def waiting_jobs(system: System) -> int:
    time.sleep(6)  # the figure is up to 5 s old
    return round(sum(system.metrics("status")["souvenir_jobs_waiting"].values()))


def ended(tenant: Tenant, task: str) -> str:
    while (state := tenant.state(task)) == "running":
        time.sleep(0.2)
    return state


def spread(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": round(cuts[49]), "p95": round(cuts[94]), "max": round(max(times))}


def table(figures: dict[str, Any]) -> str:
    rows = [
        ("", "p50, ms", "p95, ms", "longest, ms"),
        *(
            (name, *(str(round(value)) for value in figures[key].values()))
            for name, key in (
                ("single add, nobody else there", "idle_ms"),
                ("single add of another project", "other_project_ms"),
                ("single add of the same project", "same_project_ms"),
            )
        ),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    rest = {key: value for key, value in figures.items() if not key.endswith("_ms")}
    return "\n".join((*lines, *(f"{key}: {value}" for key, value in rest.items())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bulk", type=int, default=500)
    parser.add_argument("--room", type=int, default=300)
    parser.add_argument("--singles", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures = measure(given.bulk, given.room, given.singles)
    print(json.dumps(figures) if given.json else table(figures))


if __name__ == "__main__":
    main()
