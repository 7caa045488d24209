"""Memory, disk and start: each process idle and after load, bytes a memory, start time
with many.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from services.vectors.log_sync import LOG
from tests.benchmarks.cloud_calls import calls_of
from tests.benchmarks.made_memories import fill, opened
from tests.benchmarks.report import Report, Table
from tests.benchmarks.said import turns
from tests.benchmarks.sizes import Sizes
from tests.support.system import System, descendants
from tests.support.vector_node import VectorNode, vector_node


def run(sizes: Sizes) -> Report:
    """Measure."""
    processes = Table(("process", "idle MB", "after load MB"))
    starts = Table(("start", "seconds"))
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder) / "data")
        starts.row("the first, on an empty folder", _seconds_of(system))
        try:
            idle = memory_of(system)
            with calls_of(system) as calls:
                texts = turns(sizes.turns)
                calls.finish(
                    [calls.add(f"user {n % 9}", text) for n, text in enumerate(texts)]
                )
                for number in range(sizes.searches):
                    calls.search(f"user {number % 9}", f"Where do I live, {number}?")
            busy = memory_of(system)
        finally:
            system.stop()
        starts.row(f"with {sizes.turns} messages", _seconds_of(system))
        system.stop()
    for name, size in idle.items():
        processes.row(name, size, busy.get(name))
    processes.row("together", sum(idle.values()), sum(busy.values()))
    stores = Table(
        (
            "memories",
            "bytes on disk, each",
            "log beside it, MB",
            "bytes in RAM, each",
            "start of the node, s",
        )
    )
    for size in sizes.memories:
        stores.row(size, *_stored(size))
    return Report(
        "footprint",
        "Memory, disk and start",
        [processes, starts, stores],
        figures={
            "idle_MB_together": round(sum(idle.values())),
            f"bytes_on_disk_each_at_{sizes.memories[-1]}": stores.rows[-1][1],
        },
        targets={
            "idle_MB_together": "<= 450",
            f"bytes_on_disk_each_at_{sizes.memories[-1]}": "<= 2500",
        },
        notes=(
            "MB are proportional set sizes: what processes share is divided among them. "
            "RAM a memory is what the vector node grew by, pages of files included.",
            "The log keeps the last writes, in two files of 32 MB at most, however many "
            "memories there are: it is not divided among them.",
        ),
    )


def _seconds_of(system: System) -> float:
    began = time.perf_counter()
    system.start()
    return time.perf_counter() - began


def memory_of(system: System) -> dict[str, float]:
    """MB of each process with its children."""
    sizes = {"launcher": proportional_kb(system.pid) / 1024}
    for name, pid in sorted(system.pids.items()):
        tree = {pid, *descendants(pid)}
        sizes[name] = sum(map(proportional_kb, tree)) / 1024
    return sizes


def proportional_kb(pid: int) -> int:
    """What a process holds alone, and its share of what it has in common with others;
    0 for one that has ended.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _stored(size: int) -> tuple[int, float, int, float]:
    """Bytes a memory on disk, MB of the log, bytes a memory in RAM, and the seconds of a
    start with all of them. What an empty node takes after a restart is not counted.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "node"
        with vector_node(place) as node:
            _restarted(node, 0)
            empty_kb = proportional_kb(node.process.pid)
            empty = _on_disk(place) - _log_bytes(place)
            seconds = _restarted(node, size)
            ram_kb = proportional_kb(node.process.pid) - empty_kb
            log = _log_bytes(place)
            disk = _on_disk(place) - log - empty
    return disk // size, log / 1024**2, max(0, ram_kb * 1024 // size), seconds


def _restarted(node: VectorNode, more: int) -> float:
    """Writes so many memories, stops the node (everything is flushed), and starts it
    again; the seconds of the start.
    """
    asyncio.run(_fill(node.url, more))
    node.stop()
    began = time.perf_counter()
    node.start()
    seconds = time.perf_counter() - began
    asyncio.run(_count(node.url))
    return seconds


async def _fill(url: str, size: int) -> None:
    async with opened(url) as memories:
        await fill(memories, size, max(1, size // 200))


async def _count(url: str) -> None:
    """Reads from every segment, so that what is loaded at first use is loaded."""
    async with opened(url) as memories:
        await memories.counts("default")


def _log_bytes(place: Path) -> int:
    """Bytes of the logs of all collections."""
    return sum(map(_on_disk, place.rglob(LOG)))


def _on_disk(folder: Path) -> int:
    """Bytes that the files take, holes not counted."""
    return sum(
        path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file()
    )
