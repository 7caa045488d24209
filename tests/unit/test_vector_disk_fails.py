"""A disk that does not take what is written: nothing is said to be there that may not
be, and neither of two engines goes before it is known which one is in charge.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.vectors import indexing, optimize, records
from services.vectors.records import read_record, write_record
from services.vectors.registry import Registry
from services.vectors.shards import DiskFailed, Shard
from services.vectors.translate import write_requests as writes

BODY = {"vectors": {"dense": {"size": 4, "distance": "Cosine"}}}


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What this process would have been sent."""
    sent: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _, number: sent.append(number))
    return sent


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """One with the collection `c`."""
    registry = Registry(tmp_path)
    registry.open()
    registry.create("c", BODY)
    yield registry
    registry.close()


@pytest.fixture
def optimized(monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is taken to be indexed as it is."""
    run = indexing._run

    async def copy_only(*command: str, **expected: object) -> int:
        return await run(*command) if command[0] == "cp" else optimize.DONE

    monkeypatch.setattr(indexing, "_run", copy_only)


async def put(shard: Shard, id: int) -> None:
    point = {"id": id, "vector": {"dense": [1.0] * 4}, "payload": {}}
    await shard.write(list(writes.upsert({"points": [point]})))


def break_syncs_of(
    monkeypatch: pytest.MonkeyPatch, folder: Path, only: str | None = None
) -> None:
    """A record's folder, or one file in it, cannot be synced any more."""
    really = records.sync_path

    def sync_path(path: Path) -> None:
        if path == (folder / only if only else folder):
            raise OSError("the disk is gone")
        really(path)

    monkeypatch.setattr(records, "sync_path", sync_path)


def engines(shard: Shard) -> set[str]:
    return {path.name for path in shard.folder.glob("engine-*")}


async def test_after_a_failed_sync_no_write_is_said_to_be_on_the_disk(
    registry: Registry, signals: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    shard = registry.get("c")
    await put(shard, 1)
    begun, go = threading.Event(), threading.Event()
    really = os.fsync

    def fails_once(handle: int) -> None:
        monkeypatch.setattr(os, "fsync", really)
        begun.set()
        assert go.wait(30)
        raise OSError("the disk is gone")

    monkeypatch.setattr(os, "fsync", fails_once)
    first = asyncio.create_task(put(shard, 2))
    assert await asyncio.to_thread(begun.wait, 30)
    second = asyncio.create_task(put(shard, 3))
    while shard.engine.info().points_count < 3:
        await asyncio.sleep(0)
    go.set()
    told = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(error) for error in told] == [OSError, DiskFailed]
    with pytest.raises(DiskFailed):
        await put(shard, 4)
    assert shard.engine.info().points_count == 3
    assert signals == [signal.SIGTERM]


@pytest.mark.usefixtures("optimized")
async def test_no_engine_goes_while_it_is_open_which_one_the_record_names(
    registry: Registry,
    signals: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shard = registry.get("c")
    await put(shard, 1)
    old = shard.record.engine
    with monkeypatch.context() as broken:
        break_syncs_of(broken, shard.folder)
        with pytest.raises(OSError, match="may not last"):
            await indexing.index(shard)
    named = read_record(shard.folder)
    assert named is not None and named.engine != old
    assert engines(shard) == {old, named.engine}
    assert signals == [signal.SIGTERM]
    with pytest.raises(DiskFailed):
        await put(shard, 2)

    registry.close()
    registry.open()
    again = registry.get("c")
    assert again.engine.info().points_count == 1
    assert engines(again) == {named.engine}


@pytest.mark.usefixtures("optimized")
async def test_a_record_that_was_not_replaced_leaves_the_old_engine_in_charge(
    registry: Registry, signals: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    shard = registry.get("c")
    old = shard.record.engine
    with monkeypatch.context() as broken:
        break_syncs_of(broken, shard.folder, "collection.json.draft")
        with pytest.raises(OSError, match="gone"):
            await indexing.index(shard)
    assert engines(shard) == {old}
    await put(shard, 1)
    assert signals == []


async def test_what_the_record_says_of_vectors_is_in_doubt_too(
    registry: Registry, signals: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    shard = registry.get("c")
    with monkeypatch.context() as broken:
        break_syncs_of(broken, shard.folder)
        with pytest.raises(OSError, match="may not last"):
            shard.describe_vectors({})
    with pytest.raises(DiskFailed):
        await put(shard, 1)
    assert signals == [signal.SIGTERM]


async def test_the_start_removes_no_engine_while_the_named_one_is_missing(
    registry: Registry,
) -> None:
    shard = registry.get("c")
    record = shard.record
    registry.close()
    other = shard.folder / "engine-other"
    (shard.folder / record.engine).rename(other)
    with pytest.raises(Exception, match="does not exist"):
        registry.open()
    assert other.exists()
    shutil.move(other, shard.folder / record.engine)


async def test_the_start_syncs_the_record_before_an_engine_goes(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    shard = registry.get("c")
    registry.close()
    other = shard.folder / "engine-other"
    other.mkdir()
    with monkeypatch.context() as broken:
        break_syncs_of(broken, shard.folder)
        with pytest.raises(OSError, match="may not last"):
            registry.open()
    assert other.exists()
    write_record(shard.folder, shard.record)
    registry.open()
    assert not other.exists()
