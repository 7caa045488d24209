"""How fast an add is answered, beside a bare endpoint that makes one message durable and
enqueues its id, on the same stores in the same minutes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import httpx

from services.launcher.child import die_with_parent
from services.launcher.network import free_ports
from tests.benchmarks.cloud_calls import CloudCalls, calls_of
from tests.benchmarks.durable_writes import without_workers
from tests.benchmarks.report import Report, Table
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.svg_plot import Plot
from tests.benchmarks.timing import Call, Spread, median_of, timed
from tests.support.system import System, until

WARM_UP = 10
SAID = "My friend number {} collects stamps of Portugal and lives by the river."


def run(sizes: Sizes) -> Report:
    """Measure."""
    table = Table(
        ("clients", "endpoint", "p50 ms", "p95 ms", "p99 ms", "requests a second")
    )
    measured: dict[tuple[str, int], Spread] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder) / "data") as system,
        without_workers(system),
        bare_endpoint(system) as bare,
        calls_of(system) as calls,
    ):
        adders = {"gateway": _Adder(calls), "bare": _BareAdder(bare)}
        for adder in adders.values():
            timed(adder.calls(WARM_UP))
        with blocked(system) as longest:
            for clients in sizes.clients:
                runs: dict[str, list[Spread]] = {name: [] for name in adders}
                for _ in range(sizes.runs):
                    for name, adder in adders.items():
                        runs[name].append(timed(adder.calls(sizes.adds), clients))
                for name, spreads in runs.items():
                    spread = measured[name, clients] = median_of(spreads)
                    table.row(
                        clients, name, spread.p50, spread.p95, spread.p99, spread.per_s
                    )
    one = sizes.clients[0]
    lines = {
        name: [(clients, measured[name, clients].p95) for clients in sizes.clients]
        for name in ("gateway", "bare")
    }
    return Report(
        "add",
        "Add: until it is answered",
        [table],
        [Plot("add", "p95 of an add", "clients at a time", "ms", lines)],
        figures={
            "p50_beside_the_bare_endpoint": round(
                measured["gateway", one].p50 / measured["bare", one].p50, 2
            ),
            "longest_answer_of_the_health_check_meanwhile_ms": round(longest[0], 1),
        },
        targets={
            "p50_beside_the_bare_endpoint": "<= 2",
            "longest_answer_of_the_health_check_meanwhile_ms": "<= 20",
        },
        notes=(
            "The workers stand still meanwhile. The health check is asked every 20 ms and "
            "waits for nothing but the gateway's event loop.",
        ),
    )


class _Adder:
    """Adds of one message each, every one another one."""

    def __init__(self, calls: CloudCalls) -> None:
        self._calls, self._numbers = calls, count()

    def calls(self, amount: int) -> list[Call]:
        return [
            lambda n=next(self._numbers): self._calls.add(
                f"user {n % 50}", SAID.format(n)
            )
            for _ in range(amount)
        ]


class _BareAdder:
    """The same to the bare endpoint."""

    def __init__(self, http: httpx.Client) -> None:
        self._http, self._numbers = http, count()

    def calls(self, amount: int) -> list[Call]:
        return [lambda n=next(self._numbers): self._add(n) for _ in range(amount)]

    def _add(self, number: int) -> None:
        body = {"user": f"user {number % 50}", "text": SAID.format(number)}
        self._http.post("/add", json=body).raise_for_status()


@contextmanager
def bare_endpoint(system: System) -> Iterator[httpx.Client]:
    """A client of the bare endpoint on the system's own stores."""
    settings, [port] = system.environment("gateway"), free_ports(1)
    url = f"http://127.0.0.1:{port}"
    command = ("--qdrant", settings["QDRANT_URL"], "--redis", settings["REDIS_URL"])
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.benchmarks.bare_endpoint",
            *command,
            "--port",
            str(port),
        ],
        preexec_fn=die_with_parent(),
    )
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    try:
        with httpx.Client(base_url=url, timeout=60, limits=limits) as http:
            until(lambda: _answers(http), "the bare endpoint")
            yield http
    finally:
        process.terminate()
        process.wait()


def _answers(http: httpx.Client) -> bool:
    try:
        return http.get("/ready").status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


@contextmanager
def blocked(system: System) -> Iterator[list[float]]:
    """Asks the gateway's health check again and again; the one value is the longest
    answer, ms.
    """
    longest, over = [0.0], threading.Event()

    def ask() -> None:
        with httpx.Client(timeout=60) as http:
            http.get(f"{system.url}/health")
            while not over.is_set():
                began = time.perf_counter()
                http.get(f"{system.url}/health")
                longest[0] = max(longest[0], (time.perf_counter() - began) * 1000)
                time.sleep(0.02)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield longest
    finally:
        over.set()
        thread.join()
