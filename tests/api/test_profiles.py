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


async def basic(world: World) -> dict[str, Any]:
    """Value and lock of each field of the category "basic"."""
    body = {"user_id": "ann", "include_memory_view": ["profile"]}
    profiles = (await world.post("get/memory", body)).data["profile_detail_list"]
    fields = profiles[0]["properties"]["basic"] if profiles else {}
    return {
        name: (field["value"], field["algorithm_updatable"])
        for name, field in fields.items()
    }


async def test_a_lock_alone_locks_and_a_value_alone_keeps_the_lock(
    world: World,
) -> None:
    for given, shown in (
        ({"value": "Rome"}, ("Rome", True)),
        ({"algorithm_updatable": False}, ("Rome", False)),
        ({"value": "Milan"}, ("Milan", False)),
        ({"value": None, "algorithm_updatable": "true"}, ("Milan", True)),
        ({"algorithm_updatable": "false"}, ("Milan", False)),
        ({"value": "Pisa", "algorithm_updatable": True}, ("Pisa", True)),
        ({"value": None}, ("Pisa", True)),
    ):
        fields = {"basic": {"city": given}}
        assert (await world.post("edit/profile", edit(metadata=fields))).data
        assert await basic(world) == {"city": shown}
    assert await texts(world) == {"basic.city: Pisa"}


@pytest.mark.parametrize(
    ("fields", "status", "code", "word"),
    [
        ({"city": {"algorithm_updatable": False}}, 404, 40001, "basic.city"),
        (
            {"city": {"value": "Rome", "algorithm_updatable": "perhaps"}},
            400,
            40000,
            "basic.city.algorithm_updatable",
        ),
    ],
)
async def test_a_lock_that_cannot_be_set_is_refused(
    world: World, fields: dict[str, Any], status: int, code: int, word: str
) -> None:
    fields = {"basic": {"job": "baker", **fields}}
    refused = await world.post("edit/profile", edit(metadata=fields))
    assert (refused.status, refused.code) == (status, code)
    assert word in refused.message
    assert await texts(world) == set()


@pytest.mark.parametrize("empty", ["", []])
async def test_an_empty_value_takes_the_field_away(world: World, empty: Any) -> None:
    fields = {"basic": {"city": {"value": "Rome"}, "job": "baker"}}
    await world.post("edit/profile", edit(metadata=fields))
    body = edit(metadata={"basic": {"city": {"value": empty}}})
    assert (await world.post("edit/profile", body)).data["success"]
    assert await texts(world) == {"basic.job: baker"}


async def test_what_is_no_text_is_written_as_json(world: World) -> None:
    fields = {
        "n": {"value": {"größe": 1}},
        "smoker": {"value": False},
        "pets": [{"name": "Rex"}, "Tom", 2],
    }
    await world.post("edit/profile", edit(metadata=fields))
    assert await texts(world) == {
        'n: {"größe": 1}',
        "smoker: false",
        'pets: {"name": "Rex"}, Tom, 2',
    }


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


TEMPLATE = {
    "name": "客服",
    "metadata": {
        "基础信息": {
            "姓名": {"value": "", "algorithm_updatable": False},
            "职业": {"value": "", "algorithm_updatable": True},
        },
        "服务": {"时段": {"value": "白天", "algorithm_updatable": True}},
    },
}


async def template(world: World, **more: Any) -> str:
    """The id of a new template."""
    made = await world.post("add/profile_template", {**TEMPLATE, **more})
    return str(made.data["profile_template_id"])


async def bound(world: World, id: str, *users: str) -> None:
    entries = [{"user_id": user, "profile_template_id": id} for user in users]
    answer = await world.post("bind/profile_template", {"bind_list": entries})
    assert answer.data == {"success": True}


async def properties(world: World, user: str = "ann") -> dict[str, Any]:
    """The properties of the only profile by a template."""
    body = {"user_id": user, "include_memory_view": ["profile"]}
    [profile] = (await world.post("get/memory", body)).data["profile_detail_list"]
    fields: dict[str, Any] = profile["properties"]
    return {
        f"{category}.{name}": (entry["value"], entry["algorithm_updatable"])
        for category, names in fields.items()
        for name, entry in names.items()
    }


async def test_a_template_is_made_listed_and_shown(world: World) -> None:
    first, second = await template(world), await template(world, name="other")
    page = (await world.post("list/profile_template", {"size": 1})).data
    assert (page["total"], page["pages"], page["size"]) == (2, 2, 1)
    both = (await world.post("list/profile_template", {})).data["profile_templates"]
    assert {entry["profile_template_id"] for entry in both} == {first, second}
    await bound(world, first, "ann", "bob")
    body = {"profile_template_id": first}
    shown = (await world.post("get/profile_template", body)).data["profile_template"]
    assert shown["metadata"] == TEMPLATE["metadata"]
    assert (shown["name"], shown["instance_count"]) == ("客服", 2)
    unknown = {"profile_template_id": "tpl-unheard-of"}
    assert (await world.post("get/profile_template", unknown)).code == 40001


