"""Memories, with a dense and a lexical vector each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collections import DENSE, LEXICAL, MEMORIES, named
from shared.adapters.qdrant.filters import both, equal, translate, with_ids, within
from shared.adapters.qdrant.records import DERIVED, MEMORY, point_id
from shared.adapters.qdrant.table import Table
from shared.domain.filter import Filter, Filters
from shared.domain.memory import Candidate, Embedded, Kind, Memory, SparseVector, Status
from shared.domain.scope import Reach, Scope

_SHOWN = q.PayloadSelectorExclude(exclude=list(DERIVED))


class QdrantMemories:
    """`shared.ports.Memories`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._table = Table(client, named(prefix, MEMORIES))

    async def put(self, memories: Sequence[Embedded]) -> None:
        """Write memories whole, vectors and all."""
        await self._table.put([_point(each) for each in memories])

    async def get(self, project: str, ids: Sequence[str]) -> list[Memory]:
        """Memories by id, in that order, archived ones too; unknown ids are left out."""
        found = [MEMORY.value(payload) for payload in await self._table.get(ids)]
        return [memory for memory in found if memory.scope.project == project]

    async def archive(self, memories: Sequence[Memory]) -> None:
        """Write only `status`, `updated_at` and `replaced`; a memory that is gone by now stays gone."""
        await self._table.set([
            (memory.id, equal("scope.project", memory.scope.project),
             {"status": memory.status.value, "updated_at": memory.updated_at, "replaced": list(memory.replaced)})
            for memory in memories])

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        """Remove memories of the project by id."""
        await self._table.delete(both(equal("scope.project", project), with_ids(ids)))

    async def delete_where(self, project: str, user: str = "", filter: Filter | None = None, knowledge_base: str = "",
                           source: str = "", fast_of_job: str = "") -> None:
        """Remove what fits all that is given. Raises ValueError when that is nothing but a project."""
        words = {"scope.user": user, "knowledge_base": knowledge_base, "origins[].source": source, "fast_of": fast_of_job}
        wanted = [equal(field, word) for field, word in words.items() if word] + ([translate(filter)] if filter else [])
        if not project or not wanted:
            raise ValueError("delete_where needs a project and something else to go by")
        await self._table.delete(both(equal("scope.project", project), *wanted))

    async def candidates(self, reach: Reach, kinds: Mapping[Kind, int], lexical: SparseVector, dense: Sequence[float],
                         filters: Filters) -> dict[Kind, list[Candidate]]:
        """What a lexical and a dense search bring up, up to the given number of each kind by each, in no order. One round trip."""
        conditions = within(reach, filters)
        corpus = both(*within(reach))
        asked = [(kind, request) for kind, limit in kinds.items() if limit > 0
                 for request in _searches(lexical, dense, corpus, both(equal("kind", kind), *conditions), limit)]
        found: dict[Kind, list[Candidate]] = {kind: [] for kind in kinds}
        for (kind, request), points in zip(asked, await self._table.query([request for _, request in asked]), strict=True):
            found[kind] = _merged(found[kind], _candidates(points, str(request.using)))
        return found

    async def similar(self, scope: Scope, kind: Kind, dense: Sequence[Sequence[float]], limit: int, knowledge_base: str = "",
                      ) -> list[list[Candidate]]:
        """For each vector the nearest memories of the user, or of a knowledge base, nearest first. One round trip."""
        if limit <= 0:
            return [[] for _ in dense]
        where = both(*_owned(scope.project, scope.user, kind, knowledge_base))
        found = await self._table.query([_nearest(vector, where, limit) for vector in dense])
        return [_candidates(points, DENSE) for points in found]

    async def page(self, project: str, user: str, kind: Kind, offset: int, limit: int,
                   filter: Filter | None = None) -> tuple[list[Memory], int]:
        """A user's activated memories, newest first, with their number; those in knowledge bases are not the user's."""
        where = both(*_owned(project, user, kind), *([translate(filter)] if filter else []))
        payloads, total = await asyncio.gather(
            self._table.ordered("sequence", q.Direction.DESC, where, limit, offset), self._table.count(where))
        found = [MEMORY.value(payload) for payload in payloads]
        return sorted(found, key=lambda memory: (-memory.created_at, memory.id)), total


def _point(embedded: Embedded) -> q.PointStruct:
    vectors: dict[str, Any] = {}
    if embedded.lexical.indices:
        vectors[LEXICAL] = _sparse(embedded.lexical)
    if embedded.dense is not None:
        vectors[DENSE] = list(embedded.dense)
    return q.PointStruct(id=point_id(embedded.memory.id), vector=vectors, payload=MEMORY.payload(embedded.memory))


def _owned(project: str, user: str, kind: Kind, knowledge_base: str = "") -> list[q.Condition]:
    """The activated memories of one kind that are a user's, or everybody's in a knowledge base."""
    owner = [equal("knowledge_base", knowledge_base)] if knowledge_base else [equal("scope.user", user), equal("knowledge_base", "")]
    return [equal("scope.project", project), *owner, equal("kind", kind), equal("status", Status.ACTIVATED)]


def _searches(lexical: SparseVector, dense: Sequence[float], corpus: q.Filter, where: q.Filter, limit: int) -> Iterable[q.QueryRequest]:
    if lexical.indices:
        rarity = q.SearchParams(idf=q.IdfCorpusParams(corpus=corpus))
        yield q.QueryRequest(query=_sparse(lexical), using=LEXICAL, filter=where, limit=limit, params=rarity, with_payload=_SHOWN)
    if dense:
        yield _nearest(dense, where, limit)


def _nearest(vector: Sequence[float], where: q.Filter, limit: int) -> q.QueryRequest:
    return q.QueryRequest(query=list(vector), using=DENSE, filter=where, limit=limit, with_payload=_SHOWN)


def _sparse(vector: SparseVector) -> q.SparseVector:
    return q.SparseVector(indices=list(vector.indices), values=list(vector.values))


def _candidates(points: Iterable[q.ScoredPoint], using: str) -> list[Candidate]:
    if using == LEXICAL:
        return [Candidate(MEMORY.value(point.payload or {}), lexical=point.score) for point in points]
    return [Candidate(MEMORY.value(point.payload or {}), dense=point.score) for point in points]


def _merged(known: Iterable[Candidate], more: Iterable[Candidate]) -> list[Candidate]:
    """One candidate a memory, with the scores of both searches."""
    found = {candidate.memory.id: candidate for candidate in known}
    for candidate in more:
        earlier = found.get(candidate.memory.id)
        found[candidate.memory.id] = Candidate(candidate.memory, earlier.lexical, candidate.dense) if earlier else candidate
    return list(found.values())
