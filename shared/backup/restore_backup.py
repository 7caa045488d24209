"""Brings a backup into a store: verified first, then written; begun again after it was
cut off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from shared.backup.archive import members
from shared.backup.manifest import SOURCES, Manifest, load_points, part_of
from shared.backup.verify_backup import verified
from shared.backup.write_backup import JOBS, BackupPorts
from shared.domain.identity import digest
from shared.domain.store_schema import SCHEMA
from shared.domain.stored_point import StoredPoint
from shared.domain.vector_space import VectorSpace
from shared.errors import Permanent, Unavailable
from shared.language.search_text import searched_text
from shared.ports import Embedder, StoreState

MEMORIES = "memories"
_CONTENT = (MEMORIES, "messages", JOBS, "shelves", "files", "profile_templates")
"""Collections that have no points in an empty system."""


class RestorePorts(BackupPorts, Protocol):
    """What is written to."""

    @property
    def state(self) -> StoreState: ...


@dataclass(frozen=True, slots=True)
class Target:
    """Whose vectors the store has."""

    space: VectorSpace
    embedder: Callable[[], Awaitable[Embedder]]
    """Asked for where the backup has another's: the memories are embedded anew."""


async def restore(
    ports: RestorePorts, target: Target, path: Path, *, force: bool = False
) -> Manifest:
    """Write everything of a backup. `force`: what is stored is removed first. The same
    file may be restored again after it was cut off.

    Raises `Damaged` and `Permanent` before anything is written: the file is not whole,
    a newer release made it, or the store is not empty. Raises `Unavailable`.
    """
    manifest = await asyncio.to_thread(verified, path)
    _require_known(ports, manifest)
    await _make_room(ports, manifest, force)
    writer = _Writer(ports, target, manifest)
    # Jobs last: a worker that sees one finds what it reads.
    for only_jobs in (False, True):
        parts = await asyncio.to_thread(_parts, path, only_jobs)
        while (part := await asyncio.to_thread(next, parts, None)) is not None:
            await writer.write(*part)
    await _compare(ports, manifest)
    await ports.state.set_schema(manifest.schema)
    await ports.state.end_restore()
    return manifest


def _require_known(ports: RestorePorts, manifest: Manifest) -> None:
    if manifest.schema > SCHEMA:
        raise Permanent(
            f"the backup was made by a newer release ({manifest.release}, schema "
            f"{manifest.schema}); this one knows schemas up to {SCHEMA}"
        )
    unknown = manifest.parts.keys() - {*ports.points.collections, SOURCES}
    if unknown:
        raise Permanent(f"the backup has {min(unknown)}, which this release has not")


async def _make_room(ports: RestorePorts, manifest: Manifest, force: bool) -> None:
    begun = digest(manifest.dumps())
    under_way, is_cleared = await ports.state.restore_under_way()
    if under_way == begun and is_cleared:
        return
    if not force and under_way != begun:
        await _require_empty(ports, bool(under_way))
    await ports.state.begin_restore(begun, is_cleared=False)
    if force or under_way == begun:
        for collection in ports.points.collections:
            await ports.points.clear(collection)
        names = [name async for name in ports.sources.names()]
        for name in names:
            await ports.sources.delete(name)
    await ports.state.begin_restore(begun, is_cleared=True)


async def _require_empty(ports: RestorePorts, is_half_restored: bool) -> None:
    if is_half_restored:
        raise Permanent(
            "the restore of another backup was begun here and not finished: restore that "
            "one again, or this one with --force, which removes what is here"
        )
    for collection in _CONTENT:
        count = await ports.points.count(collection)
        if count:
            raise Permanent(
                f"the system is not empty ({count} in {collection}): restore into an "
                "empty one, or with --force, which removes what is here"
            )


class _Writer:
    def __init__(self, ports: RestorePorts, target: Target, manifest: Manifest) -> None:
        self._ports, self._target = ports, target
        space = target.space
        self._as_they_are = (space.embedder, space.size) == (
            manifest.embedder,
            manifest.size,
        )

    async def write(self, part: str, data: bytes) -> None:
        if part == SOURCES:
            await self._ports.sources.put(data)
            return
        points: Sequence[StoredPoint] = await asyncio.to_thread(load_points, data)
        if part == MEMORIES and not self._as_they_are:
            points = await self._embedded(points)
        await self._ports.points.put(part, points, self._target.space.vector)

    async def _embedded(self, points: Sequence[StoredPoint]) -> list[StoredPoint]:
        """With the vectors of the store's own embedder."""
        memories = [self._ports.points.memory(point) for point in points]
        texts = [searched_text(memory) for memory in memories if not memory.fast]
        embedder = await self._target.embedder()
        vectors = iter(await embedder.passages(texts) if texts else ())
        return [
            replace(point, dense=None if memory.fast else next(vectors))
            for point, memory in zip(points, memories, strict=True)
        ]


def _parts(path: Path, only_jobs: bool) -> Iterator[tuple[str, bytes]]:
    for name, data in members(path):
        part = part_of(name)
        if part and (part == JOBS) is only_jobs:
            yield part, data


async def _compare(ports: RestorePorts, manifest: Manifest) -> None:
    for name, part in manifest.parts.items():
        if name == SOURCES:
            continue
        count = await ports.points.count(name)
        if count < part.count:
            raise Unavailable(
                f"{name} has {count} of {part.count}: the store has not kept all; run it again"
            )
