"""The collections of one data folder: created, opened, deleted."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

import qdrant_edge as edge

from services.vectors.log_sync import sync_path, sync_tree
from services.vectors.records import Record, read_record, write_record
from services.vectors.shards import DiskFailed, Shard, UnknownCollection
from services.vectors.translate import collections
from services.vectors.translate.validation import Body, Malformed


class CollectionExists(Exception):
    """There is one of that name already: answered 409."""


class Registry:
    """All collections under one folder. A collection exists once its record does."""

    def __init__(self, folder: Path, *, synced: bool = True) -> None:
        """`synced`: a write returns once it is on disk."""
        self._folder = folder
        self._synced = synced
        self._shards: dict[str, Shard] = {}

    def open(self) -> None:
        """Open every collection; leftovers of a create, delete or indexing that was cut
        short are removed.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        folders = [folder for folder in self._folder.iterdir() if folder.is_dir()]
        for folder in sorted(folders):
            record = read_record(folder)
            if record is None:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            engine = edge.EdgeShard.load(str(folder / record.engine))
            _remove_other_engines(folder, record)
            self._shards[unquote(folder.name)] = self._shard(folder, record, engine)

    def __iter__(self) -> Iterator[Shard]:
        return iter(list(self._shards.values()))

    def names(self) -> list[str]:
        """The names of all collections."""
        return list(self._shards)

    def get(self, name: str) -> Shard:
        """The collection of that name, or UnknownCollection."""
        try:
            return self._shards[name]
        except KeyError:
            raise UnknownCollection(name) from None

    def create(self, name: str, body: Body) -> None:
        """Create a collection as its request says."""
        if name in self._shards:
            raise CollectionExists(f"Wrong input: Collection `{name}` already exists!")
        quoted = quote(name, safe="")
        if not name or len(quoted) > 255 or name.startswith("."):
            raise Malformed(f"collection name `{name}` cannot be used")
        folder = self._folder / quoted
        record = Record(body, f"engine-{uuid4().hex}", 0)
        try:
            config = collections.engine_config(body)
            (folder / record.engine).mkdir(parents=True)
            engine = edge.EdgeShard.create(str(folder / record.engine), config)
            if not collections.has_vectors(body):
                engine.update(collections.delete_placeholder_vector())
            engine.flush()
            sync_tree(folder)
            write_record(folder, record)
            sync_path(self._folder)
            self._shards[name] = self._shard(folder, record, engine)
        except BaseException:
            with suppress(OSError):  # first, so that none is left that names no engine
                Record.delete(folder)
            shutil.rmtree(folder, ignore_errors=True)
            raise

    async def delete(self, name: str) -> bool:
        """Delete a collection and its files; False when there was none. A write that has
        begun ends first; until then the collection is there, and its name is taken.
        """
        shard = self._shards.get(name)
        if shard is None:
            return False
        if shard.indexing:
            shard.indexing.cancel()
            await asyncio.wait([shard.indexing])
        async with shard.write_lock:
            if shard.closed:  # somebody else has deleted it meanwhile
                return False
            try:
                gone = shard.set_aside()
            finally:
                del self._shards[name]
        with suppress(DiskFailed):  # of a write that is deleted with the rest
            await shard.committed()  # the last round closes the log's files
        await asyncio.to_thread(shutil.rmtree, gone, ignore_errors=True)
        return True

    def _shard(self, folder: Path, record: Record, engine: Any) -> Shard:
        return Shard(folder, record, engine, synced=self._synced)

    def close(self) -> None:
        """Close every collection."""
        while self._shards:
            self._shards.popitem()[1].close()


def _remove_other_engines(folder: Path, record: Record) -> None:
    """Indexing that was cut short leaves one. Where it ended between its last two steps,
    the disk may still have the record that names the other folder. Raises OSError.
    """
    others = [
        inner
        for inner in folder.iterdir()
        if inner.is_dir() and inner.name != record.engine
    ]
    if others:  # written anew: a sync that failed once says nothing the next time
        write_record(folder, record)
    for other in others:
        shutil.rmtree(other, ignore_errors=True)
