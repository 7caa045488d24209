"""The name of a collection is taken until its files are out of the way."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import pytest

from services.vectors.indexing import index
from services.vectors.registry import CollectionExists, Registry
from services.vectors.shards import UnknownCollection
from services.vectors.translate import write_requests as writes

BODY = {"vectors": {"dense": {"size": 4, "distance": "Cosine"}}}
ONE = {"id": 1, "vector": {"dense": [1.0] * 4}, "payload": {}}


async def test_a_name_is_free_once_the_deletion_is_done(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.create("c", BODY)
    old = registry.get("c")
    async with old.write_lock:
        deletion = asyncio.create_task(registry.delete("c"))
        twice = asyncio.create_task(registry.delete("c"))
        await asyncio.sleep(0)
        with pytest.raises(CollectionExists):
            registry.create("c", BODY)
    assert [await deletion, await twice] == [True, False]

    registry.create("c", BODY)
    await registry.get("c").write(list(writes.upsert({"points": [ONE]})))
    registry.close()
    registry.open()
    assert registry.get("c").engine.info().points_count == 1
    registry.close()


async def test_what_had_begun_touches_no_collection_that_took_the_name(
    tmp_path: Path,
) -> None:
    registry = Registry(tmp_path)
    registry.create("c", BODY)
    old = registry.get("c")
    assert await registry.delete("c")
    registry.create("c", BODY)
    record = registry.get("c").record
    with pytest.raises(UnknownCollection):
        old.describe_vectors({})
    with pytest.raises(UnknownCollection):
        old.replace_engine(tmp_path / "c" / "engine-other", registry.get("c").engine)
    with pytest.raises(UnknownCollection):
        await index(old)
    registry.close()
    registry.open()
    assert registry.get("c").record == record
    registry.close()


async def test_a_deletion_during_a_sync_is_no_failure_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _, number: signals.append(number))
    begun, go = threading.Event(), threading.Event()
    really = os.fsync

    def slowly(handle: int) -> None:
        if threading.current_thread() is not threading.main_thread():
            begun.set()
            assert go.wait(30)
        really(handle)

    registry = Registry(tmp_path)
    registry.create("c", BODY)
    monkeypatch.setattr(os, "fsync", slowly)
    write = asyncio.create_task(
        registry.get("c").write(list(writes.upsert({"points": [ONE]})))
    )
    assert await asyncio.to_thread(begun.wait, 30)
    deletion = asyncio.create_task(registry.delete("c"))
    while registry.names():
        await asyncio.sleep(0)
    go.set()
    assert await write == 1 and await deletion
    assert signals == [] and list(tmp_path.iterdir()) == []
