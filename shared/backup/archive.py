"""The file of a backup: a gzipped tar, so that ordinary tools list and unpack it too.

    begin.json                          what was begun: release, schema, embedder
    collections/<name>/<number>.jsonl   points, a line each
    sources/<sha256>                    raw bytes
    manifest.json                       the same with counts and checksums, at the end

It is written and read as a stream, a member at a time: memory does not grow with it.
"""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from shared.errors import Permanent

BEGIN, MANIFEST = "begin.json", "manifest.json"
_LEVEL = 3
"""Of compression: vectors hardly shrink, and everything else does at any level."""
_LARGEST_MEMBER = 1 << 30
"""Bytes; a file says how large a member is, and nobody is to be filled up by that."""


class Damaged(Permanent):
    """The file is no backup, or not the whole one that was written."""


class ArchiveWriter:
    """Makes the bytes of a file, a part with each member."""

    def __init__(self) -> None:
        self._made = BytesIO()
        self._gzip = gzip.GzipFile(
            filename="", mode="wb", compresslevel=_LEVEL, fileobj=self._made
        )
        self._tar = tarfile.TarFile(
            fileobj=self._gzip, mode="w", format=tarfile.PAX_FORMAT
        )

    def add(self, name: str, data: bytes) -> bytes:
        """Add a member; the bytes of the file that are ready."""
        member = tarfile.TarInfo(name)
        member.size = len(data)
        member.mode = 0o600
        self._tar.addfile(member, BytesIO(data))
        _forget_members(self._tar)
        return self._taken()

    def end(self) -> bytes:
        """The last bytes of the file."""
        self._tar.close()
        self._gzip.close()
        return self._taken()

    def _taken(self) -> bytes:
        made = self._made.getvalue()
        self._made.seek(0)
        self._made.truncate()
        return made


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each member of a file with its bytes, in order. Raises `Damaged` where the file
    ends too early or its bytes have changed, OSError where it cannot be read.
    """
    with (
        path.open("rb") as file,
        _damage_translated(path),
        gzip.GzipFile(fileobj=file, mode="rb") as unzipped,
        tarfile.open(fileobj=unzipped, mode="r|") as tar,
    ):
        while (member := tar.next()) is not None:
            _forget_members(tar)
            if member.size > _LARGEST_MEMBER:
                raise Damaged(f"{path} is damaged: {member.name} cannot be that large")
            content = tar.extractfile(member)
            if content is not None:
                yield member.name, content.read()
        while unzipped.read(1 << 16):  # to its end, where gzip's own checksum stands
            pass


def _forget_members(tar: Any) -> None:
    """It keeps a list of all that it has seen: of no use in a stream, and there may be
    millions.
    """
    tar.members.clear()


@contextmanager
def _damage_translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile, tarfile.TarError) as error:
        raise Damaged(
            f"{path} is no whole backup ({error}): it was cut off or has changed since it "
            "was written"
        ) from error
