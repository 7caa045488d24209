"""Copies everything into one file, while work goes on.

What was accepted before the copy began is in it, once:

- The jobs are copied after all that they write. One that ended after the copy began may
  have written behind the copy's back, so it is copied as one that is still to be done:
  it is done again after a restore, and writes the same, for ids are computed.
- The messages are copied after the jobs, and the Sources last: jobs read them, and they
  were written before the job was.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from shared.backup.archive import BEGIN, MANIFEST, ArchiveWriter
from shared.backup.manifest import (
    COLLECTIONS,
    FORMAT,
    SOURCES,
    Manifest,
    Tally,
    dump_points,
)
from shared.domain.stored_point import StoredPoint
from shared.errors import NotFound, Unavailable
from shared.jobs.clock import now
from shared.ports import Points, Sources, VectorSpaces

JOBS, KEYS = "jobs", "keys"
_CLOCKS_MS = 2_000
"""By which the clocks of two machines may differ: a job that ended so long before the
copy began is done again as well.
"""


class BackupPorts(Protocol):
    """What is copied."""

    @property
    def points(self) -> Points: ...
    @property
    def sources(self) -> Sources: ...
    @property
    def spaces(self) -> VectorSpaces: ...


@dataclass(frozen=True, slots=True)
class Copied:
    """The same, of ports that may lack them."""

    points: Points
    sources: Sources
    spaces: VectorSpaces


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a backup is made."""

    release: str
    schema: int
    first_key: str = ""
    """SHA-256 of the key that settings name, which no collection has: it opens its
    project after a restore too.
    """
    project: str = ""
    """The project that it opens."""


async def backup(ports: BackupPorts, origin: Origin) -> AsyncIterator[bytes]:
    """The bytes of the file, as they come. Raises `Unavailable`."""
    writing = await _begun(ports, origin)
    yield writing.archive.add(BEGIN, writing.manifest.dumps())
    for collection in ports.points.collections:
        async for made in writing.collection(collection):
            yield made
    async for made in writing.sources():
        yield made
    yield await writing.end()


async def _begun(ports: BackupPorts, origin: Origin) -> _Writing:
    begun_at = now()
    space = (await ports.spaces.read()).current
    manifest = Manifest(
        FORMAT, origin.release, origin.schema, begun_at, space.embedder, space.size
    )
    return _Writing(ports, origin, manifest, space.vector)


class _Writing:
    """A backup that is being written."""

    def __init__(
        self, ports: BackupPorts, origin: Origin, manifest: Manifest, vector: str
    ) -> None:
        self._ports, self._origin, self.manifest = ports, origin, manifest
        self._vector = vector
        self._tally = Tally()
        self.archive = ArchiveWriter()

    async def collection(self, name: str) -> AsyncIterator[bytes]:
        self._tally.begin(name)
        number = 0
        async for page in self._pages(name):
            yield await asyncio.to_thread(self._add_points, name, number, page)
            number += 1

    async def _pages(self, name: str) -> AsyncIterator[Sequence[StoredPoint]]:
        points, since = self._ports.points, self.manifest.begun_at - _CLOCKS_MS
        key_ids: set[str] = set()
        async for page in points.pages(name, self._vector):
            if name == JOBS:
                page = [points.reopened(job, since) for job in page]
            if name == KEYS:
                key_ids.update(point.id for point in page)
            yield page
        if name == KEYS and self._origin.first_key:
            first = points.key(self._origin.first_key, self._origin.project)
            if first.id not in key_ids:
                yield [first]

    async def sources(self) -> AsyncIterator[bytes]:
        self._tally.begin(SOURCES)
        async for name in self._ports.sources.names():
            try:
                data = await self._ports.sources.get(name)
            except NotFound:  # its job has ended meanwhile
                continue
            yield await asyncio.to_thread(self._add_source, name, data)

    async def end(self) -> bytes:
        current = (await self._ports.spaces.read()).current
        if current.vector != self._vector:
            raise Unavailable(
                "the embedder was changed while the backup was made: make it again"
            )
        manifest = replace(self.manifest, parts=self._tally.parts())
        return self.archive.add(MANIFEST, manifest.dumps()) + self.archive.end()

    def _add_points(
        self, collection: str, number: int, points: Sequence[StoredPoint]
    ) -> bytes:
        data = dump_points(points)
        self._tally.add(collection, data, len(points))
        return self.archive.add(f"{COLLECTIONS}/{collection}/{number:06d}.jsonl", data)

    def _add_source(self, name: str, data: bytes) -> bytes:
        self._tally.add(SOURCES, data, 1)
        return self.archive.add(f"{SOURCES}/{name}", data)
