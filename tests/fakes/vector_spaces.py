"""Vector spaces over the memories of a fake: those of the space in use stand in the
memories themselves, those of others beside them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from shared.domain.memory import Embedded, Memory
from shared.domain.vector_space import StoredSpaces, VectorSpace
from tests.fakes.memories import FakeMemories


class FakeVectorSpaces:
    """`shared.ports.VectorSpaces`. `calls` holds the names of all changes, in order."""

    def __init__(self, memories: FakeMemories, current: VectorSpace) -> None:
        self.calls: list[str] = []
        self._stored = memories
        self._spaces = StoredSpaces(current)
        self._beside: dict[str, dict[str, tuple[Embedded, tuple[float, ...]]]]
        self._beside = defaultdict(dict)

    async def read(self) -> StoredSpaces:
        return self._spaces

    async def begin(self, space: VectorSpace) -> StoredSpaces:
        self.calls.append("begin")
        self._spaces = self._spaces.beginning(space)
        return self._spaces

    async def switch(self) -> StoredSpaces:
        self.calls.append("switch")
        if self._spaces.next is not None:
            beside = self._beside.pop(self._spaces.next.vector, {})
            for id, embedded in self._stored.stored.items():
                of, vector = beside.get(id, (None, None))
                dense = vector if of is embedded else None
                self._stored.stored[id] = replace(embedded, dense=dense)
            self._spaces = self._spaces.switched()
        return self._spaces

    async def drop_past(self) -> StoredSpaces:
        self.calls.append("drop")
        self._spaces = self._spaces.without_past()
        return self._spaces

    async def counts(self, space: VectorSpace) -> tuple[int, int]:
        every = [of for of in self._stored.stored.values() if not of.memory.fast]
        return len(every), len(self._lacking(space))

    async def lacking(
        self, space: VectorSpace, after: str, limit: int
    ) -> tuple[list[Memory], str]:
        rest = [memory for memory in self._lacking(space) if memory.id > after]
        page = rest[:limit]
        return page, page[-1].id if len(rest) > limit else ""

    async def fill(
        self,
        space: VectorSpace,
        memories: Sequence[Memory],
        vectors: Sequence[Sequence[float]],
    ) -> None:
        self.calls.append("fill")
        for memory, vector in zip(memories, vectors, strict=True):
            embedded = self._stored.stored.get(memory.id)
            if embedded is None or embedded.memory.updated_at != memory.updated_at:
                continue
            if space == self._spaces.current:
                filled = replace(embedded, dense=tuple(vector))
                self._stored.stored[memory.id] = filled
            else:
                self._beside[space.vector][memory.id] = embedded, tuple(vector)

    def memories(self, space: VectorSpace) -> FakeMemories:
        return self._stored

    def _lacking(self, space: VectorSpace) -> list[Memory]:
        lacking = []
        for id, embedded in sorted(self._stored.stored.items()):
            if space == self._spaces.current:
                has = embedded.dense is not None
            else:
                of, _ = self._beside[space.vector].get(id, (None, ()))
                has = of is embedded
            if not has and not embedded.memory.fast:
                lacking.append(embedded.memory)
        return lacking
