"""Memories, with a dense and a lexical vector each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
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


class QdrantMemories:
    """`shared.ports.Memories`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._table = Table(client, named(prefix, MEMORIES), DERIVED)

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
        visible, corpus = within(reach, filters), both(*within(reach))
        wanted = {kind: _searches(lexical, dense, both(equal("kind", kind), *visible), corpus, limit)
                  for kind, limit in kinds.items() if limit > 0}
        requests = {kind: [*map(_scores_only, searches), self._all_of(searches)] for kind, searches in wanted.items() if searches}
        answers = iter(await self._table.query([request for each in requests.values() for request in each]))
        found = {kind: _candidates([(str(request.using), next(answers)) for request in each]) for kind, each in requests.items()}
        return {kind: found.get(kind, []) for kind in kinds}

    async def similar(self, scope: Scope, kind: Kind, dense: Sequence[Sequence[float]], limit: int, knowledge_base: str = "",
                      ) -> list[list[Candidate]]:
        """For each vector the nearest memories of the user, or of a knowledge base, nearest first. One round trip."""
        if limit <= 0:
            return [[] for _ in dense]
        where = both(*_owned(scope.project, scope.user, kind, knowledge_base))
        found = await self._table.query([
            q.QueryRequest(query=list(vector), using=DENSE, filter=where, limit=limit, with_payload=self._table.shown) for vector in dense])
        return [[Candidate(_memory(point), dense=point.score) for point in points] for points in found]

    async def page(self, project: str, user: str, kind: Kind, offset: int, limit: int,
                   filter: Filter | None = None) -> tuple[list[Memory], int]:
        """A user's activated memories, newest first, with their number; those in knowledge bases are not the user's."""
        where = both(*_owned(project, user, kind), *([translate(filter)] if filter else []))
        payloads, total = await asyncio.gather(
            self._table.ordered("sequence", q.Direction.DESC, where, limit, offset), self._table.count(where))
        found = [MEMORY.value(payload) for payload in payloads]
        return sorted(found, key=lambda memory: (-memory.created_at, memory.id)), total

    async def users(self, project: str) -> list[str]:
        """Who has activated memories of their own, in alphabetical order."""
        own = both(equal("scope.project", project), equal("knowledge_base", ""), equal("status", Status.ACTIVATED))
        return await self._table.words("scope.user", own)

    def _all_of(self, searches: list[q.Prefetch]) -> q.QueryRequest:
        """The memories that any of the searches brings up, read once each: payloads are what takes time (measured: a quarter less in all)."""
        most = sum(search.limit or 0 for search in searches)
        return q.QueryRequest(prefetch=searches, query=q.FusionQuery(fusion=q.Fusion.RRF), limit=most, with_payload=self._table.shown)


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


def _searches(lexical: SparseVector, dense: Sequence[float], where: q.Filter, corpus: q.Filter, limit: int) -> list[q.Prefetch]:
    """What can be searched for: with no words in a question there is no lexical search, without a vector no dense one."""
    rarity = q.SearchParams(idf=q.IdfCorpusParams(corpus=corpus))
    by_words = q.Prefetch(query=_sparse(lexical), using=LEXICAL, filter=where, limit=limit, params=rarity) if lexical.indices else None
    by_meaning = q.Prefetch(query=list(dense), using=DENSE, filter=where, limit=limit) if dense else None
    return [search for search in (by_words, by_meaning) if search is not None]


def _scores_only(search: q.Prefetch) -> q.QueryRequest:
    return q.QueryRequest(query=search.query, using=search.using, filter=search.filter, limit=search.limit, params=search.params)


def _candidates(answers: Sequence[tuple[str, list[q.ScoredPoint]]]) -> list[Candidate]:
    """From the scores of each search and, at last, the memories that they brought up."""
    *searches, (_, brought_up) = answers
    scores = {using: {point.id: point.score for point in points} for using, points in searches}
    lexical, dense = scores.get(LEXICAL, {}), scores.get(DENSE, {})
    return [Candidate(_memory(point), lexical.get(point.id), dense.get(point.id))
            for point in brought_up if point.id in lexical or point.id in dense]


def _memory(point: q.ScoredPoint) -> Memory:
    return MEMORY.value(point.payload or {})


def _sparse(vector: SparseVector) -> q.SparseVector:
    return q.SparseVector(indices=list(vector.indices), values=list(vector.values))
