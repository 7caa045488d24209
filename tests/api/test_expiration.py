"""`expiration_date`: shown through that day, then hidden from searches and lists, read
by its id; and what a change leaves behind.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.world import World

SAID = "The user parks the blue van in the yard."


def day(offset: int) -> str:
    return (datetime.now(UTC) + timedelta(days=offset)).date().isoformat()


async def remember(world: World, **more: object) -> None:
    added = await world.post(
        "add/message",
        {
            "user_id": "ann",
            "async_mode": False,
            "messages": [{"role": "user", "content": SAID}],
            **more,
        },
    )
    assert added.data["status"] == "completed"


async def found(world: World, **more: object) -> list[dict[str, object]]:
    body = {"user_id": "ann", "query": "blue van", "relativity": 0, **more}
    facts = (await world.post("search/memory", body)).data["memory_detail_list"]
    listed = (await world.post("get/memory", {"user_id": "ann", **more})).data
    assert {row["id"] for row in listed["memory_detail_list"]} == {
        row["id"] for row in facts
    }
    return list(facts)


async def test_a_memory_is_shown_through_its_last_day(world: World) -> None:
    await remember(world, expiration_date=day(0))
    (row,) = await found(world)
    assert row["expiration_date"] == day(0)


async def test_then_it_is_hidden_and_read_by_its_id(world: World) -> None:
    await remember(world, expiration_date=day(-1))
    assert await found(world) == []
    (row,) = await found(world, show_expired=True)
    single = await world.get(f"get/memory/{row['id']}")
    assert single.data["expiration_date"] == day(-1)
    assert (await world.post("delete/memory", {"user_id": "ann"})).data["success"]
    assert await found(world, show_expired=True) == []


async def test_update_sets_and_null_clears_it(world: World) -> None:
    await remember(world)
    (row,) = await found(world)
    assert "expiration_date" not in row
    change = {"memory_id": row["id"], "expiration_date": "2020-02-29"}
    assert (await world.post("update/memory", change)).data["success"]
    assert await found(world) == []
    for cleared in (None, ""):
        await world.post("update/memory", change)
        await world.post("update/memory", {**change, "expiration_date": cleared})
        assert len(await found(world)) == 1


@pytest.mark.parametrize("date", ["2030-02-30", "31.1.2030", "2030-01-31T10:00:00"])
async def test_what_is_no_day_is_refused(world: World, date: str) -> None:
    body = {"user_id": "ann", "messages": [{"role": "user", "content": SAID}]}
    refused = await world.post("add/message", {**body, "expiration_date": date})
    assert (refused.code, date in refused.message) == (40000, True)
    refused = await world.post(
        "update/memory", {"memory_id": "x", "expiration_date": date}
    )
    assert refused.code == 40000


async def test_what_a_memory_said_before_is_in_its_history(world: World) -> None:
    await remember(world)
    (row,) = await found(world)
    new = "The user parks the red van in the yard."
    await world.post("update/memory", {"memory_id": row["id"], "content": new})
    single = await world.get(f"get/memory/{row['id']}")
    assert single.data["memory_value"] == new
    assert [entry["text"] for entry in single.data["history"]] == [SAID]
    assert [row["memory_value"] for row in await found(world)] == [new]
    await world.post("delete/memory", {"memory_ids": [row["id"]]})
    assert world.memories.stored == {}
