"""The zip that a DOCX, PPTX, XLSX or EPUB is: its parts and what they point at, unpacked
within limits.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from shared.errors import FileRejected
from workers.parsers.document import FileLimits
from workers.parsers.refusals import MEGABYTE
from workers.parsers.xml_tree import children, parse_xml

MAX_PARTS = 10_000
MAX_RATIO = 200
"""Unpacked bytes to a packed one, of parts larger than ..."""
MAX_UNCHECKED = 8 * MEGABYTE
"""... this: small parts may be packed as tightly as they like."""
_ENCRYPTED = 1
"""Flag of an entry of a zip."""
_OPEN_ERRORS = (
    zipfile.BadZipFile,
    ValueError,
    OSError,
    NotImplementedError,
    EOFError,
)
_READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
"""Errors of the zip reader that stand for a damaged file."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part points."""

    kind: str
    """The last word of the relation's type: "image", "footnotes" ..."""
    target: str
    """A part of the package, or an address."""
    external: bool
    """Whether it is an address."""


class ZipPackage:
    """A package of parts. Every unpacked byte counts against the limits; nothing is
    written to disk.
    """

    def __init__(self, data: bytes, limits: FileLimits, label: str) -> None:
        """`label`: what the file is called in refusals. Raises FileRejected."""
        self._label = label
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _OPEN_ERRORS as error:
            raise FileRejected(f"The {self._label} is damaged or cut off.") from error
        self._unpackable = limits.unpacked
        """Bytes that may still be unpacked."""
        infos = self._zip.infolist()
        if len(infos) > MAX_PARTS:
            raise FileRejected(
                f"The {self._label} has {len(infos)} parts; at most {MAX_PARTS} are read."
            )
        self._infos = {_normal_path(info.filename): info for info in infos}
        if sum(info.file_size for info in infos) > limits.unpacked:
            raise FileRejected(
                f"The {self._label} unpacks to more than {limits.unpacked // MEGABYTE} MB."
            )

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return _normal_path(name) in self._infos

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises FileRejected for a bomb, a damaged or an
        encrypted one, KeyError where there is none.
        """
        info = self._infos[_normal_path(name)]
        if info.flag_bits & _ENCRYPTED:
            raise FileRejected(
                f"The {self._label} is encrypted; it can be read only without its password."
            )
        allowed = max(MAX_UNCHECKED, MAX_RATIO * max(info.compress_size, 1))
        limit = min(self._unpackable, allowed)
        try:
            with self._zip.open(info) as part:
                data = part.read(limit + 1)
        except _READ_ERRORS as error:
            raise FileRejected(f"The {self._label} is damaged or cut off.") from error
        if len(data) > limit:
            raise FileRejected(
                f"The {self._label} unpacks to far more than its size: it is not read."
            )
        self._unpackable -= len(data)
        return data

    def tree(self, name: str) -> Any:
        """The root element of an XML part. Raises FileRejected, KeyError where there is
        none.
        """
        return parse_xml(self.read(name))

    def relations(self, name: str) -> dict[str, Relation]:
        """What a part points at, by id; {} where it points at nothing. "" stands for
        the package itself.
        """
        folder, file = posixpath.split(_normal_path(name))
        path = posixpath.join(folder, "_rels", f"{file}.rels")
        if not self.has(path):
            return {}
        relations: dict[str, Relation] = {}
        for item in children(self.tree(path), "Relationship"):
            target = item.get("Target", "")
            external = item.get("TargetMode") == "External"
            if not external:
                target = _normal_path(posixpath.join("/" + folder, target))
            kind = item.get("Type", "").rsplit("/", 1)[-1]
            relations[item.get("Id", "")] = Relation(kind, target, external)
        return relations

    def main_part(self, usual: str) -> str:
        """The part that the package says is its document, else the `usual` one; "" where
        there is neither. Raises FileRejected.
        """
        named = [
            relation.target
            for relation in self.relations("").values()
            if relation.kind == "officeDocument"
        ]
        return next(filter(self.has, (*named, usual)), "")


def _normal_path(name: str) -> str:
    """The name of a part, however a writer spells it."""
    path = posixpath.normpath("/" + name.replace("\\", "/"))
    return path.lstrip("/").lower()
