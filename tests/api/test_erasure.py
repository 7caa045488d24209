"""A deletion leaves a receipt, and the receipt nothing of what was deleted."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from shared.domain.job import State
from tests.api.world import FIRST_KEY, World

USER = "canary-ann"
FIRST = {"Authorization": f"Token {FIRST_KEY}"}


async def receipts(world: World, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await world.get("erasures", params=query)).data
    return rows


async def said(world: World, text: str = "The canary sings.") -> None:
    body = {"user_id": USER, "messages": [{"role": "user", "content": text}]}
    await world.post("add/message", {**body, "async_mode": False})


async def test_a_deleted_user_leaves_who_when_and_what(world: World) -> None:
    await said(world)
    await world.post("delete/memory", {"user_id": USER})
    (receipt,) = await receipts(world)
    assert (receipt["what"], receipt["by"]) == ("user", "-one")
    assert receipt["at"] > 0
    assert USER not in str(receipt)
    assert await receipts(world, id=USER) == [receipt]
    assert await receipts(world, id="another") == []
    assert world.jobs.stored == {}
    assert world.messages.stored == {}


async def test_receipts_are_of_their_project(world: World) -> None:
    await said(world)
    await world.post("delete/memory", {"user_id": USER})
    other = {"Authorization": "Token mpg-other"}
    assert (await world.get("erasures", headers=other)).data == []


@pytest.mark.parametrize("route", ["delete/memory", "update/memory"])
async def test_a_deleted_memory_is_named_by_no_task(world: World, route: str) -> None:
    await said(world)
    (memory,) = world.memories.stored
    deletion = {"memory_ids": [memory], "memory_id": memory, "status": "deleted"}
    assert (await world.post(route, deletion)).data["success"]
    (job,) = world.jobs.stored.values()
    assert job.state is State.COMPLETED
    assert job.receipts == ()
    (receipt,) = await receipts(world)
    assert (receipt["what"], receipt["counts"]) == ("memories", {"memories": 1})


async def test_a_user_with_many_tasks_goes_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "services.gateway.memories.delete_memories"
    monkeypatch.setattr(f"{module}.JOBS_AT_ONCE", 2)
    for number in range(5):
        await said(world, f"The canary sings {number}.")
    await world.post("delete/memory", {"user_id": USER})
    assert world.jobs.stored == world.memories.stored == {}


async def test_a_knowledge_base_takes_its_tasks_along(idle: World) -> None:
    base = (
        await idle.post("create/knowledgebase", {"knowledgebase_name": "house"})
    ).data["id"]
    content = base64.b64encode(b"canary").decode()
    await idle.post(
        "add/knowledgebase-file",
        {"knowledgebase_id": base, "file": [{"content": content, "name": "c.txt"}]},
    )
    assert idle.jobs.stored and idle.sources.stored
    await idle.post("delete/knowledgebase", {"knowledgebase_id": base})
    assert idle.jobs.stored == {}
    assert idle.sources.stored == {}
    (receipt,) = await receipts(idle, id=base)
    assert receipt["what"] == "knowledge_base"


@pytest.mark.parametrize("route", ["delete/project", "backup"])
async def test_only_the_first_key_has_every_project(world: World, route: str) -> None:
    if route == "backup":
        refused = await world.get(route)
    else:
        refused = await world.post(route, {"project_id": "one"})
    assert (refused.status, refused.code) == (403, 40103)


async def test_the_request_log_has_no_ids(world: World) -> None:
    await world.get(f"get/memory/{USER}")
    await world.get(f"/mcp/{USER}")
    logged = world.app.state.request_log.latest("one", 10)
    assert USER not in str(logged)
    assert any(entry.path.endswith("/get/memory/{memory_id}") for entry in logged)
