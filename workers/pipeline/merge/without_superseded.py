"""The memories that merging asks for."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Protocol

from shared.domain.memory import Candidate, Kind, Memory
from shared.domain.scope import Scope


class StoredMemories(Protocol):
    """What merging asks of the memories (`shared.ports.MemoryReader`)."""

    async def get(self, project: str, ids: Sequence[str]) -> list[Memory]:
        """As the port."""
        ...

    async def similar(
        self,
        scope: Scope,
        kind: Kind,
        dense: Sequence[Sequence[float]],
        limit: int,
        knowledge_base: str = "",
    ) -> list[list[Candidate]]:
        """As the port."""
        ...


class WithoutSuperseded:
    """Known memories without those of some ids: they are still stored as what takes their
    place is merged, which must be compared with none of them.
    """

    def __init__(self, memories: StoredMemories, ids: Set[str]) -> None:
        self._memories = memories
        self._ids = ids

    async def get(self, project: str, ids: Sequence[str]) -> list[Memory]:
        """As the port."""
        return await self._memories.get(project, [i for i in ids if i not in self._ids])

    async def similar(
        self,
        scope: Scope,
        kind: Kind,
        dense: Sequence[Sequence[float]],
        limit: int,
        knowledge_base: str = "",
    ) -> list[list[Candidate]]:
        """As the port."""
        more = limit + len(self._ids)
        results = await self._memories.similar(scope, kind, dense, more, knowledge_base)
        return [
            [match for match in near if match.memory.id not in self._ids][:limit]
            for near in results
        ]
