"""Load beyond capacity: what is accepted is done, what is refused is said, and a second
tenant's single adds are hardly slower than when nobody else is there.

    python -m tests.benchmarks.overload [--room 40] [--singles 8] [--minutes 4] [--json]

A system of its own on fresh data, in which `room` tasks of a project may wait. One
project sends asynchronous adds of one user from four callers as fast as they are
answered; who is refused waits as long as the answer says and asks again. Meanwhile a
user of another project and another user of the same project send single adds in turn,
`singles` each, and wait for the memories; then the import stops, and all that was
accepted is waited for. After `minutes` no further single add is sent; what has not ended
so many minutes after the import is printed as `running`. Times are of this machine on
this day: compare with idle.
"""

from __future__ import annotations

import argparse
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

from shared.domain.api_key import DEFAULT_PROJECT
from tests.benchmarks.made_adds import sentence
from tests.support.system import System

SECOND = "second"
CALLERS = 4
WARM_UP = 3
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

    def single_add(self) -> float:
        """Milliseconds until its memories are there."""
        began = time.perf_counter()
        answer = self.add(asynchronous=False).raise_for_status()
        task = answer.json()["data"]["task_id"]
        while self.state(task) == "running":  # it took longer than a call waits
            time.sleep(0.05)
        return (time.perf_counter() - began) * 1000

    def state(self, task: str) -> str:
        answer = self._client.post("get/status", json={"task_id": task})
        return str(answer.raise_for_status().json()["data"]["status"])


class Flood:
    """Asynchronous adds as fast as they are answered, until `stop`."""

    def __init__(self, tenant: Tenant) -> None:
        self.accepted: list[str] = []
        self.answers: Counter[str] = Counter()
        self.untold = 0
        """Refusals without a code or a Retry-After."""
        self._tenant = tenant
        self._lock = threading.Lock()
        self._full = threading.Event()
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(CALLERS)
        self._callers = [self._pool.submit(self._send) for _ in range(CALLERS)]

    def wait_until_full(self) -> None:
        """Until something is refused."""
        while not self._full.wait(0.1):
            for caller in self._callers:
                if caller.done():
                    caller.result()

    def stop(self) -> None:
        """Send no more; returns when every caller has its last answer."""
        self._over.set()
        for caller in self._callers:
            caller.result()

    def _send(self) -> None:
        while not self._over.is_set():
            pause = self._pause_after(self._tenant.add(asynchronous=True))
            self._over.wait(pause)

    def _pause_after(self, answer: httpx.Response) -> float:
        """Seconds until the caller asks again."""
        body = answer.json()
        with self._lock:
            self.answers[f"{answer.status_code} {body['code']}"] += 1
            if answer.status_code == httpx.codes.OK:
                self.accepted.append(body["data"]["task_id"])
                return 0.0
            self._full.set()
            told = answer.headers.get("retry-after")
            self.untold += not (told and body["message"])
            return float(told or 1)


def measure(room: int, singles: int, minutes: float) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory() as folder,
        System(
            Path(folder) / "data",
            SOUVENIR_MAX_WAITING_OF_PROJECT=str(room),
            SOUVENIR_LOG_LEVEL="INFO",
        ) as system,
    ):
        return _measured(system, room, singles, minutes)


def _measured(
    system: System, room: int, singles: int, minutes: float
) -> dict[str, Any]:
    deadline = time.monotonic() + minutes * 60
    key = system.post("project/keys", project=SECOND, name="second tenant")["key"]
    same = Tenant(system, system.key, "ben")
    other = Tenant(system, key, "cy")
    for _ in range(WARM_UP):
        other.single_add()
    idle = [other.single_add() for _ in range(singles)]
    bulk_user = Tenant(system, system.key, "ana")
    flood = Flood(bulk_user)
    flood.wait_until_full()
    waiting = waiting_jobs(system)
    beside, of_same = list[float](), list[float]()
    while len(of_same) < singles and time.monotonic() < deadline:
        beside.append(other.single_add())
        of_same.append(same.single_add())
    left = waiting_jobs(system)
    flood.stop()
    began = time.monotonic()
    patience = began + minutes * 60
    ends = Counter(ended(bulk_user, task, patience) for task in flood.accepted)
    return {
        "jobs_done_between_acceptance_and_first_try": jobs_before(system),
        "room": room,
        "accepted": len(flood.accepted),
        "ends": dict(ends),
        "answers": dict(flood.answers),
        "refusals_without_reason_or_time": flood.untold,
        "waiting_before_and_after_singles": [waiting, left],
        "drained_s": round(time.monotonic() - began, 1),
        "single_adds": [len(idle), len(beside), len(of_same)],
        "idle_ms": spread(idle),
        "other_project_ms": spread(beside),
        "same_project_ms": spread(of_same),
        "ratio_p95": round(spread(beside)["p95"] / spread(idle)["p95"], 2),
        "ratio_p95_same_project": round(
            spread(of_same)["p95"] / spread(idle)["p95"], 2
        ),
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


def waiting_jobs(system: System) -> int:
    time.sleep(6)  # the figure is up to 5 s old
    return round(sum(system.metrics("status")["souvenir_jobs_waiting"].values()))


def ended(tenant: Tenant, task: str, patience: float) -> str:
    """How a task ended; `running` where it has not by then."""
    while (state := tenant.state(task)) == "running" and time.monotonic() < patience:
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
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--room", type=int, default=40)
    parser.add_argument("--singles", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures = measure(given.room, given.singles, given.minutes)
    print(json.dumps(figures) if given.json else table(figures))


if __name__ == "__main__":
    main()
