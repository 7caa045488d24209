"""Everything that lasts, point by point: for backups, which copy it whole, and for
deletions that concern everything.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, cast

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import (
    COPIED,
    FILES,
    JOBS,
    LEXICAL,
    MEMORIES,
    MESSAGES,
    PROFILE_BINDINGS,
    named,
    project_field,
)
from shared.adapters.qdrant.error_translation import translated
from shared.adapters.qdrant.filters import both, equal
from shared.adapters.qdrant.job_record import JOB
from shared.adapters.qdrant.records import MEMORY
from shared.domain.api_key import key_id
from shared.domain.job import Job
from shared.domain.memory import Memory, SparseVector
from shared.domain.stored_point import StoredPoint

_PAGE = 256
"""Points of one request: some MB with their vectors."""


class QdrantPoints:
    """`shared.ports.Points`, of a prepared store."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._client, self._prefix = client, prefix

    @property
    def collections(self) -> Sequence[str]:
        """The messages last but one, the jobs before them: see `Points`."""
        return COPIED

    async def count(self, collection: str) -> int:
        return await self._table(collection).count(q.Filter())

    async def pages(
        self, collection: str, vector: str
    ) -> AsyncIterator[list[StoredPoint]]:
        names = [vector, LEXICAL] if collection == MEMORIES else []
        after: Any = None
        while True:
            with translated():
                points, after = await self._client.scroll(
                    named(self._prefix, collection),
                    limit=_PAGE,
                    offset=after,
                    with_payload=True,
                    with_vectors=names,
                )
            if points:
                yield [_stored(point, vector) for point in points]
            if after is None:
                return

    async def put(
        self, collection: str, points: Sequence[StoredPoint], vector: str
    ) -> None:
        await self._table(collection).put([_struct(point, vector) for point in points])

    async def clear(self, collection: str) -> None:
        await self._table(collection).delete(q.Filter())

    async def delete_project(self, project: str) -> dict[str, int]:
        deleted: dict[str, int] = {}
        for collection in self.collections:
            where = both(equal(project_field(collection), project))
            table = self._table(collection)
            count = await table.count(where)
            if count:
                await table.delete(where)
                deleted[collection] = count
        return deleted

    async def counts(
        self, project: str, user: str = "", knowledge_base: str = ""
    ) -> dict[str, int]:
        wheres = {
            MEMORIES: {"scope.user": user, "knowledge_base": knowledge_base},
            MESSAGES: {"scope.user": user},
            JOBS: {"scope.user": user},
            PROFILE_BINDINGS: {"owner": user},
            FILES: {"knowledge_base": knowledge_base},
        }
        counts: dict[str, int] = {}
        for collection, fields in wheres.items():
            words = [equal(field, word) for field, word in fields.items() if word]
            if not words:
                continue
            in_project = equal(project_field(collection), project)
            counts[collection] = await self._table(collection).count(
                both(in_project, *words)
            )
        return {collection: count for collection, count in counts.items() if count}

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
        # As older releases stored keys: such a one may do everything in its project.
        return StoredPoint(key_id(hashed), {"hash": hashed, "project": project})

    def _table(self, collection: str) -> Table:
        return Table(self._client, named(self._prefix, collection))


def _stored(point: q.Record, vector: str) -> StoredPoint:
    vectors = point.vector if isinstance(point.vector, dict) else {}
    dense, sparse = vectors.get(vector), vectors.get(LEXICAL)
    lexical = None
    if isinstance(sparse, q.SparseVector):
        lexical = SparseVector(tuple(sparse.indices), tuple(sparse.values))
    return StoredPoint(
        str(point.id),
        point.payload or {},
        tuple(cast("list[float]", dense)) if isinstance(dense, list) else None,
        lexical,
    )


def _struct(point: StoredPoint, vector: str) -> q.PointStruct:
    vectors: dict[str, Any] = {}
    if point.dense is not None:
        vectors[vector] = list(point.dense)
    if point.lexical is not None:
        lexical = point.lexical
        vectors[LEXICAL] = q.SparseVector(
            indices=list(lexical.indices), values=list(lexical.values)
        )
    return q.PointStruct(id=point.id, vector=vectors, payload=dict(point.payload))
