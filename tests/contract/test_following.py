"""Lists that are gone on with behind a record: what is there all the while is given once,
whatever comes and goes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.cursor import Cursor, behind
from shared.domain.filter import Condition
from shared.domain.memory import Kind, Memory, Status, Type
from shared.domain.memory_list import MemoryList
from shared.domain.message import Message
from tests.contract.conftest import Stores
from tests.contract.test_memories import embedded, memory, put_everywhere
from tests.contract.test_messages import message

AT = 1_760_000_000_000
BASE = "6f1c9d0e-2f0b-4c2e-9f57-0a8f3f0b7a11"


async def memories_of(
    stores: Stores, wanted: MemoryList, limit: int, gone: bool = False
) -> list[Memory]:
    """A whole list, some at a time; `gone`: the last of each page is deleted."""
    cursor: Cursor | None = None
    seen: list[Memory] = []
    while page := await stores.memories.following(wanted, cursor, limit):
        seen += page
        cursor = behind(page[-1])
        if gone:
            await stores.memories.delete(wanted.project, [page[-1].id])
    return seen


def facts(project: str, **more: Any) -> MemoryList:
    return MemoryList(project, "ann", Kind.FACT, **more)


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
@pytest.mark.parametrize("newest_first", [False, True])
async def test_memories_in_the_order_of_their_times(
    stores: Stores, project: str, limit: int, gone: bool, newest_first: bool
) -> None:
    made = [memory(project, str(at), created_at=AT + at) for at in (3, 1, 4, 2, 5)]
    await stores.memories.put([embedded(entry) for entry in made])
    wanted = facts(project, newest_first=newest_first)
    seen = await memories_of(stores, wanted, limit, gone)
    oldest_first = ["1", "2", "3", "4", "5"]
    expected = oldest_first[::-1] if newest_first else oldest_first
    assert [entry.text for entry in seen] == expected


@pytest.mark.parametrize("gone", [False, True])
@pytest.mark.parametrize("newest_first", [False, True])
async def test_memories_of_one_moment(
    stores: Stores, project: str, gone: bool, newest_first: bool
) -> None:
    many = [memory(project, str(number), created_at=AT) for number in range(60)]
    await stores.memories.put([embedded(entry) for entry in many])
    wanted = facts(project, newest_first=newest_first)
    seen = [entry.id for entry in await memories_of(stores, wanted, 7, gone)]
    assert sorted(seen) == sorted(entry.id for entry in many)


@pytest.mark.parametrize("newest_first", [False, True])
async def test_memories_whose_ids_begin_alike(
    stores: Stores, project: str, newest_first: bool
) -> None:
    """More of them than a page has; they are stored under one number."""
    many = [
        replace(
            memory(project, str(number), created_at=AT),
            id=f"{project_digits(project)}-0000-4000-8000-{number:012x}",
        )
        for number in range(30)
    ]
    await stores.memories.put([embedded(entry) for entry in reversed(many)])
    wanted = facts(project, newest_first=newest_first)
    seen = [entry.id for entry in await memories_of(stores, wanted, 7)]
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
    (old,) = await stores.memories.following(facts(project), None, 5)
    await stores.memories.put([embedded(memory(project, "new", created_at=AT + 1))])
    rest = await stores.memories.following(facts(project), behind(old), 5)
    assert [entry.text for entry in rest] == ["new"]


async def test_what_is_named_is_in_the_list(stores: Stores, project: str) -> None:
    await put_everywhere(stores, project)
    archived = memory(
        project, "archived", status=Status.ARCHIVED, created_at=AT - 9, updated_at=AT
    )
    await stores.memories.put(
        [
            embedded(memory(project, "a wish", type=Type.EXPLICIT)),
            embedded(memory(project, "gone by", expires_at=1)),
            embedded(archived),
            embedded(memory(project, "in a base", user="", knowledge_base=BASE)),
        ]
    )

    async def texts(wanted: MemoryList, limit: int = 9) -> set[str]:
        found = await stores.memories.following(wanted, None, limit)
        return {entry.text for entry in found}

    current = {"ann's", "ann's public"}
    assert await texts(facts(project)) == current
    assert await texts(facts(project, expired=True)) == {*current, "gone by"}
    assert await texts(MemoryList(project, "ann")) == {*current, "a wish"}
    assert await texts(MemoryList(project, "ann", Kind.PREFERENCE)) == {"a wish"}
    assert await texts(facts(project, status=Status.ARCHIVED)) == {"archived"}
    assert await texts(facts(project, status=None)) == {*current, "archived"}
    of_one = Condition("id", "eq", archived.id)
    assert await texts(facts(project, status=None, filter=of_one)) == {"archived"}
    assert await texts(facts(project, filter=of_one)) == set()
    before = facts(project, filter=of_one, as_of=AT - 1)
    assert await texts(before) == {"archived"}
    in_base = MemoryList(project, kind=Kind.FACT, knowledge_base=BASE)
    assert await texts(in_base) == {"in a base"}
    assert await texts(facts(project), limit=0) == set()
