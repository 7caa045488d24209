"""A collection: one engine shard, and the order in which it is written.

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
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from services.vectors.log_sync import LOG, GroupCommit, LogFiles
from services.vectors.records import Record, RecordInDoubt, write_record
from services.vectors.translate import collections
from services.vectors.translate.validation import Body
from services.vectors.translate.write_requests import Change

log = logging.getLogger(__name__)


class UnknownCollection(Exception):
    """There is no collection of that name: answered 404."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Not found: Collection `{name}` doesn't exist!")


class DiskFull(Exception):
    """The disk has no room for a write: answered 507."""


class DiskFailed(OSError):
    """The disk did not take an earlier write: nothing is written until a new start."""


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
        self.failed = False
        """Whether a sync failed. The kernel forgets what it could not write, and the
        next sync would say that all is well: only a new start knows what is on the disk.
        """
        self._operations = 0
        self._log = LogFiles()
        self._commit = GroupCommit(self._prepare_sync) if synced else None

    async def write(self, changes: Iterable[Change]) -> int:
        """Carry out changes in order; returns the number of the last one. What the
        engine raises goes to the caller. Raises what `check_writable` does, `DiskFull`,
        and OSError when the disk does not take what was written.
        """
        async with self.write_lock:
            self.check_writable()
            if shutil.disk_usage(self.folder).free < RESERVE_BYTES:
                raise DiskFull(f"the disk of {self.folder} is full")
            for change in changes:
                self._apply(change)
                await asyncio.sleep(0)
            number = self._operations
        await self.committed()
        return number

    def check_writable(self) -> None:
        """Raises `UnknownCollection` when it is closed, `DiskFailed` after a failed sync."""
        if self.closed:
            raise UnknownCollection(unquote(self.folder.name))
        if self.failed:
            raise self._disk_failed()

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
        """From here on, and after a restart, the collection says that it has these.
        Raises what `check_writable` does, and OSError.
        """
        created = {**self.record.created, "vectors": dict(vectors)}
        self._put_record(replace(self.record, created=created))

    def flush(self) -> None:
        """Everything written so far to disk."""
        self.engine.flush()
        self.unflushed = False

    def close(self) -> None:
        """Everything to disk, then let go."""
        self.closed = True
        self.engine.flush()
        self.engine.close()

    def set_aside(self) -> Path:
        """Let go, and give the name of the folder free; returns where the files are now.
        Needs the write lock. Raises OSError.
        """
        self.closed = True
        self.engine.close()
        with self._ending_the_node(OSError):
            Record.delete(self.folder)
        return self.folder.rename(self.folder.with_name(f".gone-{uuid4().hex}"))

    def replace_engine(self, folder: Path, engine: Any) -> tuple[Path, Any]:
        """Go on with `engine`, which holds the same points in `folder`; returns the old
        folder and engine. Needs the write lock. Raises what `check_writable` does, and
        OSError: the old engine goes on, and when the shard has `failed`, either may be
        the one that the record on the disk names.
        """
        old = self.folder / self.record.engine, self.engine
        points = engine.info().points_count
        self._put_record(Record(self.record.created, folder.name, points))
        self.engine = engine
        return old

    def _put_record(self, record: Record) -> None:
        self.check_writable()
        with self._ending_the_node(RecordInDoubt):
            write_record(self.folder, record)
        self.record = record

    def _prepare_sync(self) -> Callable[[], None]:
        """To be called on the event loop; what it returns, in a thread."""
        if self.closed:
            self._log.close()
        if self.failed:
            raise self._disk_failed()
        if self.closed:
            return lambda: None
        sync = self._log.prepare(self.folder / self.record.engine / LOG)

        def sync_or_end() -> None:
            with self._ending_the_node(OSError):
                sync()

        return sync_or_end

    def _disk_failed(self) -> DiskFailed:
        return DiskFailed(f"the disk did not take a write to {self.folder}")

    @contextmanager
    def _ending_the_node(self, failure: type[OSError]) -> Iterator[None]:
        """What fails so within the block is the last that is written: see `failed`."""
        try:
            yield
        except failure:
            self.failed = True
            log.critical("log_not_synced", extra={"collection": self.folder.name})
            os.kill(os.getpid(), signal.SIGTERM)
            raise

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
