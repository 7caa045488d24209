"""Hours of a busy server in minutes: adds, files, searches and deletions all the time,
and every little while something is killed.

    python -m tests.faults.soak [--minutes 15] [--seed 1]

Printed: what was accepted, lost, doubled; answers to searches; what was killed; memory
of each process (MB, median of the first and of the last third); how many processes of the
whole machine wanted a processor meanwhile. Exits with 1 when
anything was lost or doubled or did not end.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx

from tests.faults.bench import Bench, kill_all, plain
from tests.faults.load import Load, sentence

IN_FLIGHT = 40
PAUSE_S = 8.0, 25.0
"""Least and most seconds between two kills."""
SAMPLE_S = 3.0
SEARCH_S = 0.5
DELETE_S = 5.0
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20

Act = Callable[[Bench], object]
KILLS: Mapping[str, Act] = {
    "worker child": lambda bench: kill_all(bench.children("worker-text")),
    "worker-text": lambda bench: kill_all(bench.tree("worker-text")),
    "worker-files": lambda bench: kill_all(bench.tree("worker-files")),
    "gateway": lambda bench: kill_all({bench.system.pids["gateway"]}),
    "status": lambda bench: kill_all({bench.system.pids["status"]}),
    "redis": lambda bench: kill_all({bench.system.pids["redis"]}),
    "vectors": lambda bench: kill_all({bench.system.pids["vectors"]}),
    "FLUSHALL": lambda bench: bench.system.redis().flushall(),
}


@dataclass
class Soak:
    """What runs beside the load, until `over`."""

    bench: Bench
    chance: random.Random
    over: threading.Event = field(default_factory=threading.Event)
    killed: Counter[str] = field(default_factory=Counter)
    searches: Counter[str] = field(default_factory=Counter)
    deletions: int = 0
    samples: dict[str, list[float]] = field(default_factory=dict)
    busy: list[float] = field(default_factory=list)
    """The machine's load, sampled."""

    def start(self) -> list[threading.Thread]:
        """All of it, each in a thread."""
        loops = (self._kill, self._search, self._delete, self._sample)
        threads = [threading.Thread(target=loop, daemon=True) for loop in loops]
        for thread in threads:
            thread.start()
        return threads

    def _kill(self) -> None:
        while not self.over.wait(self.chance.uniform(*PAUSE_S)):
            name = self.chance.choice(sorted(KILLS))
            # What was killed a moment ago may not be there yet.
            with suppress(Exception):
                KILLS[name](self.bench)
                self.killed[name] += 1

    def _search(self) -> None:
        while not self.over.wait(SEARCH_S):
            query = f"Where is box number {self.chance.randrange(500)}?"
            body = {"user_id": f"soak-{self.chance.randrange(4)}", "query": query}
            self.searches[
                "answered" if self._post("search/memory", body) else "not"
            ] += 1

    def _delete(self) -> None:
        """Users who come and go."""
        number = 0
        while not self.over.wait(DELETE_S):
            user = f"guest-{number}"
            said = {"role": "user", "content": sentence(number)}
            if self._post("add/message", {"user_id": user, "messages": [said]}):
                self.deletions += self._post("delete/memory", {"user_id": user})
            number += 1

    def _post(self, route: str, body: Mapping[str, object]) -> bool:
        """Whether it was answered well; what is being killed may not answer."""
        try:
            url = f"/api/openmem/v1/{route}"
            answer = self.bench.system.request("POST", url, json=body)
            return answer.status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def _sample(self) -> None:
        while not self.over.wait(SAMPLE_S):
            self.busy.append(os.getloadavg()[0])
            with suppress(OSError, ValueError, LookupError):  # it is started anew
                for name in self.bench.system.pids:
                    used = sum(map(memory_mb, self.bench.tree(name)))
                    self.samples.setdefault(name, []).append(used)


def memory_mb(pid: int) -> float:
    """Resident memory of a process of its own; 0 when it has gone."""
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_text().split()[1:3]
    except OSError:
        return 0.0
    return (int(resident) - int(shared)) * _PAGE_MB


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak")
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="souvenir-soak-") as folder,
        plain(Path(folder) / "system") as bench,
    ):
        soak = Soak(bench, random.Random(options.seed))
        load = Load(bench.system, "soak", 0, most_in_flight=IN_FLIGHT)
        files = Load(bench.system, "soak-files", 0, files=True, most_in_flight=4)
        load.start()
        files.start()
        threads = soak.start()
        time.sleep(options.minutes * 60)
        soak.over.set()
        for thread in threads:
            thread.join()
        load.enough()
        files.enough()
        outcomes = {"text": load.outcome(), "files": files.outcome()}
        for kind, outcome in outcomes.items():
            print(f"{kind}: {outcome}", flush=True)
        print(f"killed: {dict(soak.killed)}")
        print(f"searches: {dict(soak.searches)}, users deleted: {soak.deletions}")
        print(f"load, median: {median(soak.busy):.0f} on {os.cpu_count()} processors")
        print("| process | MB, first third | MB, last third |\n|---|---|---|")
        for name, samples in soak.samples.items():
            third = max(1, len(samples) // 3)
            first, last = median(samples[:third]), median(samples[-third:])
            print(f"| {name} | {first:.0f} | {last:.0f} |")
    return 0 if all(outcome.well for outcome in outcomes.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
