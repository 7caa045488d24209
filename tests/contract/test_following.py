"""Lists that are gone on with behind a record: what is there all the while is given once,
whatever comes and goes.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.cursor import Cursor, behind
from shared.domain.memory import Kind, Memory, Status, Type
from shared.domain.message import Message
from tests.contract.conftest import Stores
from tests.contract.test_memories import embedded, memory, put_everywhere
from tests.contract.test_messages import message

AT = 1_760_000_000_000
BASE = "6f1c9d0e-2f0b-4c2e-9f57-0a8f3f0b7a11"


async def memories_of(
    stores: Stores, project: str, limit: int, gone: bool = False
) -> list[Memory]:
    """All facts, some at a time; `gone`: the last of each page is deleted."""
    cursor: Cursor | None = None
    seen: list[Memory] = []
    while page := await stores.memories.following(
        project, "ann", Kind.FACT, cursor, limit
    ):
        seen += page
        cursor = behind(page[-1])
        if gone:
            await stores.memories.delete(project, [page[-1].id])
    return seen


async def messages_of(
    stores: Stores, project: str, limit: int, gone: bool = False
) -> list[Message]:
    """All messages, likewise."""
    cursor: Cursor | None = None
    seen: list[Message] = []
    while page := await stores.messages.following(project, "ann", cursor, limit):
        seen += page
        cursor = behind(page[-1])
        if gone:
            await stores.messages.delete(project, [page[-1].id])
    return seen


@pytest.mark.parametrize("limit", [1, 2, 5, 9])
@pytest.mark.parametrize("gone", [False, True])
async def test_memories_oldest_first(
    stores: Stores, project: str, limit: int, gone: bool
) -> None:
    made = [memory(project, str(at), created_at=AT + at) for at in (3, 1, 4, 2, 5)]
    await stores.memories.put([embedded(entry) for entry in made])
    seen = await memories_of(stores, project, limit, gone)
    assert [entry.text for entry in seen] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("gone", [False, True])
async def test_memories_of_one_moment(stores: Stores, project: str, gone: bool) -> None:
    many = [memory(project, str(number), created_at=AT) for number in range(60)]
    await stores.memories.put([embedded(entry) for entry in many])
    seen = [entry.id for entry in await memories_of(stores, project, 7, gone)]
    assert sorted(seen) == sorted(entry.id for entry in many)


async def test_memories_whose_ids_begin_alike(stores: Stores, project: str) -> None:
    """More of them than a page has; they are stored under one number."""
    many = [
        replace(
            memory(project, str(number), created_at=AT),
            id=f"{project_digits(project)}-0000-4000-8000-{number:012x}",
        )
        for number in range(30)
    ]
    await stores.memories.put([embedded(entry) for entry in reversed(many)])
    seen = [entry.id for entry in await memories_of(stores, project, 7)]
    assert sorted(seen) == [entry.id for entry in many]


def project_digits(project: str) -> str:
    """Tests share collections: no other project's memories are written over."""
    return memory(project, "any").id[:8]


@pytest.mark.parametrize("limit", [1, 7, 100])
@pytest.mark.parametrize("gone", [False, True])
async def test_messages_of_one_request(
    stores: Stores, project: str, limit: int, gone: bool
) -> None:
    """Their numbers differ by less than a float can tell."""
    said = [message(project, str(n), AT, position=n) for n in range(60)]
    await stores.messages.put(said[::-1])
    seen = await messages_of(stores, project, limit, gone)
    assert [entry.text for entry in seen] == [entry.text for entry in said]


async def test_messages_of_one_place(stores: Stores, project: str) -> None:
    said = [message(project, str(n), AT) for n in range(60)]
    await stores.messages.put(said)
    await stores.messages.put([message(project, "bob's", AT, user="bob")])
    seen = [entry.id for entry in await messages_of(stores, project, 7)]
    assert sorted(seen) == sorted(entry.id for entry in said)


async def test_what_is_new_comes_last(stores: Stores, project: str) -> None:
    await stores.memories.put([embedded(memory(project, "old", created_at=AT))])
    (old,) = await stores.memories.following(project, "ann", Kind.FACT, None, 5)
    await stores.memories.put([embedded(memory(project, "new", created_at=AT + 1))])
    rest = await stores.memories.following(project, "ann", Kind.FACT, behind(old), 5)
    assert [entry.text for entry in rest] == ["new"]


async def test_of_one_owner_kind_and_status(stores: Stores, project: str) -> None:
    await put_everywhere(stores, project)
    await stores.memories.put(
        [
            embedded(memory(project, "a wish", type=Type.EXPLICIT)),
            embedded(memory(project, "gone by", expires_at=1)),
            embedded(memory(project, "archived", status=Status.ARCHIVED)),
            embedded(memory(project, "in a base", user="", knowledge_base=BASE)),
        ]
    )
    store = stores.memories
    facts = await store.following(project, "ann", Kind.FACT, None, 9)
    assert {m.text for m in facts} == {"ann's", "ann's public", "gone by"}
    wishes = await store.following(project, "ann", Kind.PREFERENCE, None, 9)
    assert [m.text for m in wishes] == ["a wish"]
    old = await store.following(project, "ann", Kind.FACT, None, 9, Status.ARCHIVED)
    assert [m.text for m in old] == ["archived"]
    in_base = await store.following(
        project, None, Kind.FACT, None, 9, knowledge_base=BASE
    )
    assert [m.text for m in in_base] == ["in a base"]
    assert await store.following(project, "ann", Kind.FACT, None, 0) == []
