"""Profiles (contract 1.11)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World

FIELDS = {
    "basic": {
        "city": {"value": "上海", "algorithm_updatable": False},
        "job": {"value": None},
    },
    "hobbies": {"value": ["爬山", "咖啡"]},
    "age": 30,
}


def edit(**more: Any) -> dict[str, Any]:
    return {"user_id": "ann", "profile_template_id": "t1", **more}


async def texts(world: World, **who: str) -> set[str]:
    return {
        fact["memory_value"]
        for fact in (await world.post("get/memory", who or {"user_id": "ann"})).data[
            "memory_detail_list"
        ]
    }


async def test_fields_are_memories_that_can_be_found(world: World) -> None:
    assert (await world.post("edit/profile", edit(metadata=FIELDS))).data == {
        "success": True
    }
    assert await texts(world) == {"basic.city: 上海", "hobbies: 爬山, 咖啡", "age: 30"}
    (fact,) = (
        await world.post(
            "search/memory",
            {
                "user_id": "ann",
                "query": "城市 上海",
                "memory_limit_number": 1,
                "relativity": 0,
            },
        )
    ).data["memory_detail_list"]
    assert (fact["memory_type"], fact["memory_key"]) == ("UserMemory", "basic.city")


async def test_a_field_is_changed_and_taken_away(world: World) -> None:
    await world.post(
        "edit/profile", edit(metadata={"city": {"value": "上海"}, "age": {"value": 30}})
    )
    await world.post(
        "edit/profile",
        edit(metadata={"city": {"value": "杭州"}}, remove_fields=["age", "unknown"]),
    )
    assert await texts(world) == {"city: 杭州"}


async def test_profiles_are_deleted_by_template_or_all(world: World) -> None:
    await world.remember("no profile")
    for template in ("t1", "t2", "t3"):
        await world.post(
            "edit/profile",
            edit(profile_template_id=template, metadata={template: {"value": "x"}}),
        )
    await world.post("delete/profile", {"user_id": "ann", "profile_template_id": "t1"})
    assert await texts(world) == {"no profile", "t2: x", "t3: x"}
    await world.post("delete/profile", {"user_id": "ann"})
    assert await texts(world) == {"no profile"}


async def test_agents_have_profiles_too(world: World) -> None:
    await world.post(
        "edit/profile",
        {"agent_id": "guide", "profile_template_id": "t", "metadata": {"tone": "warm"}},
    )
    assert await texts(world, agent_id="guide") == {"tone: warm"}


@pytest.mark.parametrize(
    "route, body, code",
    [
        ("bind/profile_template", {"bind_list": []}, 40003),
        ("bind/profile_template", {"bind_list": [{"user_id": "ann"}]}, 40002),
        ("bind/profile_template", {"bind_list": [{"profile_template_id": "t"}]}, 40002),
        ("edit/profile", edit(), 40002),
        ("edit/profile", {"profile_template_id": "t", "metadata": {"a": 1}}, 40002),
        ("delete/profile", {}, 40002),
    ],
)
async def test_what_is_refused(
    world: World, route: str, body: dict[str, Any], code: int
) -> None:
    assert (await world.post(route, body)).code == code


async def test_binding_is_acknowledged(world: World) -> None:
    body = {
        "bind_list": [
            {"user_id": "ann", "profile_template_id": "t1"},
            {"agent_id": "guide", "profile_template_id": "t1"},
        ]
    }
    assert (await world.post("bind/profile_template", body)).data == {"success": True}
