"""The memories that one request may touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shared.access.access import Access
from shared.contract import Code
from shared.domain.cursor import Cursor
from shared.domain.filter import Filter, Filters
from shared.domain.memory import Candidate, Embedded, Kind, Memory, SparseVector, Status
from shared.domain.memory_list import MemoryList
from shared.domain.scope import Label, Reach, Scope
from shared.domain.thumb import with_thumbs_of
from shared.errors import Forbidden
from shared.ports import Memories


class GuardedMemories:
    """`shared.ports.Memories`. A key for one user reads that user's, the project's
    public ones and those of knowledge bases, and changes that user's alone. Of what
    others see too it reads and changes that user's thumbs.
    """

    def __init__(self, memories: Memories, access: Access) -> None:
        self._memories, self._access = memories, access

    async def get(self, project: str, ids: Sequence[str]) -> list[Memory]:
        self._access.require_project(project)
        stored = await self._memories.get(project, ids)
        return [self._shown(memory) for memory in stored if self._access.sees(memory)]

    async def candidates(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        lexical: SparseVector,
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[Kind, list[Candidate]]:
        self._access.require_user(reach.project, reach.user)
        return await self._memories.candidates(reach, kinds, lexical, dense, filters)

    async def cosines(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[str, float]:
        self._access.require_user(reach.project, reach.user)
        return await self._memories.cosines(reach, kinds, dense, filters)

    async def reached(
        self, reach: Reach, ids: Sequence[str], filters: Filters
    ) -> list[Memory]:
        self._access.require_user(reach.project, reach.user)
        reached = await self._memories.reached(reach, ids, filters)
        return list(map(self._shown, reached))

    async def similar(
        self,
        scope: Scope,
        kind: Kind,
        dense: Sequence[Sequence[float]],
        limit: int,
        knowledge_base: str = "",
    ) -> list[list[Candidate]]:
        self._access.require_scope(scope)
        return await self._memories.similar(scope, kind, dense, limit, knowledge_base)

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
        if knowledge_base:
            self._access.require_whole_project(project)
        else:
            self._access.require_user(project, user or "")
        memories, total = await self._memories.page(
            project,
            user,
            kind,
            offset,
            limit,
            filter,
            status,
            expired=expired,
            as_of=as_of,
            knowledge_base=knowledge_base,
        )
        return list(map(self._shown, memories)), total

    async def following(
        self, wanted: MemoryList, cursor: Cursor | None, limit: int
    ) -> list[Memory]:
        if wanted.knowledge_base:
            self._access.require_whole_project(wanted.project)
        else:
            self._access.require_user(wanted.project, wanted.user or "")
        memories = await self._memories.following(wanted, cursor, limit)
        return list(map(self._shown, memories))

    async def with_vectors(
        self, project: str, user: str, limit: int
    ) -> list[Candidate]:
        self._access.require_user(project, user)
        return await self._memories.with_vectors(project, user, limit)

    async def labels(self, project: str, label: Label) -> dict[str, int]:
        self._access.require_whole_project(project)
        return await self._memories.labels(project, label)

    async def users(self, project: str) -> list[str]:
        self._access.require_project(project)
        users = await self._memories.users(project)
        return [user for user in users if self._access.owner in ("", user)]

    async def counts(self, project: str) -> dict[str, dict[Kind, int]]:
        self._access.require_project(project)
        counts = await self._memories.counts(project)
        owner = self._access.owner
        return {user: own for user, own in counts.items() if owner in ("", user)}

    async def put(self, memories: Sequence[Embedded]) -> None:
        for embedded in memories:
            self._require_own(embedded.memory)
        await self._memories.put(memories)

    async def archive(self, memories: Sequence[Memory]) -> None:
        for memory in memories:
            self._require_own(memory)
        await self._memories.archive(memories)

    async def update_detail(self, memories: Sequence[Memory]) -> None:
        for memory in memories:
            self._require_own(memory)
        await self._memories.update_detail(memories)

    async def update_thumbs(self, memories: Sequence[Memory]) -> None:
        written = []
        for memory in memories:
            if self._access.owner and memory.is_shared:
                memory = await self._with_others_thumbs(memory)
            else:
                self._require_own(memory)
            written.append(memory)
        await self._memories.update_thumbs(written)

    async def mark_recalled(self, project: str, ids: Sequence[str], at: int) -> None:
        self._access.require_project(project)
        if self._access.owner:
            for memory in await self._memories.get(project, ids):
                self._access.require_scope(memory.scope)
        await self._memories.mark_recalled(project, ids, at)

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        self._access.require_project(project)
        if self._access.owner:
            for memory in await self._memories.get(project, ids):
                self._require_own(memory)
        await self._memories.delete(project, ids)
        self._access.note(ids)

    async def delete_forgotten(self, before: int) -> None:
        raise Forbidden("that concerns every project")

    async def delete_where(
        self,
        project: str,
        user: str = "",
        filter: Filter | None = None,
        knowledge_base: str = "",
        source: str = "",
        fast_of_job: str = "",
    ) -> None:
        user = user or self._access.owner
        self._access.require_user(project, user)
        if knowledge_base or source:
            self._access.require_whole_project(project)
        await self._memories.delete_where(
            project, user, filter, knowledge_base, source, fast_of_job
        )

    def _shown(self, memory: Memory) -> Memory:
        """What other users think of a memory, and what they asked, is theirs."""
        owner = self._access.owner
        if not owner or not memory.is_shared:
            return memory
        visible = tuple(t for t in memory.thumbs if t.user in ("", owner))
        return replace(memory, thumbs=visible)

    async def _with_others_thumbs(self, memory: Memory) -> Memory:
        """What others see too with thumbs that may be written: the owner's are as given.
        Raises `Forbidden`.
        """
        project = memory.scope.project
        self._access.require_project(project)
        stored = await self._memories.get(project, [memory.id])
        if not stored or not self._access.sees(stored[0]):
            raise Forbidden("this memory is another user's", code=Code.KEY_NOT_ALLOWED)
        self._access.note([memory.id])
        thumbs = with_thumbs_of(self._access.owner, memory.thumbs, stored[0].thumbs)
        return replace(memory, thumbs=thumbs)

    def _require_own(self, memory: Memory) -> None:
        """Raises `Forbidden` for what the request may not write. What others would
        recall is written by the keys of a whole project only.
        """
        self._access.require_scope(memory.scope)
        if memory.is_shared:
            self._access.require_whole_project(memory.scope.project)
        self._access.note([memory.id])
