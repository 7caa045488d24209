"""The zip that a DOCX is: its parts and what they point at, unpacked within limits."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import Limits
from workers.parsers.text.xml import local, tree

MAX_PARTS = 10_000
MAX_RATIO = 200
RATIO_FREE = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part points: the last word of the relation's type ("image", "footnotes"
    ...), and the part or the address.
    """

    kind: str
    target: str
    external: bool


class Package:
    """A DOCX package. Every unpacked byte counts against the limits; nothing is written to disk."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            NotImplementedError,
            EOFError,
        ) as error:
            raise FileRejected("The DOCX is damaged or cut off.") from error
        self._left = limits.unpacked
        infos = self._zip.infolist()
        if len(infos) > MAX_PARTS:
            raise FileRejected(
                f"The DOCX has {len(infos)} parts; at most {MAX_PARTS} are read."
            )
        self._infos = {_normal(info.filename): info for info in infos}
        if sum(info.file_size for info in infos) > limits.unpacked:
            raise FileRejected(
                f"The DOCX unpacks to more than {limits.unpacked // 1024**2} MB."
            )

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return _normal(name) in self._infos

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises FileRejected for a bomb, a damaged or an
        encrypted one, KeyError where there is none.
        """
        info = self._infos[_normal(name)]
        if info.flag_bits & 1:
            raise FileRejected(
                "The DOCX is encrypted; it can be read only without its password."
            )
        limit = min(self._left, max(RATIO_FREE, MAX_RATIO * max(info.compress_size, 1)))
        try:
            with self._zip.open(info) as part:
                data = part.read(limit + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            OSError,
            RuntimeError,
        ) as error:
            raise FileRejected("The DOCX is damaged or cut off.") from error
        if len(data) > limit:
            raise FileRejected(
                "The DOCX unpacks to far more than its size: it is not read."
            )
        self._left -= len(data)
        return data

    def tree(self, name: str) -> Any:
        """The root element of an XML part. Raises FileRejected, KeyError where there is none."""
        return tree(self.read(name))

    def relations(self, name: str) -> dict[str, Relation]:
        """What a part points at, by id; {} where it points at nothing. "" stands for
        the package itself.
        """
        folder, file = posixpath.split(_normal(name))
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        if not self.has(path):
            return {}
        return {
            item.get("Id", ""): _relation(item, folder)
            for item in self.tree(path)
            if local(item) == "Relationship"
        }


def _relation(item: Any, folder: str) -> Relation:
    target = item.get("Target", "")
    external = item.get("TargetMode") == "External"
    part = target if external else _normal(posixpath.join("/" + folder, target))
    return Relation(item.get("Type", "").rsplit("/", 1)[-1], part, external)


def _normal(name: str) -> str:
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/").lower()
