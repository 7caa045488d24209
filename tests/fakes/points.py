"""Everything that lasts, in dicts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from shared.adapters.qdrant.collections import COPIED, project_field
from shared.adapters.qdrant.job_record import JOB
from shared.adapters.qdrant.records import MEMORY
from shared.domain.api_key import key_id
from shared.domain.job import Job
from shared.domain.memory import Memory
from shared.domain.stored_point import StoredPoint

PAGE = 2
"""Small, so that a few points are several pages."""


class FakePoints:
    """`shared.ports.Points`. `stored` shows what is kept, by collection and id."""

    def __init__(self) -> None:
        self.stored: dict[str, dict[str, StoredPoint]] = {name: {} for name in COPIED}

    @property
    def collections(self) -> Sequence[str]:
        return COPIED

    async def count(self, collection: str) -> int:
        return len(self.stored[collection])

    async def pages(
        self, collection: str, vector: str
    ) -> AsyncIterator[list[StoredPoint]]:
        points = self.stored[collection]
        after = ""
        while ids := sorted(id for id in points if id > after)[:PAGE]:
            yield [points[id] for id in ids]
            after = ids[-1]

    async def put(
        self, collection: str, points: Sequence[StoredPoint], vector: str
    ) -> None:
        self.stored[collection] |= {point.id: point for point in points}

    async def clear(self, collection: str) -> None:
        self.stored[collection].clear()

    async def delete_project(self, project: str) -> dict[str, int]:
        deleted = {}
        for collection, points in self.stored.items():
            gone = [
                id
                for id, point in points.items()
                if _project(collection, point) == project
            ]
            for id in gone:
                del points[id]
            if gone:
                deleted[collection] = len(gone)
        return deleted

    async def counts(
        self, project: str, user: str = "", knowledge_base: str = ""
    ) -> dict[str, int]:
        counts = {}
        for collection, points in self.stored.items():
            count = sum(
                _project(collection, point) == project
                and _belongs(point.payload, user, knowledge_base)
                for point in points.values()
            )
            if count:
                counts[collection] = count
        return counts

    def job(self, point: StoredPoint) -> Job:
        return JOB.value(point.payload)

    def memory(self, point: StoredPoint) -> Memory:
        return MEMORY.value(point.payload)

    def reopened(self, job: StoredPoint, since: int) -> StoredPoint:
        record = JOB.value(job.payload)
        if not record.state.final or record.updated_at < since:
            return job
        return StoredPoint(job.id, JOB.payload(record.reopened(since)))

    def key(self, hashed: str, project: str) -> StoredPoint:
        return StoredPoint(key_id(hashed), {"hash": hashed, "project": project})


def _belongs(payload: Mapping[str, Any], user: str, knowledge_base: str) -> bool:
    scope = payload.get("scope") or {}
    if user and user not in (scope.get("user"), payload.get("owner")):
        return False
    return not knowledge_base or payload.get("knowledge_base") == knowledge_base


def _project(collection: str, point: StoredPoint) -> object:
    value: object = point.payload
    for name in project_field(collection).split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
