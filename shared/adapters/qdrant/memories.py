"""Memories, with a dense and a lexical vector each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import DENSE, LEXICAL, MEMORIES, named
from shared.adapters.qdrant.filters import both, equal, translate, with_ids, within
from shared.adapters.qdrant.records import DERIVED, MEMORY, point_id
from shared.domain.filter import Filter, Filters
from shared.domain.memory import Candidate, Embedded, Kind, Memory, SparseVector, Status
from shared.domain.scope import Reach, Scope

_Scores = dict[str, float]


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
        """Write only `status`, `updated_at` and `replaced`; a memory that is gone by
        now stays gone.
        """
        await self._table.set(
            [
                (
                    memory.id,
                    equal("scope.project", memory.scope.project),
                    {
                        "status": memory.status.value,
                        "updated_at": memory.updated_at,
                        "replaced": list(memory.replaced),
                    },
                )
                for memory in memories
            ]
        )

    async def update_detail(self, memories: Sequence[Memory]) -> None:
        """Write only `detail` and `updated_at`; the vectors stay as they are, a memory
        that is gone by now stays gone.
        """
        written = ("detail", "updated_at")
        await self._table.set(
            [
                (
                    memory.id,
                    equal("scope.project", memory.scope.project),
                    {name: MEMORY.payload(memory)[name] for name in written},
                )
                for memory in memories
            ]
        )

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        """Remove memories of the project by id."""
        await self._table.delete(both(equal("scope.project", project), with_ids(ids)))

    async def delete_where(
        self,
        project: str,
        user: str = "",
        filter: Filter | None = None,
        knowledge_base: str = "",
        source: str = "",
        fast_of_job: str = "",
    ) -> None:
        """Remove what fits all that is given. Raises ValueError when that is nothing
        but a project.
        """
        words = {
            "scope.user": user,
            "knowledge_base": knowledge_base,
            "origins[].source": source,
            "fast_of": fast_of_job,
        }
        wanted = [equal(field, word) for field, word in words.items() if word] + (
            [translate(filter)] if filter else []
        )
        if not project or not wanted:
            raise ValueError("delete_where needs a project and something else to go by")
        await self._table.delete(both(equal("scope.project", project), *wanted))

    async def candidates(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        lexical: SparseVector,
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[Kind, list[Candidate]]:
        """What a lexical and a dense search bring up, up to the given number of each
        kind by each, in no order.

        Two round trips: the scores of all searches, then each memory that they brought
        up once. Payloads are what takes time.
        """
        visible, corpus = within(reach, filters), both(*within(reach))
        searches = {
            (kind, str(search.using)): search
            for kind, limit in kinds.items()
            if limit > 0
            for search in _searches(
                lexical, dense, both(equal("kind", kind), *visible), corpus, limit
            )
        }
        answers = zip(
            searches, await self._table.query(list(searches.values())), strict=True
        )
        scores: dict[tuple[Kind, str], _Scores] = {
            search: {str(point.id): point.score for point in points}
            for search, points in answers
        }
        payloads = await self._table.get(
            list({id for of_search in scores.values() for id in of_search})
        )
        known = [
            memory
            for memory in map(MEMORY.value, payloads)
            if memory.status is Status.ACTIVATED
        ]
        return {
            kind: _candidates(
                known, scores.get((kind, LEXICAL), {}), scores.get((kind, DENSE), {})
            )
            for kind in kinds
        }

    async def similar(
        self,
        scope: Scope,
        kind: Kind,
        dense: Sequence[Sequence[float]],
        limit: int,
        knowledge_base: str = "",
    ) -> list[list[Candidate]]:
        """For each vector the nearest memories of the user, or of a knowledge base,
        nearest first. One round trip.
        """
        if limit <= 0:
            return [[] for _ in dense]
        where = both(*_owned(scope.project, scope.user, kind, knowledge_base))
        found = await self._table.query(
            [
                q.QueryRequest(
                    query=list(vector),
                    using=DENSE,
                    filter=where,
                    limit=limit,
                    with_payload=self._table.shown,
                )
                for vector in dense
            ]
        )
        return [
            [Candidate(_memory(point), dense=point.score) for point in points]
            for points in found
        ]

    async def page(
        self,
        project: str,
        user: str,
        kind: Kind,
        offset: int,
        limit: int,
        filter: Filter | None = None,
    ) -> tuple[list[Memory], int]:
        """A user's activated memories, newest first, with their number; those in
        knowledge bases are not the user's.
        """
        where = both(
            *_owned(project, user, kind), *([translate(filter)] if filter else [])
        )
        payloads, total = await asyncio.gather(
            self._table.ordered("sequence", q.Direction.DESC, where, limit, offset),
            self._table.count(where),
        )
        found = [MEMORY.value(payload) for payload in payloads]
        return sorted(found, key=lambda memory: (-memory.created_at, memory.id)), total

    async def users(self, project: str) -> list[str]:
        """Who has activated memories of their own, in alphabetical order."""
        own = both(
            equal("scope.project", project),
            equal("knowledge_base", ""),
            equal("status", Status.ACTIVATED),
        )
        return await self._table.words("scope.user", own)


def _point(embedded: Embedded) -> q.PointStruct:
    vectors: dict[str, Any] = {}
    if embedded.lexical.indices:
        vectors[LEXICAL] = _sparse(embedded.lexical)
    if embedded.dense is not None:
        vectors[DENSE] = list(embedded.dense)
    return q.PointStruct(
        id=point_id(embedded.memory.id),
        vector=vectors,
        payload=MEMORY.payload(embedded.memory),
    )


def _owned(
    project: str, user: str, kind: Kind, knowledge_base: str = ""
) -> list[q.Condition]:
    """The activated memories of one kind that are a user's, or everybody's in a knowledge base."""
    owner = (
        [equal("knowledge_base", knowledge_base)]
        if knowledge_base
        else [equal("scope.user", user), equal("knowledge_base", "")]
    )
    return [
        equal("scope.project", project),
        *owner,
        equal("kind", kind),
        equal("status", Status.ACTIVATED),
    ]


def _searches(
    lexical: SparseVector,
    dense: Sequence[float],
    where: q.Filter,
    corpus: q.Filter,
    limit: int,
) -> list[q.QueryRequest]:
    """What can be searched for: with no words in a question there is no lexical search,
    without a vector no dense one.
    """
    rarity = q.SearchParams(idf=q.IdfCorpusParams(corpus=corpus))
    by_words = (
        q.QueryRequest(
            query=_sparse(lexical),
            using=LEXICAL,
            filter=where,
            limit=limit,
            params=rarity,
        )
        if lexical.indices
        else None
    )
    by_meaning = (
        q.QueryRequest(query=list(dense), using=DENSE, filter=where, limit=limit)
        if dense
        else None
    )
    return [search for search in (by_words, by_meaning) if search is not None]


def _candidates(
    known: Iterable[Memory], lexical: _Scores, dense: _Scores
) -> list[Candidate]:
    """The memories that either search brought up."""
    return [
        Candidate(memory, lexical.get(memory.id), dense.get(memory.id))
        for memory in known
        if memory.id in lexical or memory.id in dense
    ]


def _memory(point: q.ScoredPoint) -> Memory:
    return MEMORY.value(point.payload or {})


def _sparse(vector: SparseVector) -> q.SparseVector:
    return q.SparseVector(indices=list(vector.indices), values=list(vector.values))
