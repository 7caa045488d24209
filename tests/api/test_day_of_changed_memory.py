"""A memory that is changed by hand tells of the day that its new words name: filters by
`memory_time` go by what it says now.
"""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.memory import Memory
from shared.domain.memory_detail import ASPECT, UNTIL
from tests.api.world import World

SAID = 1_765_376_340_736  # 10 December 2025
WEDDING = 1_746_273_600_000  # 3 May 2025, noon
OLD = "The wedding was on 3 May 2025."
MAY, JUNE = "2025-05", "2025-06"


async def wedding(world: World) -> Memory:
    detail = {ASPECT: "event", UNTIL: WEDDING + 1}
    return await world.remember(OLD, happened_at=WEDDING, said_at=SAID, detail=detail)


async def change(world: World, memory: Memory, text: str) -> Memory:
    body = {"memory_id": memory.id, "content": text}
    assert (await world.post("update/memory", body)).status == 200
    return world.memories.stored[memory.id].memory


async def of_month(world: World, month: str) -> list[dict[str, Any]]:
    days = {"gte": f"{month}-01", "lte": f"{month}-30"}
    body = {"user_id": "ann", "filter": {"memory_time": days}}
    found = (await world.post("get/memory", body)).data["memory_detail_list"]
    asked = {**body, "query": "When was the wedding?", "relativity": 0}
    searched = (await world.post("search/memory", asked)).data["memory_detail_list"]
    assert [item["id"] for item in found] == [item["id"] for item in searched]
    items: list[dict[str, Any]] = found
    return items


async def test_it_is_found_by_the_day_that_it_names_now(world: World) -> None:
    memory = await wedding(world)
    assert await of_month(world, MAY)
    changed = await change(world, memory, "The wedding was on 7 June 2025.")
    assert not await of_month(world, MAY)
    (item,) = await of_month(world, JUNE)
    assert item["memory_time"] == WEDDING + 35 * 86_400_000
    assert UNTIL not in changed.detail


@pytest.mark.parametrize("text", ["Their wedding: 3 May 2025", "婚礼在2025年5月3日。"])
async def test_the_same_day_in_other_words_stays(world: World, text: str) -> None:
    changed = await change(world, await wedding(world), text)
    assert (changed.happened_at, changed.detail[UNTIL]) == (WEDDING, WEDDING + 1)


async def test_what_names_no_day_any_more_is_of_when_it_was_said(world: World) -> None:
    changed = await change(world, await wedding(world), "The wedding was lovely.")
    assert changed.happened_at == SAID
    assert not await of_month(world, MAY)


async def test_a_version_comes_back_with_its_day(world: World) -> None:
    memory = await wedding(world)
    changed = await change(world, memory, "The wedding was on 7 June 2025.")
    body = {"memory_id": memory.id, "version_id": changed.replaced[0]}
    assert (await world.post("restore/memory", body)).status == 200
    restored = world.memories.stored[memory.id].memory
    assert (restored.happened_at, restored.detail[UNTIL]) == (WEDDING, WEDDING + 1)


async def test_what_was_said_on_another_day_happened_on_that(world: World) -> None:
    said = await world.remember("The user likes tea.", happened_at=SAID, said_at=SAID)
    dated = await wedding(world)
    for memory in (said, dated):
        path = f"/mem0/v1/memories/{memory.id}/"
        answer = await world.client.put(path, json={"timestamp": WEDDING // 1000 + 60})
        assert answer.status_code == 200
    moved = world.memories.stored[said.id].memory
    assert moved.happened_at == moved.said_at == WEDDING + 60_000
    assert world.memories.stored[dated.id].memory.happened_at == WEDDING
