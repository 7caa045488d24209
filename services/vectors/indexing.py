"""Indexing a collection without stopping it.

The engine indexes and vacuums in `optimize()`, which stands between every reader and
writer until it is done (measured: 1.6 s at 10,000 points, 4 minutes at 100,000, the
whole process held). So it runs in another process, on a copy: writes go on meanwhile
and are recorded, are made up for on the copy when it is ready, and then the copy takes
over. The change-over is the replacement of one small file: a crash before it leaves the
old folder in charge, after it the new one.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import qdrant_edge as edge

from services.vectors import optimize
from services.vectors.shards import Done, Shard

_LAST_STRETCH = 20
"""Recorded changes that may be left for the moment when writers wait."""
_ROOM = 3
"""Free disk space asked for, in sizes of the collection."""


class NoRoom(Exception):
    """The disk has no space for a second copy."""


class IndexingFailed(Exception):
    """A process that copies or indexes did not end well."""


async def index(shard: Shard) -> bool:
    """Index one collection; False when the engine found nothing to do. Whatever goes
    wrong, the collection stays as it is.
    """
    folder = shard.folder / f"engine-{uuid4().hex}"
    try:
        await _copy(shard, folder)
        if not await _optimized(folder):
            return False
        engine = edge.EdgeShard.load(str(folder))
        old_folder, old_engine = await _take_over(shard, folder, engine)
        old_engine.close()
        folder = old_folder
        return True
    finally:
        shard.recording = None
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _copy(shard: Shard, folder: Path) -> None:
    """Copy the engine's files as of one moment; from that moment on, changes are
    recorded. Writers wait, readers do not.
    """
    current = shard.folder / shard.record.engine
    async with shard.turn:
        shard.flush()
        _check_room(current)
        await _run(
            "cp", "-R", str(current), str(folder)
        )  # keeps the holes in the log's files, which Python's copy would fill
        shard.recording, shard.changed = [], 0


def _check_room(folder: Path) -> None:
    size = sum(each.stat().st_blocks * 512 for each in folder.rglob("*"))
    if shutil.disk_usage(folder).free < _ROOM * size:
        raise NoRoom(
            f"{folder} takes {size} bytes, and the disk has no room for {_ROOM} times as much"
        )


async def _optimized(folder: Path) -> bool:
    arguments = sys.executable, "-m", optimize.__name__, str(folder)
    return (
        await _run(*arguments, good=(optimize.DONE, optimize.NOTHING_TO_DO))
        == optimize.DONE
    )


async def _run(*command: str, good: Collection[int] = (0,)) -> int:
    process = await asyncio.create_subprocess_exec(*command)
    try:
        code = await process.wait()
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    if code not in good:
        raise IndexingFailed(f"{' '.join(command)} ended with {code}")
    return code


async def _take_over(shard: Shard, folder: Path, engine: Any) -> tuple[Path, Any]:
    while len(shard.recording or ()) > _LAST_STRETCH:
        await _make_up(shard, engine)
    engine.flush()
    async with shard.turn:
        await _make_up(shard, engine)
        engine.flush()
        return shard.adopt(folder, engine)


async def _make_up(shard: Shard, engine: Any) -> None:
    recorded, shard.recording = shard.recording or [], []
    for done in recorded:
        _repeat(done, engine)
        await asyncio.sleep(0)


def _repeat(done: Done, engine: Any) -> None:
    try:
        engine.update(done.change.operation)
    except Exception:
        if not done.refused:
            raise
