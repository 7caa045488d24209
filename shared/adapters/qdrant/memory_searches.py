"""Memories searched by their words and their meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import cast

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import LEXICAL, MEMORIES, named
from shared.adapters.qdrant.filters import (
    both,
    equal,
    with_ids,
    within,
)
from shared.adapters.qdrant.memory_conditions import of_user, owned
from shared.adapters.qdrant.records import (
    DERIVED,
    MEMORY,
    point_ids,
)
from shared.domain.filter import Filters
from shared.domain.memory import Candidate, Kind, Memory, SparseVector, Status
from shared.domain.scope import Reach, Scope
from shared.domain.validity import held_at
from shared.domain.vector_space import DENSE

_Scores = dict[str, float]
"""Score by memory id."""


class MemorySearches:
    """The searches of `shared.ports.Memories`."""

    def __init__(
        self, client: AsyncQdrantClient, prefix: str, vector: str = DENSE
    ) -> None:
        """`vector`: the name of the dense vectors that are searched and written."""
        self._table = Table(client, named(prefix, MEMORIES), DERIVED)
        self._vector = vector

    async def candidates(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        lexical: SparseVector,
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[Kind, list[Candidate]]:
        """Two round trips: the scores of all searches, then the payload of each memory
        once, because payloads are what takes time.
        """
        scores = await self._scores(reach, kinds, lexical, dense, filters)
        ids = dict.fromkeys(chain.from_iterable(scores.values()))
        memories = map(MEMORY.value, await self._table.get(list(ids)))
        standing_then = [memory for memory in memories if _stands(memory, reach.as_of)]
        by_kind: dict[Kind, list[Candidate]] = {}
        for kind in kinds:
            by_words = scores.get((kind, LEXICAL), {})
            by_meaning = scores.get((kind, self._vector), {})
            by_kind[kind] = [
                Candidate(memory, by_words.get(memory.id), by_meaning.get(memory.id))
                for memory in standing_then
                if memory.id in by_words or memory.id in by_meaning
            ]
        return by_kind

    async def cosines(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[str, float]:
        """One round trip."""
        no_words = SparseVector((), ())
        scores = await self._scores(reach, kinds, no_words, dense, filters)
        cosines: dict[str, float] = {}
        for of_kind in scores.values():
            cosines |= of_kind
        return cosines

    async def reached(
        self, reach: Reach, ids: Sequence[str], filters: Filters
    ) -> list[Memory]:
        where = both(*within(reach, filters), with_ids(ids))
        memories = map(MEMORY.value, await self._table.all(where))
        by_id = {memory.id: memory for memory in memories}
        return [by_id[id] for id in point_ids(ids) if id in by_id]

    async def similar(
        self,
        scope: Scope,
        kind: Kind,
        dense: Sequence[Sequence[float]],
        limit: int,
        knowledge_base: str = "",
    ) -> list[list[Candidate]]:
        """One round trip."""
        if limit <= 0:
            return [[] for _ in dense]
        where = both(*owned(scope.project, scope.user, kind, knowledge_base))
        requests = [
            q.QueryRequest(
                query=list(vector),
                using=self._vector,
                filter=where,
                limit=limit,
                with_payload=self._table.payload_selector,
                with_vector=[self._vector],
            )
            for vector in dense
        ]
        answers = await self._table.query(requests)
        return [
            [
                Candidate(
                    MEMORY.value(point.payload or {}),
                    dense=point.score,
                    vector=_dense_vector(point, self._vector),
                )
                for point in points
            ]
            for points in answers
        ]

    async def with_vectors(
        self, project: str, user: str, limit: int
    ) -> list[Candidate]:
        refined = both(*of_user(project, user), equal("fast_of", ""))
        points = await self._table.with_vector(self._vector, refined, limit)
        candidates = [
            Candidate(
                MEMORY.value(point.payload or {}),
                vector=_dense_vector(point, self._vector),
            )
            for point in points
        ]
        return [candidate for candidate in candidates if candidate.vector is not None]

    def _requests(
        self,
        lexical: SparseVector,
        dense: Sequence[float],
        where: q.Filter,
        corpus: q.Filter,
        limit: int,
    ) -> list[q.QueryRequest]:
        """The searches that can be made: none by words where the query has no words,
        none by meaning where it has no vector. How rare a word is, is counted over
        `corpus`.
        """
        requests: list[q.QueryRequest] = []
        if limit <= 0:
            return requests
        if lexical.indices:
            rarity = q.SearchParams(idf=q.IdfCorpusParams(corpus=corpus))
            by_words = q.QueryRequest(
                query=sparse(lexical),
                using=LEXICAL,
                filter=where,
                limit=limit,
                params=rarity,
            )
            requests.append(by_words)
        if dense:
            by_meaning = q.QueryRequest(
                query=list(dense), using=self._vector, filter=where, limit=limit
            )
            requests.append(by_meaning)
        return requests

    async def _scores(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        lexical: SparseVector,
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[tuple[Kind, str], _Scores]:
        """Those of each search, by the kind and the vector that it is for."""
        visible = within(reach, filters)
        corpus = both(*within(reach))
        requests: dict[tuple[Kind, str], q.QueryRequest] = {}
        for kind, limit in kinds.items():
            where = both(equal("kind", kind), *visible)
            for request in self._requests(lexical, dense, where, corpus, limit):
                requests[kind, str(request.using)] = request
        answers = await self._table.query(list(requests.values()))
        scores: dict[tuple[Kind, str], _Scores] = {}
        for search, points in zip(requests, answers, strict=True):
            scores[search] = {str(point.id): point.score for point in points}
        return scores


def _stands(memory: Memory, as_of: int) -> bool:
    """Whether it is still what was searched: it may have been written since."""
    if as_of:
        return held_at(memory, as_of)
    return memory.status is Status.ACTIVATED


def _dense_vector(
    point: q.ScoredPoint | q.Record, name: str
) -> tuple[float, ...] | None:
    """None for a fast memory, which has none."""
    vectors = point.vector if isinstance(point.vector, dict) else {}
    dense = vectors.get(name)
    return tuple(cast("list[float]", dense)) if isinstance(dense, list) else None


def sparse(vector: SparseVector) -> q.SparseVector:
    """A lexical vector, as it is stored and searched."""
    return q.SparseVector(indices=list(vector.indices), values=list(vector.values))
