"""Indexing puts another engine in the place of one whose log is being synced."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import pytest

from services.vectors import indexing, log_sync, optimize
from services.vectors.registry import Registry

BODY = {"vectors": {"dense": {"size": 4, "distance": "Cosine"}}}


@pytest.fixture
def optimized(monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is taken to be indexed as it is."""
    run = indexing._run

    async def copy_only(*command: str, **expected: object) -> int:
        return await run(*command) if command[0] == "cp" else optimize.DONE

    monkeypatch.setattr(indexing, "_run", copy_only)


@pytest.mark.usefixtures("optimized")
async def test_a_sync_under_way_ends_before_its_folder_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = threading.Event(), threading.Event()
    really, synced = os.fsync, list[int]()

    def slowly(handle: int) -> None:
        if threading.current_thread() is threading.main_thread():  # of the record
            return really(handle)
        begun.set()
        assert go.wait(30)
        really(handle)
        synced.append(os.fstat(handle).st_ino)

    registry = Registry(tmp_path)
    registry.create("c", BODY)
    shard = registry.get("c")
    old = tmp_path / "c" / shard.record.engine
    logs = [(old / log_sync.LOG).stat().st_ino]
    monkeypatch.setattr(os, "fsync", slowly)
    write = asyncio.create_task(shard.write([]))
    assert await asyncio.to_thread(begun.wait, 30)

    index = asyncio.create_task(indexing.index(shard))
    async with asyncio.timeout(30):
        while shard.record.engine == old.name:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0)
    assert old.exists() and not index.done()
    go.set()
    assert await write == 0 and await index
    new = tmp_path / "c" / shard.record.engine
    logs.append((new / log_sync.LOG).stat().st_ino)
    assert [inode for inode in synced if inode in logs] == logs
    assert not old.exists() and new.exists()
    shard.close()
