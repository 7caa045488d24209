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
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

LOG = "wal"
"""The folder of the log in that of an engine: files `open-<number>`, which are written
to, and `closed-<number>`, which are not any more. The engine syncs what else is there:
`first-index`, which it replaces, and `tmp-open-<number>`, a file made ahead, which gets
its first entry only after it was renamed to `open-<number>`.
"""
_OPEN, _CLOSED = "open-", "closed-"


class GroupCommit:
    """Lets callers wait for a sync that began after they came."""

    def __init__(self, prepare: Callable[[], Callable[[], None]]) -> None:
        """`prepare` is called on the event loop and returns what is then called in a
        thread, one at a time: it blocks until all that was written before `prepare` is
        on disk. Both may raise OSError.
        """
        self._prepare = prepare
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
        await asyncio.to_thread(self._prepare())


class LogFiles:
    """The files of one engine's log, synced again and again.

    They are kept open, so that a sync is one call a file: in the thread that syncs, each
    call waits for the interpreter's lock, for which the event loop competes.
    """

    def __init__(self) -> None:
        self._folder = Path()
        self._folder_handle: int | None = None
        """Kept open too: a collection that is deleted gets another name meanwhile."""
        self._handles: dict[int, int] = {}
        """By the file's inode: a file keeps it when it gets another name."""
        self._synced: set[int] = set()
        """Of files that are not written to any more."""
        self._has_new_names = False

    def prepare(self, folder: Path) -> Callable[[], None]:
        """Looks which files there are; what it returns syncs them. Raises OSError."""
        if folder != self._folder:  # indexing has put another engine in its place
            self.close()
            self._folder_handle = os.open(folder, os.O_RDONLY)
            self._folder = folder
        names = self._names()
        self._open(names)
        due = [inode for inode in self._handles if inode not in self._synced]
        handles = [self._handles[inode] for inode in due]
        if self._has_new_names and self._folder_handle is not None:
            handles.append(self._folder_handle)
        closed = {inode for inode in due if names[inode].startswith(_CLOSED)}

        def sync() -> None:
            for handle in handles:
                os.fsync(handle)
            self._has_new_names = False
            self._synced |= closed

        return sync

    def close(self) -> None:
        """Close all files."""
        for handle in self._handles.values():
            os.close(handle)
        if self._folder_handle is not None:
            os.close(self._folder_handle)
        self._handles.clear()
        self._synced.clear()
        self._folder, self._folder_handle = Path(), None
        self._has_new_names = False

    def _names(self) -> dict[int, str]:
        """The names of the log's files by inode; those that have gone are closed."""
        with os.scandir(self._folder) as entries:
            names = {
                entry.inode(): entry.name
                for entry in entries
                if entry.name.startswith((_OPEN, _CLOSED))
            }
        for inode in self._handles.keys() - names.keys():
            os.close(self._handles.pop(inode))
            self._synced.discard(inode)
        return names

    def _open(self, names: Mapping[int, str]) -> None:
        """Open those that are new. The engine renames and deletes files that are open or
        closed only when it is called, which is not now: each is there.
        """
        for inode in names.keys() - self._handles.keys():
            self._has_new_names = True
            path = self._folder / names[inode]
            self._handles[inode] = os.open(path, os.O_RDONLY)


def sync_path(path: Path) -> None:
    """A file, or the names in a folder, to disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """All files in a folder and below to disk. Raises OSError. The engine gives the next
    file of its log its name at any time; it is synced before the first write to it.
    """
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                sync_path(Path(parent, name))
        sync_path(Path(parent))
