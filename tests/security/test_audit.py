"""The audit log: who did what, when, with which key; no contents."""

from __future__ import annotations

from typing import Any

from tests.api.test_fuzz import Flat
from tests.api.world import FIRST_KEY, KEY, Broken, World
from tests.security.canaries import bound_key
from tests.security.test_keys import ADD, SEARCH, by, made


async def entries(world: World, query: str = "", secret: str = KEY) -> list[Any]:
    answer = await world.get(f"project/audit?{query}", **by(secret))
    listed: list[Any] = answer.data["entries"]
    return listed


async def test_what_changed_something_is_listed(world: World) -> None:
    memory = await world.remember("Ann likes tea.")
    await world.post("add/message", ADD, headers={"X-Request-Id": "r-17"})
    await world.post("search/memory", SEARCH)
    await world.post("delete/memory", {"memory_ids": [memory.id]})
    deleted, added = await entries(world)
    assert added["action"] == "POST /add/message" and added["status"] == 200
    assert (added["user_ids"], added["request"]) == (["ann"], "r-17")
    assert deleted["action"] == "POST /delete/memory"
    assert memory.id in deleted["objects"]
    assert deleted["at"] >= added["at"] > 0
    assert "tea" not in repr((deleted, added)), "no contents"


async def test_the_key_is_named(world: World) -> None:
    key = await made(world, name="nightly import")
    await world.post("add/message", ADD, **by(key["key"]))
    (added,) = await entries(world, f"key={key['id']}")
    assert (added["key"], added["key_name"]) == (key["id"], "nightly import")
    assert key["key"] not in repr(await entries(world))
    assert await entries(world, "user_id=nobody") == []
    assert len(await entries(world, "user_id=ann")) == 1


async def test_a_refusal_is_listed(world: World) -> None:
    secret = await bound_key(world, "one", "ann")
    refused = await world.post(
        "search/memory", {**SEARCH, "user_id": "ben"}, **by(secret)
    )
    assert refused.status == 403
    (entry,) = await entries(world)
    assert (entry["action"], entry["status"]) == ("POST /search/memory", 403)


async def test_page_by_page(world: World) -> None:
    for number in range(5):
        await world.post(
            "add/feedback", {"user_id": "ann", "feedback_content": f"{number}"}
        )
    first = (await world.get("project/audit?limit=2")).data
    assert len(first["entries"]) == 2 and first["before"]
    rest = (await world.get(f"project/audit?limit=50&before={first['before']}")).data
    assert rest["before"] is None


async def test_only_administrators_of_the_project_read_it(world: World) -> None:
    await world.post("add/message", ADD)
    of_one = await entries(world, "project=one", FIRST_KEY)
    assert len(of_one) == 1
    assert await entries(world, secret=FIRST_KEY) == []
    reader = await made(world, scopes=["read", "write"])
    for secret in (reader["key"], await bound_key(world, "one", "ann")):
        assert (await world.get("project/audit", **by(secret))).code == 40103


async def test_reads_too_or_nothing() -> None:
    for what, number in (("all", 1), ("off", 0)):
        async with World(Flat(), working=False, audit=what) as world:
            await world.post("search/memory", SEARCH)
            assert len(await entries(world)) == number, what


async def test_only_so_many_stay() -> None:
    async with World(Flat(), working=False, audit_entries=3) as world:
        for _ in range(6):
            await world.post(
                "add/feedback", {"user_id": "ann", "feedback_content": "x"}
            )
        assert len(await entries(world)) <= 3


async def test_entries_wait_while_the_store_does_not_answer(world: World) -> None:
    trail, world.audit = world.audit, Broken()  # type: ignore[assignment]
    writer = world.app.state.audit_writer
    await world.post("add/message", ADD)
    await writer.flush(world.audit)
    await writer.flush(trail)
    assert [entry.action for entry in trail.stored.values()] == ["POST /add/message"]


async def test_a_deleted_user_is_named_no_more(world: World) -> None:
    await world.post("add/message", ADD)
    await world.work_off()
    assert (await entries(world))[0]["user_ids"] == ["ann"]
    assert (await world.post("delete/memory", {"user_id": ["ann"]})).code == 0
    deleted, added = await entries(world)
    assert deleted["action"] == "POST /delete/memory"
    assert deleted["user_ids"] == added["user_ids"] != ["ann"]
    assert "ann" not in repr(world.audit.stored.values())
