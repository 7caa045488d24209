"""What it costs that an add is on the disk before it is answered.

    python -m tests.benchmarks.durable_writes [--adds 200]

Two whole systems run side by side, with SOUVENIR_DURABLE_WRITES on and off; their
workers stand still, and each add goes to one and then to the other. Printed: p50 and p95
of an asynchronous add in milliseconds, one at a time and eight at a time.
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles

import httpx

from tests.support.system import System, descendants

AT_ONCE = (1, 8)
_WARM = 10


def main() -> None:
    """Start both and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--adds", type=int, default=200)
    adds = parser.parse_args().adds
    with (
        tempfile.TemporaryDirectory(prefix="souvenir-durable-") as folder,
        ExitStack() as stack,
    ):
        systems = {
            word: stack.enter_context(
                System(Path(folder) / word, SOUVENIR_DURABLE_WRITES=word)
            )
            for word in ("on", "off")
        }
        for system in systems.values():
            stack.enter_context(without_workers(system))
        print("| adds at a time | durable writes | p50 ms | p95 ms |")
        print("|---|---|---|---|")
        for at_once in AT_ONCE:
            for word, times in measured(systems, adds, at_once).items():
                cuts = quantiles(times, n=20)
                p50, p95 = cuts[9] * 1000, cuts[18] * 1000
                print(f"| {at_once} | {word} | {p50:.0f} | {p95:.0f} |", flush=True)


@contextmanager
def without_workers(system: System) -> Iterator[None]:
    """Workers stand still meanwhile: only the way of an add is measured."""
    workers = {pid for name, pid in system.pids.items() if name.startswith("worker")}
    for pid in list(workers):
        workers |= descendants(pid)
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)


def measured(
    systems: Mapping[str, System], adds: int, at_once: int
) -> dict[str, list[float]]:
    """Seconds of each add; the systems take turns, so that both see the same machine."""
    times: dict[str, list[float]] = {word: [] for word in systems}
    with ThreadPoolExecutor(at_once) as pool, ExitStack() as stack:
        clients = {
            word: stack.enter_context(client(system))
            for word, system in systems.items()
        }
        for round in range(-_WARM, adds // at_once):
            for word, sender in clients.items():
                numbers = range(round * at_once, (round + 1) * at_once)
                results = list(
                    pool.map(lambda n, s=sender: add(s, f"{at_once}-{n}"), numbers)
                )
                if round >= 0:
                    times[word] += results
    return times


def client(system: System) -> httpx.Client:
    """With the system's key."""
    headers = {"Authorization": f"Token {system.key}"}
    return httpx.Client(base_url=system.base_url, headers=headers, timeout=60)


def add(sender: httpx.Client, name: str) -> float:
    """One asynchronous add; seconds to its answer."""
    body = {
        "user_id": "u",
        "conversation_id": name,
        "messages": [{"role": "user", "content": f"Box {name} is in the attic."}],
    }
    started = time.perf_counter()
    sender.post("/add/message", json=body).raise_for_status()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
