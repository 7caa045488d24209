"""A memory goes between two pages of what a request reads: no other is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.memory import LastChange, Memory, Status
from shared.domain.memory_detail import ASPECT, Aspect
from tests.api.test_change_while_read import PIN, TEA, change, raw, said, talk, user
from tests.api.world import World
from tests.support.leaving_memories import let_leave

MANY = 1100
"""Memories: several pages, however large these are."""


def remembered(world: World, memory: Memory, **more: Any) -> set[str]:
    """The ids of many memories like one."""
    like = world.memories.stored[memory.id]
    del world.memories.stored[memory.id]
    for number in range(MANY):
        id = f"{number:08x}-0000-4000-8000-000000000000"
        copy = replace(memory, id=id, text=f"{memory.text} {number}", **more)
        world.memories.stored[id] = replace(like, memory=copy)
    return set(world.memories.stored)


async def test_a_cube_whole(idle: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = remembered(idle, await idle.remember("I like tea."))
    let_leave(monkeypatch, idle.memories)
    body = {"mem_cube_id": "ann", "page": None, "page_size": None}
    data = (await idle.post("/product/get_memory", body)).data
    (bucket,) = data["text_mem"]
    assert {memory["id"] for memory in bucket["memories"]} == ids
    assert bucket["total_nodes"] == MANY


async def test_the_events_of_a_view(
    idle: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = await idle.remember("I flew to Rome.", detail={ASPECT: Aspect.EVENT})
    remembered(idle, memory)
    let_leave(monkeypatch, idle.memories)
    body = {"user_id": "ann", "include_memory_view": ["event"], "size": 50}
    assert (await idle.post("get/memory", body)).data["total"] == MANY


async def test_what_a_task_changed(
    idle: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await said(idle, [user(TEA)])
    await idle.work_off()
    change = LastChange(task, {"status": Status.ARCHIVED.value})
    memory = await idle.remember("I like coffee.")
    idle.memories.stored = {memory.id: idle.memories.stored[memory.id]}
    ids = remembered(idle, memory, last_change=change)
    let_leave(monkeypatch, idle.memories)
    data = (await idle.post(f"tasks/{task}/undo")).data
    assert set(data["restored"]) == ids


async def test_the_raw_words_of_other_turns(
    idle: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await said(idle, talk(PIN, TEA))
    pin = idle.memories.stored.pop(raw(idle, PIN).id)
    ids = remembered(idle, raw(idle, TEA))
    idle.memories.stored[pin.memory.id] = pin
    let_leave(monkeypatch, idle.memories)
    await change(idle, pin.memory, content="My PIN is 9999.")
    assert ids <= idle.memories.stored.keys()


async def test_texts_in_a_form(idle: World, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = await idle.remember("I like tea.")
    remembered(idle, memory)
    idle.memories.stored = dict(list(idle.memories.stored.items())[:900])
    asked = {
        "schema": {"properties": {"memories": {"type": "array"}}},
        "filters": {"user_id": "ann"},
    }
    created = (await idle.post("/mem0/v1/exports/", asked)).body
    let_leave(monkeypatch, idle.memories)
    body = {"memory_export_id": created["id"]}
    texts = (await idle.post("/mem0/v1/exports/get/", body)).body["memories"]
    there = {entry.memory.text for entry in idle.memories.stored.values()}
    assert there <= set(texts)
