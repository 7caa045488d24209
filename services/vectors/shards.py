"""The collections of one data folder: one engine shard each, and the order in which
they are written.

Every call into the engine holds Python's interpreter lock for as long as it lasts
(measured for 0.9.0: another thread stands still during upsert, query, flush and
optimize alike). A thread pool would add hand-overs and no parallel work, and let
writers starve readers. So calls are made on the event loop itself, which serves the
connections in turn; one call is kept short (`writes.SLICE`), and between the slices of
a big write everybody else gets theirs.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from uuid import uuid4

import qdrant_edge as edge

from services.vectors.log_sync import LOG, GroupCommit, LogFiles, sync_path, sync_tree
from services.vectors.records import Record, read_record, write_record
from services.vectors.translate import collections
from services.vectors.translate.validation import Body, Malformed
from services.vectors.translate.write_requests import Change

log = logging.getLogger(__name__)


class UnknownCollection(Exception):
    """There is no collection of that name: answered 404."""


class CollectionExists(Exception):
    """There is one of that name already: answered 409."""


class DiskFull(Exception):
    """The disk has no room for a write: answered 507."""


RESERVE_BYTES = 64 * 1024 * 1024
"""Free space below which nothing is written: two files of the engine's log. They and
others are mapped into memory, where a full disk is no error but the end of the process.
"""


@dataclass(frozen=True, slots=True)
class AppliedChange:
    """A change that the engine was given."""

    change: Change
    refused: bool
    """Whether the engine raised; it may have applied the part before the mistake."""


class Shard:
    """One collection. `write_lock` is held by whoever writes: a write of several changes is
    not mixed with another.
    """

    def __init__(
        self, folder: Path, record: Record, engine: Any, *, synced: bool = True
    ) -> None:
        """`synced`: a write returns once it is on disk."""
        self.folder = folder
        self.record = record
        self.engine = engine
        self.write_lock = asyncio.Lock()
        self.changed = abs(engine.info().points_count - record.indexed)
        """Points changed since the last indexing, about."""
        self.unflushed = False
        self.written_at = time.monotonic()
        self.recording: list[AppliedChange] | None = None
        """Changes since the engine was copied for indexing; None when it is not."""
        self.indexing: asyncio.Task[None] | None = None
        self.closed = False
        self._operations = 0
        self._log = LogFiles()
        self._commit = GroupCommit(self._prepare_sync) if synced else None

    async def write(self, changes: Iterable[Change]) -> int:
        """Carry out changes in order; returns the number of the last one. What the
        engine raises goes to the caller. Raises `DiskFull`, and OSError when the disk
        does not take what was written.
        """
        async with self.write_lock:
            if self.closed:
                raise UnknownCollection(_missing(unquote(self.folder.name)))
            if shutil.disk_usage(self.folder).free < RESERVE_BYTES:
                raise DiskFull(f"the disk of {self.folder} is full")
            for change in changes:
                self._apply(change)
                await asyncio.sleep(0)
            number = self._operations
        await self.committed()
        return number

    async def committed(self) -> None:
        """Returns when all that was written before the call is on disk, and every sync
        that had begun before it has ended. Raises OSError.
        """
        if self._commit is not None:
            await self._commit.committed()

    @property
    def vectors(self) -> Mapping[str, Body]:
        """How the collection describes its dense vectors, by name."""
        return collections.dense_vectors(self.record.created)

    def describe_vectors(self, vectors: Mapping[str, Body]) -> None:
        """From here on, and after a restart, the collection says that it has these."""
        created = {**self.record.created, "vectors": dict(vectors)}
        record = replace(self.record, created=created)
        write_record(self.folder, record)
        self.record = record

    def flush(self) -> None:
        """Everything written so far to disk."""
        self.engine.flush()
        self.unflushed = False

    def close(self) -> None:
        """Everything to disk, then let go."""
        self.closed = True
        self.engine.flush()
        self.engine.close()

    async def remove(self) -> None:
        """Let go and delete the files; a write that has begun ends first."""
        if self.indexing:
            self.indexing.cancel()
            await asyncio.wait([self.indexing])
        async with self.write_lock:
            self.closed = True
            self.engine.close()
            Record.delete(self.folder)
            gone = self.folder.rename(self.folder.with_name(f".gone-{uuid4().hex}"))
        await self.committed()  # the last round closes the log's files
        await asyncio.to_thread(shutil.rmtree, gone, ignore_errors=True)

    def replace_engine(self, folder: Path, engine: Any) -> tuple[Path, Any]:
        """Go on with `engine`, which holds the same points in `folder`; returns the old
        folder and engine. Needs the write lock.
        """
        old = self.folder / self.record.engine, self.engine
        record = Record(self.record.created, folder.name, engine.info().points_count)
        write_record(self.folder, record)
        self.record, self.engine = record, engine
        return old

    def _prepare_sync(self) -> Callable[[], None]:
        """To be called on the event loop; what it returns, in a thread."""
        if self.closed:
            self._log.close()
            return lambda: None
        sync = self._log.prepare(self.folder / self.record.engine / LOG)

        def sync_or_end() -> None:
            try:
                sync()
            except OSError:
                # The kernel forgets what it could not write, and the next sync would
                # say that all is well: only a new start knows what is on the disk.
                log.critical("log_not_synced", extra={"collection": self.folder.name})
                os.kill(os.getpid(), signal.SIGTERM)
                raise

        return sync_or_end

    def _apply(self, change: Change) -> None:
        refused = True
        try:
            self.engine.update(change.operation)
            refused = False
        finally:
            self._operations += 1
            self.changed += change.points
            self.unflushed = True
            self.written_at = time.monotonic()
            if self.recording is not None:
                self.recording.append(AppliedChange(change, refused))


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
            for inner in folder.iterdir():
                if inner.is_dir() and inner.name != record.engine:
                    shutil.rmtree(inner, ignore_errors=True)
            engine = edge.EdgeShard.load(str(folder / record.engine))
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
            raise UnknownCollection(_missing(name)) from None

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
            shutil.rmtree(folder, ignore_errors=True)
            raise

    async def delete(self, name: str) -> bool:
        """Delete a collection and its files; False when there was none."""
        shard = self._shards.pop(name, None)
        if shard is None:
            return False
        await shard.remove()
        return True

    def _shard(self, folder: Path, record: Record, engine: Any) -> Shard:
        return Shard(folder, record, engine, synced=self._synced)

    def close(self) -> None:
        """Close every collection."""
        while self._shards:
            self._shards.popitem()[1].close()


def _missing(name: str) -> str:
    return f"Not found: Collection `{name}` doesn't exist!"
