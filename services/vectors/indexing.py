"""Indexing a collection without stopping it.

The engine indexes and vacuums in `optimize()`, which stands between every reader and
writer until it is done (measured: 1.6 s at 10,000 points, 4 minutes at 100,000, the
whole process held). So it runs in another process, on a copy: writes go on meanwhile
and are recorded, are replayed on the copy when it is ready, and then the copy takes
the place of the original. The switch is the replacement of one small file: a crash before it leaves the
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
from services.vectors.shards import Shard

_LAST_CHANGES = 20
"""Recorded changes that may be left to replay while writers wait."""
_ROOM_FACTOR = 3
"""Free disk space that indexing needs, in sizes of the collection."""
_BLOCK_BYTES = 512
"""What `st_blocks` counts in."""


class DiskTooFull(Exception):
    """The disk has no space for a second copy."""


class IndexingFailed(Exception):
    """A process that copies or indexes did not end well."""


async def index(shard: Shard) -> bool:
    """Index one collection; False when the engine found nothing to do. Whatever goes
    wrong, the collection stays as it is; where it is not known which folder the record
    on the disk names, both stay, and the next start removes one.
    """
    folder = shard.folder / f"engine-{uuid4().hex}"
    try:
        await _copy(shard, folder)
        optimizer = (sys.executable, "-m", optimize.__name__, str(folder))
        exit_code = await _run(
            *optimizer, expected=(optimize.DONE, optimize.NOTHING_TO_DO)
        )
        if exit_code == optimize.NOTHING_TO_DO:
            return False
        engine = edge.EdgeShard.load(str(folder))
        folder, old_engine = await _switch_to(shard, folder, engine)
        old_engine.close()
        # A sync of the old log may be under way, and the new one has had none.
        await shard.committed()
        return True
    finally:
        shard.recording = None
        if not shard.failed:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _copy(shard: Shard, folder: Path) -> None:
    """Copy the engine's files as of one moment; from that moment on, changes are
    recorded. Writers wait, readers do not.
    """
    current = shard.folder / shard.record.engine
    async with shard.write_lock:
        shard.check_writable()
        shard.flush()
        blocks = sum(file.stat().st_blocks for file in current.rglob("*"))
        size = blocks * _BLOCK_BYTES
        if shutil.disk_usage(current).free < _ROOM_FACTOR * size:
            raise DiskTooFull(
                f"{current} takes {size} bytes, and the disk has no room for "
                f"{_ROOM_FACTOR} times as much"
            )
        # cp keeps the holes in the log's files, which Python's copy would fill
        await _run("cp", "-R", str(current), str(folder))
        shard.recording = []
        shard.changed = 0


async def _run(*command: str, expected: Collection[int] = (0,)) -> int:
    """The exit code. Raises `IndexingFailed` for another than the expected ones."""
    process = await asyncio.create_subprocess_exec(*command)
    try:
        code = await process.wait()
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    if code not in expected:
        raise IndexingFailed(f"{' '.join(command)} ended with {code}")
    return code


async def _switch_to(shard: Shard, folder: Path, engine: Any) -> tuple[Path, Any]:
    """Replay what was recorded on the new engine and put it in charge; returns the old
    folder and engine.
    """
    while len(shard.recording or ()) > _LAST_CHANGES:
        await _replay(shard, engine)
    engine.flush()
    async with shard.write_lock:
        await _replay(shard, engine)
        engine.flush()
        return shard.replace_engine(folder, engine)


async def _replay(shard: Shard, engine: Any) -> None:
    recorded, shard.recording = shard.recording or [], []
    for applied in recorded:
        try:
            engine.update(applied.change.operation)
        except Exception:
            if not applied.refused:
                raise
        await asyncio.sleep(0)
