"""What is remembered near to a talk: the model is shown it, so that it completes names,
repeats nothing and says what has changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.filter import Condition
from shared.domain.kinds import STATEMENTS, Kind, Type
from shared.domain.memory import Candidate, Memory
from shared.domain.scope import Scope
from shared.ports import Embedder, Memories

NEAREST = 18
"""Memories near to a talk that are shown: of 15 changes in a pool of 123 memories the one
that changes was the nearest of the new statement in 12 and the fifth at worst.
"""
TRAITS = 6
"""Latest memories of who the user is that are shown whatever the talk is about."""
OF_LINE = 6
"""Memories that are looked for with one line, of each kind."""
LONGEST_QUERY = 1500
"""Characters of a line by which memories are looked for."""


class KnownMemories:
    """Finds what is remembered of a user near to what is said."""

    def __init__(self, memories: Memories, embedder: Embedder) -> None:
        self._memories = memories
        self._embedder = embedder

    def follow(self, memories: Memories, embedder: Embedder) -> None:
        """Look in another space of vectors from now on: the store's embedder has changed."""
        self._memories, self._embedder = memories, embedder

    async def near(self, scope: Scope, texts: Sequence[str]) -> list[Memory]:
        """Statements of a user near to any of the texts, and who the user is; in the
        order in which they were said.
        """
        chosen = {memory.id: memory for memory in await self._traits(scope)}
        limit = len(chosen) + NEAREST
        for candidate in await self._nearest(scope, texts):
            if len(chosen) < limit:
                chosen.setdefault(candidate.memory.id, candidate.memory)
        return sorted(chosen.values(), key=lambda memory: memory.said_at)

    async def _traits(self, scope: Scope) -> list[Memory]:
        is_trait = Condition("memory_type", "eq", Type.USER.value)
        traits, _ = await self._memories.page(
            scope.project, scope.user, Kind.FACT, 0, TRAITS, is_trait
        )
        return traits

    async def _nearest(self, scope: Scope, texts: Sequence[str]) -> list[Candidate]:
        """By their rank among the neighbours of a text, then by likeness: each line gets
        its nearest before any gets its second.
        """
        if not texts:
            return []
        queries = [text[:LONGEST_QUERY] for text in texts]
        vectors = await self._embedder.passages(queries)
        ranked: list[tuple[int, float, Candidate]] = []
        for kind in STATEMENTS:
            lists = await self._memories.similar(scope, kind, vectors, OF_LINE)
            for near in lists:
                for rank, candidate in enumerate(near):
                    ranked.append((rank, -(candidate.dense or 0.0), candidate))
        ranked.sort(key=lambda entry: entry[:2])
        return [candidate for _, _, candidate in ranked]
