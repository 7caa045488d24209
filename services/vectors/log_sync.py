"""What was written is on disk before it is answered.

The engine writes every change to its log, a file that is mapped into memory: that
survives the end of the process, not that of the machine. So the log is synced before a
write is answered. All writes that come while the disk is busy share the next sync
("group commit"): a hundred writers wait hardly longer than one. The rest of the engine's
files follow from the log, which is replayed when a collection is opened; syncing them
takes a hundred times as long (measured: 200 to 300 ms against 3) and is left to the
node's upkeep.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

LOG = "wal"
"""The folder of the log in that of an engine: files `open-<number>`, which are written
to, and `closed-<number>`, which are not any more.
"""
_CLOSED = "closed-"


class GroupCommit:
    """Lets callers wait for a sync that began after they came."""

    def __init__(self, sync: Callable[[], None]) -> None:
        """`sync` blocks until all that was written before it was called is on disk; it
        runs in a thread, one at a time. Raises OSError.
        """
        self._sync = sync
        self._running: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def committed(self) -> None:
        """Returns when all that was written before the call is on disk. Raises OSError."""
        if self._next is None:
            self._next = asyncio.create_task(self._round(self._running))
        # shielded: the others of the round wait for it too
        await asyncio.shield(self._next)

    async def _round(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        self._running, self._next = self._next, None  # who comes now is for the next
        await asyncio.to_thread(self._sync)


class LogFiles:
    """The files of one engine's log, synced again and again."""

    def __init__(self) -> None:
        self._done = frozenset[Path]()
        """Closed files that are on disk."""
        self._names = frozenset[str]()

    def sync(self, folder: Path) -> None:
        """Everything that was written to the log is on disk when this returns. Raises
        OSError; FileNotFoundError when there is no such folder.
        """
        while not self._sync_listed(folder):
            pass

    def _sync_listed(self, folder: Path) -> bool:
        """False when a file has gone meanwhile: closed under another name, or removed
        because all of it has arrived in the engine's other files.
        """
        files = list(folder.iterdir())
        for file in files:
            try:
                if file not in self._done:
                    sync_path(file)
            except FileNotFoundError:
                return False
        self._done = frozenset(f for f in files if f.name.startswith(_CLOSED))
        names = frozenset(str(file) for file in files)
        if names != self._names:
            sync_path(folder)
            self._names = names
        return True


def sync_path(path: Path) -> None:
    """A file, or the names in a folder, to disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """All files in a folder and below to disk. Raises OSError."""
    for parent, _, names in os.walk(folder):
        for name in names:
            sync_path(Path(parent, name))
        sync_path(Path(parent))
