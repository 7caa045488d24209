"""What names a condition that a route does not know is refused where more would be deleted,
or opened, than was meant.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World
from tests.fakes.embedder import FakeEmbedder

HOOK = "https://hooks.example/memory"


@pytest.fixture
def world() -> World:
    return World(FakeEmbedder())


@pytest.mark.parametrize("route", ["delete/memory", "/product/delete_memory"])
@pytest.mark.parametrize(
    "lost",
    [
        {"memory_id": "x"},
        {"tags": ["car"]},
        {"filters": {"tags": "car"}},
        {"scene": "travel"},
        {"mem_cube_id": "bob"},
        {"app_id": "a"},
        {"conversaton_id": "x"},
        {"filtr": {"tags": "car"}},
        {"task_id": "x"},
        {"zzz": 1},
        {"zzz": False},
    ],
)
async def test_a_deletion_is_not_wider_than_it_says(
    world: World, route: str, lost: dict[str, Any]
) -> None:
    await world.remember("The van is blue.")
    refused = await world.post(route, {"user_id": "ann"} | lost)
    (name,) = lost
    assert refused.status == 422
    assert f"{name}: is no field of a deletion" in refused.message
    assert world.memories.stored
    sent_anyway = {"source": "cli", "framework": "x", "mode": "fine", "asyncMode": True}
    nothing = {"user_id": "ann", name: None, **sent_anyway}
    assert (await world.post(route, nothing)).status == 200
    assert not world.memories.stored


@pytest.mark.parametrize(
    "lost", [{"file_ids": ["x"]}, {"user_id": "ann"}, {"pages": 1}]
)
async def test_nor_is_that_of_a_whole_thing(world: World, lost: dict[str, Any]) -> None:
    made = await world.post("create/knowledgebase", {"knowledgebase_name": "k"})
    base = {"knowledgebase_id": made.data["id"]}
    fields = {"name": "t", "metadata": {"city": {"value": "Rome"}}}
    template = (await world.post("add/profile_template", fields)).data
    (name,) = lost
    for route, body in (
        ("delete/knowledgebase", base),
        ("delete/profile_template", template),
        ("delete/project", {"project_id": "one"}),
    ):
        refused = await world.post(route, body | lost)
        assert (refused.status, refused.code) == (422, 40000)
        assert f"{name}: is no field of a deletion" in refused.message
    assert (await world.post("get/knowledgebase-file", base)).status == 200
    assert (await world.post("get/profile_template", template)).status == 200
    sent_anyway = {"source": "mcp", "framework": "x"}
    for route, body in (
        ("delete/knowledgebase", base),
        ("delete/profile_template", template),
    ):
        assert (await world.post(route, body | sent_anyway)).status == 200


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_nor_is_that_of_an_entity(world: World, version: str) -> None:
    await world.remember("The van is blue.")
    path = f"/mem0/{version}/entities/user/ann/"
    refused = await world.client.delete(path, params={"run_id": "x"})
    assert refused.status_code == 400 and "run_id" in refused.json()["detail"]
    assert world.memories.stored
    sent_anyway = {"org_id": "o", "project_id": "p"}
    assert (await world.client.delete(path, params=sent_anyway)).status_code == 200
    assert not world.memories.stored


async def test_nor_is_that_of_a_conversation(world: World) -> None:
    await world.remember("The van is blue.")
    for name in ("conversation_id", "session_id"):
        body = {"user_id": "ann", name: "elsewhere"}
        assert (await world.post("delete/memory", body)).status == 422
        answer = await world.post("/product/delete_memory", body)
        assert answer.data == {"status": "failure"}
    assert world.memories.stored


async def test_beside_ids_they_say_no_more(world: World) -> None:
    memory = await world.remember("The van is blue.")
    body = {"memory_ids": [memory.id], "conversation_id": "x", "tags": ["x"]}
    assert (await world.post("delete/memory", body)).status == 200
    assert not world.memories.stored


@pytest.mark.parametrize(
    ("method", "path", "body", "wrong"),
    [
        ("POST", "project/keys", {"name": "ci"}, {"user": "ann"}),
        ("POST", "project/keys", {"name": "ci"}, {"scope": ["read"]}),
        ("POST", "project/webhooks", {"url": HOOK}, {"events": ["memory_add"]}),
        ("PUT", "project/settings", {"decay_days": 3}, {"project": "other"}),
        ("PUT", "project/settings", {"decay_days": 3}, {"daily_token": 5}),
        ("PUT", "project/quota", {"memories": 3}, {"bytes": 5}),
    ],
)
async def test_administration_takes_no_field_that_there_is_not(
    world: World, method: str, path: str, body: dict[str, Any], wrong: dict[str, Any]
) -> None:
    answer = await world.client.request(method, f"/{path}", json=body | wrong)
    (name,) = wrong
    assert (answer.status_code, answer.json()["code"]) == (422, 40000)
    assert f"{name}: there is no such field" in answer.json()["message"]
    absent = await world.client.request(method, f"/{path}", json=body | {name: None})
    assert absent.status_code != 422


async def test_mem0s_clients_may_send_others(world: World) -> None:
    body = {"url": HOOK, "memory_types": ["x"]}
    path = "/mem0/api/v1/webhooks/projects/one/"
    answer = await world.client.post(path, json=body)
    assert answer.status_code == 201
    assert answer.json()["remarks"] == ["memory_types: there is no such field"]
    of_clients = {"url": f"{HOOK}/two", "org_id": "o", "project_id": "p"}
    answer = await world.client.post(path, json=of_clients)
    assert answer.status_code == 201 and "remarks" not in answer.json()


async def test_what_is_deleted_is_not_changed(world: World) -> None:
    memory = await world.remember("The van is blue.")
    body = {"memory_id": memory.id, "status": "deleted", "content": "x", "title": "y"}
    assert (await world.post("update/memory", body)).data["remarks"] == [
        "content: not changed, it is deleted",
        "title: not changed, it is deleted",
    ]


async def test_memories_that_there_are_not_are_named(world: World) -> None:
    memory = await world.remember("The van is blue.")
    ids = [memory.id, "nobody", "nobody"]
    answer = await world.post("/product/get_memory_by_ids", ids)
    assert [found["id"] for found in answer.data["memories"]] == [memory.id]
    assert answer.response.json()["remarks"] == ["no memory nobody"]
    feedback = {"user_id": "ann", "feedback_content": "No."}
    body = feedback | {"retrieved_memory_ids": [memory.id, "nobody"]}
    answer = await world.post("/product/feedback", body)
    assert answer.response.json()["remarks"] == ["no memory nobody"]


async def test_fields_that_mem0s_memories_have_not_are_named(world: World) -> None:
    await world.remember("The van is blue.")
    asked = {"query": "van", "filters": {"user_id": "ann"}, "threshold": 0}
    path = "/mem0/v3/memories/search/"
    fields = {"fields": ["memory", "tags"], "enable_graph": True}
    answer = (await world.client.post(path, json=asked | fields)).json()
    about_fields, about_graph = answer["remarks"]
    assert "fields: 'tags' is none of" in about_fields and "no graph" in about_graph
    whole = (await world.client.post(path, json=asked)).json()
    listed = {"fields": list(whole["results"][0])}
    assert "remarks" not in (await world.client.post(path, json=asked | listed)).json()
