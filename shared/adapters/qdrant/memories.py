"""Memories, with a dense and a lexical vector each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qdrant_client import models as q

from shared.adapters.qdrant.collections import LEXICAL, VERSION
from shared.adapters.qdrant.filters import (
    any_of,
    both,
    equal,
    translate,
    with_ids,
)
from shared.adapters.qdrant.memory_conditions import of_anybody, of_list
from shared.adapters.qdrant.memory_searches import MemorySearches, sparse
from shared.adapters.qdrant.numbered_order import Last
from shared.adapters.qdrant.records import (
    MEMORY,
    memory_sequence,
    point_id,
    point_ids,
)
from shared.domain.cursor import Cursor
from shared.domain.filter import Filter
from shared.domain.memory import Embedded, Kind, Memory, Status
from shared.domain.memory_list import MemoryList
from shared.domain.scope import Label

_LABELS: Mapping[Label, str] = {
    Label.USER: "scope.user",
    Label.AGENT: "scope.agent",
    Label.APP: "scope.app",
    Label.CONVERSATION: "scope.conversation",
}
"""Where a label is stored."""

_AT_ONCE = 1000
"""Ids that one request names."""


class QdrantMemories(MemorySearches):
    """`shared.ports.Memories`."""

    async def put(self, memories: Sequence[Embedded]) -> None:
        points = []
        for embedded in memories:
            vectors: dict[str, Any] = {}
            if embedded.lexical.indices:
                vectors[LEXICAL] = sparse(embedded.lexical)
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
        where = of_list(wanted)
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
            "sequence", direction, of_list(wanted), last, limit
        )
        return [MEMORY.value(payload) for payload in payloads]

    async def labels(self, project: str, label: Label) -> dict[str, int]:
        where = both(*of_anybody(project))
        counted = await self._table.word_counts(_LABELS[label], where)
        return {word: count for word, count in counted.items() if word}

    async def users(self, project: str) -> list[str]:
        return await self._table.words("scope.user", both(*of_anybody(project)))

    async def counts(self, project: str) -> dict[str, dict[Kind, int]]:
        """A round trip for each kind, all at once."""
        own = of_anybody(project)
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
