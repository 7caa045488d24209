"""What a project may store and spend: set by the operator, answered with 40304."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from shared.domain.model_budget import Budget
from shared.domain.project_settings import ProjectSettings
from shared.domain.quota import Quota
from tests.api.test_fuzz import Flat
from tests.api.world import FIRST_KEY, World
from tests.security.test_keys import ADD, by, made

OPERATOR = by(FIRST_KEY)


async def set_quota(world: World, **quota: Any) -> Any:
    response = await world.client.put("/project/quota", json=quota, **OPERATOR)
    return response.json()


async def test_a_project_reads_its_quota_and_does_not_set_it(world: World) -> None:
    await world.remember("Ann likes tea.")
    set_ = await set_quota(world, project="one", memories=5, daily_tokens=100)
    assert set_["code"] == 0, set_
    view = (await world.get("project/quota")).data
    assert (view["memories"], view["memories_limit"], view["used_memories"]) == (
        5,
        5,
        1,
    )
    assert (view["daily_tokens"], view["stored_bytes"]) == (100, 0)
    refused = await world.client.put("/project/quota", json={"memories": 9})
    assert (refused.status_code, refused.json()["code"]) == (403, 40103)
    reader = await made(world, scopes=["read", "write"])
    assert (await world.get("project/quota", **by(reader["key"]))).code == 40103


async def test_no_more_memories_than_the_quota(world: World) -> None:
    memory = await world.remember("Ann likes tea.")
    await set_quota(world, project="one", memories=1)
    record = {"record": "memory", "type": "LongTermMemory", "text": "Tea."}
    for path, body in (
        ("add/message", ADD),
        ("/product/add", ADD),
        ("import/memory", {"user_id": "ann", "records": [record]}),
    ):
        refused = await world.post(path, body)
        assert refused.status == 403, path
        assert refused.code in (40304, 403), "the open-source routes answer the status"
        assert "quota" in refused.message
    assert not world.messages.stored
    search = {"user_id": "ann", "query": "tea"}
    assert (await world.post("search/memory", search)).status == 200
    feedback = {"user_id": "ann", "feedback_content": "Forget the tea."}
    assert (await world.post("add/feedback", feedback)).status == 200
    assert (
        await world.post("delete/memory", {"memory_ids": [memory.id]})
    ).status == 200
    assert (await world.post("add/message", ADD)).status == 200, "there is room again"


async def test_what_is_stored_as_it_is_given_counts_too(world: World) -> None:
    fields = {
        "user_id": "ann",
        "profile_template_id": "t",
        "metadata": {"city": "Rome"},
    }
    assert (await world.post("edit/profile", fields)).status == 200
    await set_quota(world, project="one", memories=1)
    more = {**fields, "metadata": {"city": "Pisa", "job": "baker"}}
    assert (await world.post("edit/profile", more)).code == 40304
    (memory,) = world.memories.stored.values()
    assert memory.memory.text == "city: Rome"
    changed = {**fields, "metadata": {"city": "Pisa"}}
    assert (await world.post("edit/profile", changed)).status == 200
    as_given = {"messages": "I like tea.", "user_id": "ann", "infer": False}
    refused = await world.client.post("/mem0/v3/memories/add/", json=as_given)
    assert refused.status_code == 403
    assert "quota" in refused.text
    assert not world.messages.stored
    assert len(world.memories.stored) == 1


async def test_templates_are_no_way_around_the_quota(world: World) -> None:
    template = {"name": "customers", "metadata": {"basic": {"city": {"value": "Rome"}}}}
    made_ = (await world.post("add/profile_template", template)).data
    id = made_["profile_template_id"]
    bind = {"bind_list": [{"user_id": "ann", "profile_template_id": id}]}
    bind_more = {"bind_list": [{"user_id": "bob", "profile_template_id": id}]}
    assert (await world.post("bind/profile_template", bind)).status == 200
    await set_quota(world, project="one", memories=1)

    assert (await world.post("bind/profile_template", bind_more)).code == 40304
    assert [
        binding.owner for binding in world.profile_templates.stored_bindings.values()
    ] == ["ann"]
    assert (await world.post("bind/profile_template", bind)).status == 200, (
        "bound before"
    )

    fields = {"city": {"value": "Rome"}, "job": {"value": "baker"}}
    more = {"profile_template_id": id, "metadata": {"basic": fields}}
    assert (await world.post("update/profile_template", more)).code == 40304
    (unchanged,) = await world.profile_templates.get("one", [id])
    assert [field.path for field in unchanged.fields] == ["basic.city"]

    fields = {"city": {"value": "Pisa"}}
    changed = {"profile_template_id": id, "metadata": {"basic": fields}}
    assert (await world.post("update/profile_template", changed)).status == 200
    (memory,) = world.memories.stored.values()
    assert memory.memory.text == "basic.city: Pisa"


async def test_no_more_bytes_than_the_quota(world: World) -> None:
    created = await world.post("create/knowledgebase", {"knowledgebase_name": "kb"})
    await set_quota(world, project="one", stored_bytes=1000)
    text = "x" * 600
    said = {"user_id": "ann", "messages": [{"role": "user", "content": text}]}
    assert (await world.post("add/message", said)).status == 200
    data = base64.b64encode(b"y" * 600).decode()
    content = f"data:text/plain;base64,{data}"
    file = {"knowledgebase_id": created.data["id"], "file": [{"content": content}]}
    assert (await world.post("add/knowledgebase-file", file)).status == 200
    assert (await world.post("add/message", ADD)).code == 40304
    assert (await world.post("add/knowledgebase-file", file)).code == 40304
    view = (await world.get("project/quota")).data
    assert view["used_bytes"] == 1200


async def test_a_chat_goes_on_and_is_not_remembered(world: World) -> None:
    await world.remember("Ann likes tea.")
    await set_quota(world, project="one", memories=1)
    assert (await world.post("chat", {"user_id": "ann", "query": "tea?"})).status == 200
    await world.app.state.background.close()
    assert not world.messages.stored


async def test_a_quota_for_all_projects_without_their_own() -> None:
    async with World(Flat(), working=False, max_memories=1) as world:
        await world.remember("Ann likes tea.")
        assert (await world.post("add/message", ADD)).code == 40304
        await set_quota(world, project="one", memories=2)
        assert (await world.post("add/message", ADD)).status == 200


@pytest.mark.parametrize(
    "own, everybody, quota, holds",
    [
        (Budget(5, 0), Budget(9, 90), Quota(), Budget(5, 90)),
        (Budget(5, 50), Budget(), Quota(daily_tokens=3), Budget(3, 50)),
        (Budget(), Budget(), Quota(monthly_tokens=7), Budget(0, 7)),
        (Budget(1, 1), Budget(), Quota(0, 0, 9, 9), Budget(1, 1)),
    ],
)
def test_models_use_no_more_tokens_than_the_quota(
    own: Budget, everybody: Budget, quota: Quota, holds: Budget
) -> None:
    settings = ProjectSettings("one", budget=own, quota=quota)
    assert settings.budget_or_else(everybody) == holds
