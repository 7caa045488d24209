"""Where memories are, and in which vectors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from shared.domain.cursor import Cursor
from shared.domain.filter import Filter, Filters
from shared.domain.job import Job
from shared.domain.memory import Candidate, Embedded, Kind, Memory, SparseVector, Status
from shared.domain.memory_list import MemoryList
from shared.domain.scope import Label, Reach, Scope
from shared.domain.stored_point import StoredPoint
from shared.domain.vector_space import StoredSpaces, VectorSpace


class MemoryReader(Protocol):
    """Reading memories. Only activated ones that have not expired are found, or those
    that were so at the moment that a reach names; `get` returns all, and `page` where
    they are asked for.
    """

    async def get(self, project: str, ids: Sequence[str]) -> list[Memory]:
        """Memories by id, in the order of the ids, archived ones too; unknown ids are
        left out, an id that is given twice counts once.
        """
        ...

    async def candidates(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        lexical: SparseVector,
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[Kind, list[Candidate]]:
        """What a lexical and a dense search find within a reach, in no order: of each
        kind at most the given number by each search, so at most twice that number. A
        candidate has the raw scores of the searches that found it: BM25 with the
        rarity of words counted over the reach without its filters, and the cosine.

        Without words in `lexical`, or with an empty `dense`, that search is left out.
        Raises `BadRequest` for a filter with a comparison that its field does not have.
        """
        ...

    async def cosines(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[str, float]:
        """The cosines, by memory id, of what `candidates` finds by meaning alone, without
        the memories. Raises `BadRequest` as it does.
        """
        ...

    async def reached(
        self, reach: Reach, ids: Sequence[str], filters: Filters
    ) -> list[Memory]:
        """Those of some memories that `candidates` could find within a reach, in the order
        of the ids. Raises `BadRequest` as it does.
        """
        ...

    async def similar(
        self,
        scope: Scope,
        kind: Kind,
        dense: Sequence[Sequence[float]],
        limit: int,
        knowledge_base: str = "",
    ) -> list[list[Candidate]]:
        """For each vector at most `limit` memories, those with the highest cosine first:
        of the scope's user, but for records, or of the knowledge base where one is named.
        """
        ...

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
        """A user's memories of one status, newest first (`created_at`, then id), and the
        number of all that fit. Without a user those of all users, without a kind those
        of all kinds; those that have expired only where they are asked for. `as_of`:
        not those of a status, but those that held at that moment
        (`shared.domain.validity`). Memories in knowledge bases are not the user's: those
        of one are given where it is named, and no user then. For one page: whoever goes
        through several takes `following`. Raises `BadRequest` as `candidates` does.
        """
        ...

    async def following(
        self, wanted: MemoryList, cursor: Cursor | None, limit: int
    ) -> list[Memory]:
        """At most `limit` memories of a list behind a cursor, from the beginning where it
        is None; fewer only at the end. What is there all the while is given once and none
        is left out, whatever comes and goes meanwhile; what is new comes last, or not at
        all where the newest come first. Raises `BadRequest` as `candidates` does.
        """
        ...

    async def with_vectors(
        self, project: str, user: str, limit: int
    ) -> list[Candidate]:
        """At most `limit` of a user's memories that have a dense vector, with it, in no
        order. Memories in knowledge bases are not the user's.
        """
        ...

    async def labels(self, project: str, label: Label) -> dict[str, int]:
        """The users, agents, apps or conversations that memories of users name, with
        how many; expired memories count.
        """
        ...

    async def users(self, project: str) -> list[str]:
        """Users that have memories of their own, in alphabetical order; expired
        memories count.
        """
        ...

    async def counts(self, project: str) -> dict[str, dict[Kind, int]]:
        """How many memories of their own each user has, by kind; users and kinds that
        have none are missing, expired memories count.
        """
        ...


class MemoryWriter(Protocol):
    """Writing memories, in every index at once."""

    async def put(self, memories: Sequence[Embedded]) -> None:
        """Write memories whole, with their vectors. Raises ValueError for an id that is
        no UUID, `BadRequest` for text that is not valid Unicode.
        """
        ...

    async def archive(self, memories: Sequence[Memory]) -> None:
        """Write `status`, `updated_at`, `replaced`, `valid_until` and `last_change` and
        nothing else; a memory that has been deleted meanwhile stays deleted.
        """
        ...

    async def update_detail(self, memories: Sequence[Memory]) -> None:
        """Write `detail`, `updated_at` and `last_change` and nothing else, the vectors
        stay as they are; a memory that has been deleted meanwhile stays deleted.
        """
        ...

    async def update_thumbs(self, memories: Sequence[Memory]) -> None:
        """Write `thumbs` and nothing else; a memory that has been deleted meanwhile
        stays deleted.
        """
        ...

    async def mark_recalled(self, project: str, ids: Sequence[str], at: int) -> None:
        """Write `recalled_at` (epoch milliseconds) and nothing else; a memory that has
        been deleted meanwhile stays deleted.
        """
        ...

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        """Remove memories by id, archived ones too, with their earlier versions
        (`VERSION_OF`) and the versions of those, as all deletions do.
        """
        ...

    async def delete_forgotten(self, before: int) -> None:
        """Remove the memories of all projects that are forgotten and were last written
        before a moment (epoch milliseconds).
        """
        ...

    async def delete_where(
        self,
        project: str,
        user: str = "",
        filter: Filter | None = None,
        knowledge_base: str = "",
        source: str = "",
        fast_of_job: str = "",
    ) -> None:
        """Remove the memories that fit everything given, archived ones too: of a user,
        that pass a filter, of a knowledge base, that were read in a source (its
        SHA-256), or the fast memories of a job. Earlier versions go with their memory,
        whether or not they fit.

        Raises ValueError where nothing but a project is given, and `BadRequest` as
        `candidates` does.
        """
        ...


class Memories(MemoryReader, MemoryWriter, Protocol):
    """What is remembered."""


class VectorSpaces(Protocol):
    """Whose vectors the memories have, and how those of another embedder take their
    place while the store is searched and written.
    """

    async def read(self) -> StoredSpaces:
        """How it stands now."""
        ...

    async def begin(self, space: VectorSpace) -> StoredSpaces:
        """Make room for the vectors of a space, which is filled from now on. Raises
        `Permanent` where it has vectors of another size.
        """
        ...

    async def switch(self) -> StoredSpaces:
        """Let the space that is being filled be the one in use; nothing to do where none
        is.
        """
        ...

    async def drop_past(self) -> StoredSpaces:
        """Remove the vectors of the space that was used before; a process that still
        writes them is refused from then on, with `Unavailable`.
        """
        ...

    async def counts(self, space: VectorSpace) -> tuple[int, int]:
        """How many memories are to have a vector, of all projects, and how many of them
        lack that of the space.
        """
        ...

    async def lacking(
        self, space: VectorSpace, after: str, limit: int
    ) -> tuple[list[Memory], str]:
        """Memories of all projects that lack the vector of a space, archived ones too,
        and where to go on; "" is the beginning, and the end.
        """
        ...

    async def fill(
        self,
        space: VectorSpace,
        memories: Sequence[Memory],
        vectors: Sequence[Sequence[float]],
    ) -> None:
        """Give memories their vectors in a space; one that was written or deleted since
        it was read gets none.
        """
        ...

    def memories(self, space: VectorSpace) -> Memories:
        """The memories, searched and written by the vectors of a space."""
        ...


class Points(Protocol):
    """Everything that lasts but the Sources, point by point, to be copied whole."""

    @property
    def collections(self) -> Sequence[str]:
        """Their names: in this order a copy of each after the other is complete, though
        work goes on. The jobs come after all that they write, the messages, which jobs
        read, after the jobs.
        """
        ...

    async def count(self, collection: str) -> int:
        """How many points it has."""
        ...

    def pages(self, collection: str, vector: str) -> AsyncIterator[list[StoredPoint]]:
        """All points, some at a time; of their dense vectors those of this name."""
        ...

    async def put(
        self, collection: str, points: Sequence[StoredPoint], vector: str
    ) -> None:
        """Write points whole; their dense vectors under this name."""
        ...

    async def clear(self, collection: str) -> None:
        """Remove all points."""
        ...

    async def delete_project(self, project: str) -> dict[str, int]:
        """Remove all that belongs to a project; how many points, by collection."""
        ...

    async def counts(
        self, project: str, user: str = "", knowledge_base: str = ""
    ) -> dict[str, int]:
        """How many points a user, or a knowledge base, has in each collection, archived
        ones too; collections without any are missing.
        """
        ...

    def job(self, point: StoredPoint) -> Job:
        """The job that a point of the jobs is."""
        ...

    def memory(self, point: StoredPoint) -> Memory:
        """The memory that a point of the memories is."""
        ...

    def reopened(self, job: StoredPoint, since: int) -> StoredPoint:
        """The job to be done again, where it ended at `since` (epoch milliseconds) or
        later; else as it is.
        """
        ...

    def key(self, hashed: str, project: str) -> StoredPoint:
        """An API key that opens a project, by its SHA-256."""
        ...
