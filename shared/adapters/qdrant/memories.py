"""Memories, with a dense and a lexical vector each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, cast

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import LEXICAL, MEMORIES, VERSION, named
from shared.adapters.qdrant.filters import (
    any_of,
    both,
    equal,
    now,
    standing,
    translate,
    unexpired,
    with_ids,
    within,
)
from shared.adapters.qdrant.numbered_order import Last
from shared.adapters.qdrant.records import (
    DERIVED,
    MEMORY,
    OWN,
    PUBLIC,
    memory_sequence,
    point_id,
    point_ids,
)
from shared.domain.cursor import Cursor
from shared.domain.filter import Filter, Filters
from shared.domain.memory import Candidate, Embedded, Kind, Memory, SparseVector, Status
from shared.domain.memory_list import MemoryList
from shared.domain.scope import Label, Reach, Scope
from shared.domain.validity import held_at
from shared.domain.vector_space import DENSE

_LABELS: Mapping[Label, str] = {
    Label.USER: "scope.user",
    Label.AGENT: "scope.agent",
    Label.APP: "scope.app",
    Label.CONVERSATION: "scope.conversation",
}
"""Where a label is stored."""

_AT_ONCE = 1000
"""Ids that one request names."""

_Scores = dict[str, float]
"""Score by memory id."""


class QdrantMemories:
    """`shared.ports.Memories`."""

    def __init__(
        self, client: AsyncQdrantClient, prefix: str, vector: str = DENSE
    ) -> None:
        """`vector`: the name of the dense vectors that are searched and written."""
        self._table = Table(client, named(prefix, MEMORIES), DERIVED)
        self._vector = vector

    async def put(self, memories: Sequence[Embedded]) -> None:
        points = []
        for embedded in memories:
            vectors: dict[str, Any] = {}
            if embedded.lexical.indices:
                vectors[LEXICAL] = _sparse(embedded.lexical)
            if embedded.dense is not None:
                vectors[self._vector] = list(embedded.dense)
            id, payload = point_id(embedded.memory.id), MEMORY.payload(embedded.memory)
            points.append(q.PointStruct(id=id, vector=vectors, payload=payload))
        await self._table.put(points)

    async def get(self, project: str, ids: Sequence[str]) -> list[Memory]:
        memories = map(MEMORY.value, await self._table.get(ids))
        return [memory for memory in memories if memory.scope.project == project]

    async def archive(self, memories: Sequence[Memory]) -> None:
        names = ("status", "updated_at", "replaced", "valid_until", "last_change")
        await self._set_fields(memories, names)

    async def update_detail(self, memories: Sequence[Memory]) -> None:
        await self._set_fields(memories, ("detail", "updated_at", "last_change"))

    async def update_thumbs(self, memories: Sequence[Memory]) -> None:
        await self._set_fields(memories, ("thumbs",))

    async def mark_recalled(self, project: str, ids: Sequence[str], at: int) -> None:
        in_project = equal("scope.project", project)
        await self._table.set(
            [(id, in_project, {"recalled_at": at}) for id in point_ids(ids)]
        )

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        in_project = equal("scope.project", project)
        ids = point_ids(ids)
        await self._delete_versions(ids, in_project)
        for some in _parts(ids):
            await self._table.delete(both(in_project, with_ids(some)))

    async def delete_forgotten(self, before: int) -> None:
        at = q.FieldCondition(key="updated_at", range=q.Range(lt=before))
        where = both(equal("status", Status.FORGOTTEN), at)
        await self._delete_versions(await self._table.ids(where))
        await self._table.delete(where)

    async def delete_where(
        self,
        project: str,
        user: str = "",
        filter: Filter | None = None,
        knowledge_base: str = "",
        source: str = "",
        fast_of_job: str = "",
    ) -> None:
        words = {
            "scope.user": user,
            "knowledge_base": knowledge_base,
            "origins[].source": source,
            "fast_of": fast_of_job,
        }
        conditions = [equal(field, word) for field, word in words.items() if word]
        if filter:
            conditions.append(translate(filter))
        if not project or not conditions:
            raise ValueError("delete_where needs a project and something else to go by")
        in_project = equal("scope.project", project)
        where = both(in_project, *conditions)
        if filter or source:  # by all else a version is found as its memory is
            await self._delete_versions(await self._table.ids(where), in_project)
        await self._table.delete(where)

    async def _delete_versions(self, ids: Sequence[str], *places: q.Condition) -> None:
        """The earlier versions of memories, in some places, and those of the versions. The
        farthest go first: where the rest fails, the same deletion finds what is left.
        """
        generations = [list(ids)]
        visited = set(ids)
        while generations[-1]:
            versions = await self._versions(generations[-1], *places)
            generations.append([id for id in versions if id not in visited])
            visited |= set(versions)
        for of_versions in reversed(generations[1:]):
            for some in _parts(of_versions):
                await self._table.delete(both(with_ids(some), *places))

    async def _versions(self, ids: Sequence[str], *places: q.Condition) -> list[str]:
        """The ids of what memories said just before they were changed by hand."""
        versions: list[str] = []
        for some in _parts(ids):
            versions += await self._table.ids(both(any_of(VERSION, some), *places))
        return versions

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
        visible = within(reach, filters)
        corpus = both(*within(reach))
        requests: dict[tuple[Kind, str], q.QueryRequest] = {}
        for kind, limit in kinds.items():
            where = both(equal("kind", kind), *visible)
            for request in self._requests(lexical, dense, where, corpus, limit):
                requests[kind, str(request.using)] = request
        scores = await self._scores(requests)

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
        where = both(*_owned(scope.project, scope.user, kind, knowledge_base))
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

    async def page(
        self,
        project: str,
        user: str | None,
        kind: Kind | None,
        offset: int,
        limit: int,
        filter: Filter | None = None,
        status: Status = Status.ACTIVATED,
        *,
        expired: bool = False,
        as_of: int = 0,
        knowledge_base: str = "",
    ) -> tuple[list[Memory], int]:
        wanted = MemoryList(
            project, user, kind, filter, status, expired, as_of, knowledge_base
        )
        where = _of_list(wanted)
        payloads, total = await asyncio.gather(
            self._table.ordered("sequence", q.Direction.DESC, where, limit, offset),
            self._table.count(where),
        )
        memories = sorted(
            map(MEMORY.value, payloads),
            key=lambda memory: (-memory.created_at, memory.id),
        )
        return memories, total

    async def following(
        self, wanted: MemoryList, cursor: Cursor | None, limit: int
    ) -> list[Memory]:
        last: Last | None = None
        if cursor is not None:
            last = memory_sequence(cursor.at, cursor.id), point_id(cursor.id)
        direction = q.Direction.DESC if wanted.newest_first else q.Direction.ASC
        payloads = await self._table.following(
            "sequence", direction, _of_list(wanted), last, limit
        )
        return [MEMORY.value(payload) for payload in payloads]

    async def with_vectors(
        self, project: str, user: str, limit: int
    ) -> list[Candidate]:
        refined = both(*_of_user(project, user), equal("fast_of", ""))
        points = await self._table.with_vector(self._vector, refined, limit)
        candidates = [
            Candidate(
                MEMORY.value(point.payload or {}),
                vector=_dense_vector(point, self._vector),
            )
            for point in points
        ]
        return [candidate for candidate in candidates if candidate.vector is not None]

    async def labels(self, project: str, label: Label) -> dict[str, int]:
        where = both(*_of_anybody(project))
        counted = await self._table.word_counts(_LABELS[label], where)
        return {word: count for word, count in counted.items() if word}

    async def users(self, project: str) -> list[str]:
        return await self._table.words("scope.user", both(*_of_anybody(project)))

    async def counts(self, project: str) -> dict[str, dict[Kind, int]]:
        """A round trip for each kind, all at once."""
        own = _of_anybody(project)
        counted = await asyncio.gather(
            *(
                self._table.word_counts("scope.user", both(*own, equal("kind", kind)))
                for kind in Kind
            )
        )
        by_user: dict[str, dict[Kind, int]] = {}
        for kind, users in zip(Kind, counted, strict=True):
            for user, count in users.items():
                by_user.setdefault(user, {})[kind] = count
        return by_user

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
                query=_sparse(lexical),
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
        self, requests: Mapping[tuple[Kind, str], q.QueryRequest]
    ) -> dict[tuple[Kind, str], _Scores]:
        """The scores of several searches, each under its own key."""
        answers = await self._table.query(list(requests.values()))
        scores: dict[tuple[Kind, str], _Scores] = {}
        for search, points in zip(requests, answers, strict=True):
            scores[search] = {str(point.id): point.score for point in points}
        return scores

    async def _set_fields(
        self, memories: Sequence[Memory], names: Sequence[str]
    ) -> None:
        """Write only these fields; a memory that is gone by now stays gone."""
        changes = []
        for memory in memories:
            fields = MEMORY.fields(memory, names)
            in_project = equal("scope.project", memory.scope.project)
            changes.append((memory.id, in_project, fields))
        await self._table.set(changes)


def _parts(ids: Sequence[str]) -> Iterator[list[str]]:
    """As many as one request takes."""
    for start in range(0, len(ids), _AT_ONCE):
        yield list(ids[start : start + _AT_ONCE])


def _owned(
    project: str, user: str, kind: Kind, knowledge_base: str = ""
) -> list[q.Condition]:
    """The activated memories of one kind that are a user's, but for records, or those
    of a knowledge base, whoever added them.
    """
    if not knowledge_base:
        own = [*_of_user(project, user), any_of("place", [OWN, PUBLIC])]
        return [*own, equal("kind", kind), unexpired(now())]
    return [
        unexpired(now()),
        equal("scope.project", project),
        equal("kind", kind),
        equal("status", Status.ACTIVATED),
        equal("knowledge_base", knowledge_base),
    ]


def _of_user(
    project: str, user: str, status: Status = Status.ACTIVATED
) -> list[q.Condition]:
    """The memories of one status that are a user's."""
    return [*_of_anybody(project, status), equal("scope.user", user)]


def _of_list(wanted: MemoryList) -> q.Filter:
    conditions = _of_anybody(
        wanted.project, wanted.status, wanted.as_of, wanted.knowledge_base
    )
    if wanted.user is not None:
        conditions.append(equal("scope.user", wanted.user))
    if wanted.kind is not None:
        conditions.append(equal("kind", wanted.kind))
    if not wanted.expired:
        conditions.append(unexpired(wanted.as_of or now()))
    if wanted.filter:
        conditions.append(translate(wanted.filter))
    return both(*conditions)


def _of_anybody(
    project: str,
    status: Status | None = Status.ACTIVATED,
    as_of: int = 0,
    knowledge_base: str = "",
) -> list[q.Condition]:
    """The memories of one status or of any, or those that held at a moment, that are some
    user's and in no knowledge base; those in one where it is named.
    """
    return [
        equal("scope.project", project),
        equal("knowledge_base", knowledge_base),
        *standing(status, as_of),
    ]


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


def _sparse(vector: SparseVector) -> q.SparseVector:
    return q.SparseVector(indices=list(vector.indices), values=list(vector.values))
