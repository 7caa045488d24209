"""Whose vectors the store holds: those of two embedders cannot be compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.domain.identity import computed_id

DENSE = "dense"
"""The vectors that every store begins with."""
SIZE = 384
"""Numbers in one of them: those of the built-in embedders."""
_HASH_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class VectorSpace:
    """The vectors of one embedder."""

    embedder: str
    """Its name."""
    size: int = SIZE
    """Numbers in a vector."""
    vector: str = DENSE
    """What the vectors are called in the store."""


@dataclass(frozen=True, slots=True)
class StoredSpaces:
    """The spaces of a store. While the embedder is changed there are two."""

    current: VectorSpace
    """What is searched, and what new memories get."""
    next: VectorSpace | None = None
    """What is being filled, to be searched once every memory has its vector."""
    past: VectorSpace | None = None
    """What was searched before, and is about to be dropped."""
    older: bool = False
    """Whether the store was begun before names were written, and still is as it was."""

    def beginning(self, space: VectorSpace) -> StoredSpaces:
        """The same with a space to be filled; unchanged where that is in use."""
        return self if space == self.current else replace(self, next=space)

    def switched(self) -> StoredSpaces:
        """The same with the next space in use. Raises ValueError where there is none."""
        if self.next is None:
            raise ValueError("no space is being filled")
        return StoredSpaces(self.next, past=self.current)

    def without_past(self) -> StoredSpaces:
        """The same when the past space is dropped."""
        return replace(self, past=None)


def first_space(embedder: str, size: int) -> VectorSpace:
    """The space of the first embedder of a store."""
    if size == SIZE:
        return VectorSpace(embedder)
    return space_beside(embedder, size)


def space_beside(embedder: str, size: int) -> VectorSpace:
    """A space of its own for an embedder, named after it: the same whoever asks."""
    hashed = computed_id("vector space", embedder, size).replace("-", "")
    return VectorSpace(embedder, size, f"{DENSE}_{hashed[:_HASH_CHARACTERS]}")
