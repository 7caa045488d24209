"""Messages a second until they are refined and can be found, beside the embedder alone on
the same messages with as many processes (the limit), and beside published `mem0ai`, which
stores them as they are, with the same embedder (`--peer`, see `tests.benchmarks.peer`).
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from shared.adapters.onnx.embedder import best_embedder
from tests.benchmarks.cloud_calls import CloudCalls, calls_of
from tests.benchmarks.report import Report, Table
from tests.benchmarks.said import turns
from tests.benchmarks.sizes import Sizes
from tests.support.system import ROOT, System
from workers.__main__ import text_processes, usable_cores

SESSION = 20
"""Messages of one add, where whole sessions are added."""
PEER = ROOT / "tests" / "benchmarks" / "peer_mem0.py"


def run(sizes: Sizes) -> Report:
    """Measure."""
    said = turns(sizes.turns)
    ways = {"one message an add": 1, f"sessions of {SESSION} an add": SESSION}
    rates: dict[tuple[str, str], list[float]] = {}
    processes = text_processes(usable_cores())
    for _ in range(sizes.runs):
        for way, size in ways.items():
            parts = [said[at : at + size] for at in range(0, len(said), size)]
            rates.setdefault((way, "souvenir"), []).append(ours(parts))
            rates.setdefault((way, "limit"), []).append(
                embedder_alone(parts, processes)
            )
        if sizes.peer:
            for way, rate in zip(ways, peer(sizes.peer, said, SESSION), strict=True):
                rates.setdefault((way, "mem0ai"), []).append(rate)
    return _report(
        ways, {key: median(found) for key, found in rates.items()}, processes
    )


def ours(parts: Sequence[Sequence[str]]) -> float:
    """Messages a second of a fresh system, from the first add to the last end."""
    with (
        tempfile.TemporaryDirectory() as folder,
        System(Path(folder) / "data") as system,
        calls_of(system) as calls,
    ):
        _warm(calls)
        began = time.perf_counter()
        tasks = [calls.add("ana", *part, talk="long") for part in parts]
        states = calls.finish(tasks)
        seconds = time.perf_counter() - began
    assert set(states) == {"completed"}, states
    return sum(map(len, parts)) / seconds


def _warm(calls: CloudCalls) -> None:
    """The models are loaded when this is refined."""
    for number in range(4):
        calls.finish([calls.add(f"warm {number}", "I moved to a flat near the river.")])


def embedder_alone(parts: Sequence[Sequence[str]], processes: int) -> float:
    """Messages a second of the embedder, each part in one call, the parts shared out."""
    shares = [parts[number::processes] for number in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(_embed, [[["I moved to a flat near the river."]]] * processes)
        began = time.perf_counter()
        pool.map(_embed, shares, chunksize=1)
        seconds = time.perf_counter() - began
    return sum(map(len, parts)) / seconds


_LOADED = []


def _embed(parts: Sequence[Sequence[str]]) -> None:
    if not _LOADED:
        _LOADED.append(best_embedder())

    async def embed() -> None:
        for part in parts:
            await _LOADED[0].passages(part)

    asyncio.run(embed())


def peer(python: Path, said: Sequence[str], session: int) -> tuple[float, float]:
    """Messages a second of mem0ai, one message an add and sessions. Raises
    CalledProcessError where it does not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked = json.dumps({"said": list(said), "session": session, "folder": folder})
        one, sessions = run_peer(python, "ingest", asked)
    return one, sessions


def run_peer(python: Path, work: str, asked: str) -> list[float]:
    """What the peer prints for some work. Raises CalledProcessError."""
    done = subprocess.run(
        [python.absolute(), PEER, work],
        input=asked,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
    )
    figures: list[float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _report(
    ways: dict[str, int], rates: dict[tuple[str, str], float], processes: int
) -> Report:
    table = Table(
        ("messages", "souvenir, a second", "embedder alone", "mem0ai", "of the limit")
    )
    figures, targets = {}, {}
    for way, size in ways.items():
        own, limit, other = (
            rates.get((way, who)) for who in ("souvenir", "limit", "mem0ai")
        )
        assert own and limit
        table.row(way, own, limit, other, f"{own / limit:.0%}")
        name = "whole sessions" if size > 1 else "one message an add"
        figures[f"{name}, of the limit"] = round(own / limit, 2)
        targets[f"{name}, of the limit"] = ">= 0.9" if size > 1 else ""
        if other:
            figures[f"{name}, times mem0ai"] = round(own / other, 2)
            targets[f"{name}, times mem0ai"] = ">= 8" if size > 1 else ">= 4"
    note = f"{processes} process(es) of text. mem0ai keeps messages as they are (infer=False)."
    return Report(
        "ingest", "Ingest: until it can be found", [table], (), figures, targets, [note]
    )
