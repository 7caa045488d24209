"""Raw bytes in a folder or an object store, behind fsspec."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import fsspec
from fsspec.implementations.local import LocalFileSystem

from shared.domain.identity import digest
from shared.errors import NotFound, Unavailable

_NAME = re.compile("[0-9a-f]{64}")
_FOLDERS = 256


class FsspecSources:
    """`shared.ports.Sources` at a folder or a URL that fsspec knows
    (`s3://bucket/folder`). A name is the SHA-256 of what it names.
    """

    def __init__(self, url: str) -> None:
        self._files, self._root = fsspec.url_to_fs(url)

    async def put(self, data: bytes) -> str:
        name = digest(data)
        await asyncio.to_thread(self._put, self._path(name), data)
        return name

    # every store behind fsspec has errors of its own, with no common root but Exception

    async def get(self, name: str) -> bytes:
        path = self._path(name)
        try:
            return bytes(await asyncio.to_thread(self._files.cat_file, path))
        except FileNotFoundError:
            raise NotFound(f"no source {name}") from None
        except Exception as error:
            raise Unavailable(f"sources cannot be read: {error}") from error

    async def size(self, name: str) -> int:
        path = self._path(name)
        try:
            info = await asyncio.to_thread(self._files.info, path)
        except FileNotFoundError:
            return 0
        except Exception as error:
            raise Unavailable(f"sources cannot be read: {error}") from error
        return int(info["size"])

    async def delete(self, name: str) -> None:
        path = self._path(name)
        try:
            await asyncio.to_thread(self._files.rm_file, path)
        except FileNotFoundError:
            return
        except Exception as error:
            raise Unavailable(f"sources cannot be deleted: {error}") from error

    async def names(self) -> AsyncIterator[str]:
        """Folder after folder, so that no more than a part of all names is held."""
        for number in range(_FOLDERS):
            folder = f"{self._root.rstrip('/')}/{number:02x}"
            try:
                paths = await asyncio.to_thread(self._files.ls, folder, detail=False)
            except FileNotFoundError:
                continue
            except Exception as error:
                raise Unavailable(f"sources cannot be listed: {error}") from error
            for name in sorted(path.rpartition("/")[2] for path in paths):
                if _NAME.fullmatch(name):  # no draft, and nobody else's file
                    yield name

    def _path(self, name: str) -> str:
        """Spread over 256 folders. Nothing but a hash gets through: a name is never a
        way out of the folder.
        """
        if not _NAME.fullmatch(name):
            raise NotFound(f"{name[:80]!r} is not the name of a source")
        return f"{self._root.rstrip('/')}/{name[:2]}/{name}"

    def _put(self, path: str, data: bytes) -> None:
        try:
            with suppress(FileNotFoundError):
                if self._files.info(path)["size"] == len(data):
                    if isinstance(self._files, LocalFileSystem):
                        _sync_folder(Path(path).parent)  # who wrote it may have died
                    return
            if isinstance(self._files, LocalFileSystem):
                _write_atomically(Path(path), data)
            else:
                self._files.pipe_file(path, data)
        except Exception as error:
            raise Unavailable(f"sources cannot be written: {error}") from error


def _write_atomically(path: Path, data: bytes) -> None:
    """All or nothing under that name, even when the machine stops in the middle. The
    folder is synced too: a power cut could still take the new name away.
    """
    is_first = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{uuid4().hex}.draft")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
        if is_first:
            _sync_folder(path.parent.parent)
    finally:
        draft.unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
