"""What a backup holds: listed at its end, compared before anything is restored."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from shared.backup.archive import Damaged
from shared.domain.memory import SparseVector
from shared.domain.stored_point import StoredPoint

FORMAT = 1
"""Of the file; another one is refused."""
COLLECTIONS, SOURCES = "collections", "sources"
"""Folders of the file."""


@dataclass(frozen=True, slots=True)
class Part:
    """A collection, or all Sources."""

    count: int
    bytes: int
    sha256: str
    """Of all its members, one after the other."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup. Times are epoch milliseconds."""

    format: int
    release: str
    schema: int
    """Of the store that was copied."""
    begun_at: int
    """The moment that it shows: what was accepted until then is in it."""
    embedder: str
    """Whose vectors the memories have."""
    size: int
    """Numbers in a vector."""
    parts: Mapping[str, Part] = field(default_factory=dict)
    """By the name of the collection, and `sources`; empty at the beginning."""

    def dumps(self) -> bytes:
        """As JSON."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)


_MANIFEST = TypeAdapter(Manifest)


def read_manifest(data: bytes) -> Manifest:
    """Raises `Damaged` for what is none, or of a format that is not known here."""
    try:
        manifest = _MANIFEST.validate_python(orjson.loads(data))
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise Damaged(f"no manifest of a backup: {error}") from error
    if manifest.format != FORMAT:
        raise Damaged(
            f"a backup of format {manifest.format}, made by release {manifest.release}; "
            f"this release reads format {FORMAT}"
        )
    return manifest


class Tally:
    """Counts the members of each part as they go by."""

    def __init__(self) -> None:
        self._counts: dict[str, tuple[int, int]] = {}
        self._hashes: dict[str, Any] = {}

    def begin(self, part: str) -> None:
        """Let a part be listed although it may be empty."""
        self._counts.setdefault(part, (0, 0))
        self._hashes.setdefault(part, hashlib.sha256())

    def add(self, part: str, data: bytes, count: int) -> None:
        """A member with so many points or files."""
        self.begin(part)
        counted, size = self._counts[part]
        self._counts[part] = counted + count, size + len(data)
        self._hashes[part].update(data)

    def parts(self) -> dict[str, Part]:
        """All that was counted."""
        return {
            name: Part(count, size, self._hashes[name].hexdigest())
            for name, (count, size) in self._counts.items()
        }


def part_of(member: str) -> str:
    """Which part a member of the file belongs to; "" for none."""
    folder, _, rest = member.partition("/")
    if folder == SOURCES:
        return SOURCES
    return rest.partition("/")[0] if folder == COLLECTIONS else ""


def dump_points(points: Iterable[StoredPoint]) -> bytes:
    """Points as lines of JSON, vectors as 32-bit floats, little-endian, in base64."""
    return b"".join(orjson.dumps(_row(point)) + b"\n" for point in points)


def load_points(data: bytes) -> list[StoredPoint]:
    """What `dump_points` wrote. Raises `Damaged`."""
    try:
        return [_point(orjson.loads(line)) for line in data.splitlines()]
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise Damaged(f"a point that cannot be read: {error}") from error


def _row(point: StoredPoint) -> dict[str, Any]:
    row: dict[str, Any] = {"id": point.id, "payload": point.payload}
    if point.dense is not None:
        row["dense"] = _packed(point.dense)
    if point.lexical is not None:
        row["lexical"] = list(point.lexical.indices), _packed(point.lexical.values)
    return row


def _point(row: Mapping[str, Any]) -> StoredPoint:
    dense = _unpacked(row["dense"]) if "dense" in row else None
    lexical = None
    if "lexical" in row:
        indices, values = row["lexical"]
        lexical = SparseVector(tuple(indices), _unpacked(values))
    return StoredPoint(row["id"], row["payload"], dense, lexical)


def _packed(numbers: Sequence[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


def _unpacked(text: str) -> tuple[float, ...]:
    data = base64.b64decode(text)
    return struct.unpack(f"<{len(data) // 4}f", data)