async def test_a_bound_template_is_a_profile_with_its_values(world: World) -> None:
    id = await template(world)
    await bound(world, id, "ann")
    assert await properties(world) == {
        "基础信息.姓名": ("", False),
        "基础信息.职业": ("", True),
        "服务.时段": ("白天", True),
    }
    query = {"user_id": "ann", "query": "时段", "include_memory_view": ["profile"]}
    [item] = (await world.post("search/memory", query)).data["profile_detail_list"]
    assert (item["template_id"], item["profile_path"]) == (id, "服务.时段")
    assert (item["profile_category"], item["profile_field"]) == ("服务", "时段")


async def test_binding_again_keeps_what_the_owner_has(world: World) -> None:
    id = await template(world)
    await bound(world, id, "ann")
    night = {"服务": {"时段": {"value": "晚上", "algorithm_updatable": False}}}
    await world.post("edit/profile", edit(profile_template_id=id, metadata=night))
    await bound(world, id, "ann")
    assert (await properties(world))["服务.时段"] == ("晚上", False)


async def test_a_change_of_a_template_reaches_its_profiles(world: World) -> None:
    id = await template(world)
    await bound(world, id, "ann")
    job = {"基础信息": {"职业": {"value": "工程师"}}}
    await world.post("edit/profile", edit(profile_template_id=id, metadata=job))
    changed = {
        "基础信息": {
            "职业": {"value": "", "algorithm_updatable": False},
            "城市": {"value": "杭州", "algorithm_updatable": True},
        },
    }
    body = {"profile_template_id": id, "name": "新", "metadata": changed}
    answer = (await world.post("update/profile_template", body)).data
    assert answer == {"success": True, "profile_template_id": id}
    assert await properties(world) == {
        "基础信息.职业": ("工程师", False),
        "基础信息.城市": ("杭州", True),
    }
    assert await texts(world) == {"基础信息.职业: 工程师", "基础信息.城市: 杭州"}


async def test_a_deleted_template_takes_its_profiles_along(world: World) -> None:
    id, other = await template(world), await template(world)
    await bound(world, id, "ann", "bob")
    await bound(world, other, "ann")
    await world.remember("no profile")
    answer = await world.post("delete/profile_template", {"profile_template_id": id})
    assert answer.data["deleted_instances"] == 2
    assert await texts(world) == {"no profile", "服务.时段: 白天"}
    assert await texts(world, user_id="bob") == set()
    again = await world.post("delete/profile_template", {"profile_template_id": id})
    assert again.code == 40001


async def test_a_deleted_profile_is_bound_no_more(world: World) -> None:
    id = await template(world)
    await bound(world, id, "ann")
    body = {"user_id": "ann", "profile_template_id": id}
    await world.post("delete/profile", body)
    assert await world.profile_templates.bindings("one", "ann") == []
    listing = {"user_id": "ann", "include_memory_view": ["profile"]}
    page = (await world.post("get/memory", listing)).data
    assert page["profile_detail_list"] == []


async def test_a_deleted_user_is_bound_no_more(world: World) -> None:
    await bound(world, await template(world), "ann")
    await world.post("delete/memory", {"user_id": "ann"})
    assert await world.profile_templates.bindings("one", "ann") == []


DEEP = {"a": {"b": {"c": {"d": {"value": "x"}}}}}


@pytest.mark.parametrize(
    ("route", "body", "code"),
    [
        ("add/profile_template", {"metadata": {"a": 1}}, 40002),
        ("add/profile_template", {"name": " ", "metadata": {"a": 1}}, 40002),
        ("add/profile_template", {"name": "x", "metadata": {}}, 40003),
        ("add/profile_template", {"name": "x", "metadata": {"a": {}}}, 40003),
        ("add/profile_template", {"name": "x", "metadata": DEEP}, 40000),
        ("update/profile_template", {"profile_template_id": "t"}, 40002),
        ("update/profile_template", {"profile_template_id": "t", "name": "x"}, 40001),
        ("delete/profile_template", {}, 40002),
        (
            "bind/profile_template",
            {"bind_list": [{"user_id": "a", "profile_template_id": "t"}] * 21},
            40000,
        ),
    ],
)
async def test_what_of_templates_is_refused(
    world: World, route: str, body: dict[str, Any], code: int
) -> None:
    assert (await world.post(route, body)).code == code


@pytest.mark.parametrize(
    "metadata",
    [
        {"a": {"value": "x"}, "a.value.b": {"value": "y"}},
        {"a": {"value": "x"}, "a.b": {"value": "y"}},
        {"a": {"b": {"value": "x"}}, "a.b": {"value": "y"}},
        {"a.b.c.d": {"value": "x"}},
    ],
)
async def test_fields_that_could_not_be_shown_are_refused(
    world: World, metadata: dict[str, Any]
) -> None:
    body = {"name": "t", "metadata": metadata}
    assert (await world.post("add/profile_template", body)).code == 40000
    assert (await world.post("list/profile_template", {})).data["total"] == 0
