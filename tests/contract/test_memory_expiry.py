"""Memories that expire: hidden from searches and lists from a moment on, and kept."""

from __future__ import annotations

from shared.domain.memory import Kind, Memory, Type
from shared.domain.scope import Label, Reach, Scope
from shared.jobs.clock import now
from tests.contract.conftest import Stores
from tests.contract.test_memories import embedded, memory, recalled, texts, vector

DAY = 24 * 3600 * 1000
SHELF = "5b1a0e3e-4a7c-4d7e-9d5e-0a3d6f0f2b11"


async def put_all(stores: Stores, project: str) -> list[Memory]:
    memories = [
        memory(project, "stays"),
        memory(project, "until tomorrow", expires_at=now() + DAY),
        memory(project, "until yesterday", expires_at=now() - DAY),
        memory(project, "bob's", user="bob", expires_at=now() - DAY),
    ]
    await stores.memories.put([embedded(entry) for entry in memories])
    return memories


async def test_searches_hide_what_has_expired(stores: Stores, project: str) -> None:
    await put_all(stores, project)
    shown = {"stays", "until tomorrow"}
    assert await recalled(stores, Reach(project, "ann")) == shown
    everything = Reach(project, "ann", expired=True)
    assert await recalled(stores, everything) == {*shown, "until yesterday"}
    of_all = Reach(project, "", public=False, everybody=True, expired=True)
    assert await recalled(stores, of_all) == {*shown, "until yesterday", "bob's"}


async def test_lists_hide_it_too_and_it_is_read_by_id(
    stores: Stores, project: str
) -> None:
    memories = await put_all(stores, project)
    page, total = await stores.memories.page(project, "ann", Kind.FACT, 0, 9)
    assert (set(texts(page)), total) == ({"stays", "until tomorrow"}, 2)
    page, total = await stores.memories.page(
        project, "ann", Kind.FACT, 0, 9, expired=True
    )
    assert (len(page), total) == (3, 3)
    expired = memories[2]
    assert await stores.memories.get(project, [expired.id]) == [expired]


async def test_what_is_near_is_no_expired_memory(stores: Stores, project: str) -> None:
    on_shelf = memory(
        project, "on a shelf", knowledge_base=SHELF, expires_at=now() - DAY
    )
    await put_all(stores, project)
    await stores.memories.put([embedded(on_shelf)])
    scope = Scope(project, "ann")
    (near,) = await stores.memories.similar(scope, Kind.FACT, [vector(1.0)], 9)
    assert set(texts(near)) == {"stays", "until tomorrow"}
    (near,) = await stores.memories.similar(scope, Kind.FACT, [vector(1.0)], 9, SHELF)
    assert near == []


async def test_a_list_of_all_users_and_kinds(stores: Stores, project: str) -> None:
    likes = memory(project, "likes tea", type=Type.EXPLICIT, created_at=5)
    others = memory(project, "bob's tool", user="bob", type=Type.SCHEMA, created_at=4)
    on_shelf = memory(project, "shelf", knowledge_base=SHELF)
    await stores.memories.put([embedded(m) for m in (likes, others, on_shelf)])
    page, total = await stores.memories.page(project, None, None, 0, 9)
    assert (texts(page), total) == (["likes tea", "bob's tool"], 2)
    page, total = await stores.memories.page(project, None, Kind.TOOL, 0, 9)
    assert (texts(page), total) == (["bob's tool"], 1)
    page, total = await stores.memories.page(project, "ann", None, 0, 9)
    assert (texts(page), total) == (["likes tea"], 1)


async def test_labels_are_counted_expired_ones_too(
    stores: Stores, project: str
) -> None:
    await put_all(stores, project)
    assert await stores.memories.labels(project, Label.USER) == {"ann": 3, "bob": 1}
    assert await stores.memories.labels(project, Label.AGENT) == {}
    with_agent = memory(project, "an agent's", agent="scout", conversation="c9")
    await stores.memories.put([embedded(with_agent)])
    assert await stores.memories.labels(project, Label.AGENT) == {"scout": 1}
    assert await stores.memories.labels(project, Label.CONVERSATION) == {
        "c1": 4,
        "c9": 1,
    }
    assert await stores.memories.labels("another project", Label.USER) == {}
