"""What succeeds although it does nothing, or not what it seems to, says so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World

SAYS = {"messages": [{"role": "user", "content": "I like tea."}]}
SAID = {"user_id": "ann", **SAYS}
ASKED = {"user_id": "ann", "query": "tea", "relativity": 0}
NOTHING = "nothing was deleted: there is no such memory"


async def remarks(world: World, route: str, body: dict[str, Any]) -> list[str]:
    """The remarks of an answer that succeeds."""
    found: list[str] = (await world.post(route, body)).data.get("remarks", [])
    return found


@pytest.mark.parametrize(
    ("route", "body", "remark"),
    [
        ("search/memory", ASKED | {"include_memory_view": ["facts"]}, "'facts'"),
        ("get/memory", {"user_id": "ann", "include_memory_view": ["facts"]}, "'facts'"),
        ("add/message", SAID | {"allow_memory_view": ["event", "facts"]}, "'facts'"),
        ("extract/memory", SAYS | {"extraction_types": ["likes"]}, "'likes'"),
        ("add/message", SAID | {"expiration_date": "2020-01-01"}, "2020-01-01 is past"),
        (
            "add/message",
            {"user_id": "ann", "messages": [{"role": "user", "content": " \n"}]},
            "messages.0: without content",
        ),
        (
            "add/feedback",
            {"user_id": "ann", "feedback_content": "No.", "feedback_time": "soon"},
            "feedback_time: 'soon' is not a time",
        ),
        ("chat", ASKED | {"temperature": 9}, "temperature: 9 counts as 2"),
        ("chat", ASKED | {"top_p": -1}, "top_p: -1 counts as 0"),
        ("chat", ASKED | {"max_tokens": "-5"}, "max_tokens: -5 counts as 1"),
        ("chat", ASKED | {"filter": {"foo": 1}}, "filter: foo"),
    ],
)
async def test_it_is_remarked(
    world: World, route: str, body: dict[str, Any], remark: str
) -> None:
    (only,) = await remarks(world, route, body)
    assert remark in only


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("search/memory", ASKED | {"include_memory_view": ["profile", "event"]}),
        ("add/message", SAID | {"allow_memory_view": ["preference", "profile"]}),
        ("extract/memory", SAYS | {"extraction_types": ["memory", "preference"]}),
        ("add/message", SAID | {"expiration_date": "2999-01-01"}),
        ("add/feedback", {"user_id": "ann", "feedback_content": "No."}),
        ("chat", ASKED | {"temperature": "0.7", "max_tokens": 100.0, "top_p": 1}),
    ],
)
async def test_what_is_done_as_asked_is_not_remarked(
    world: World, route: str, body: dict[str, Any]
) -> None:
    assert not await remarks(world, route, body)


@pytest.mark.parametrize(
    ("which", "more"),
    [
        ({"agent_id": "nobody"}, 0),
        ({"filter": {"tags": "none"}}, 0),
        ({"filter": {"foo": 1}}, 1),
        ({"user_id": "ann", "memory_type": "skill"}, 0),
        ({"user_id": "ann", "filter": {"foo": 1}}, 1),
    ],
)
async def test_a_deletion_of_nothing_says_so(
    world: World, which: dict[str, Any], more: int
) -> None:
    await world.remember("The van is blue.")
    first, *others = await remarks(world, "delete/memory", which)
    assert first == NOTHING
    assert len(others) == more and all("filter: foo" in other for other in others)
    assert len(await _left(world)) == 1


@pytest.mark.parametrize("place", [{}, {"knowledge_base": "kb"}])
async def test_a_deletion_of_something_does_not(
    world: World, place: dict[str, Any]
) -> None:
    made = await world.post("create/knowledgebase", {"knowledgebase_name": "k"})
    place = dict.fromkeys(place, made.data["id"])
    await world.remember("The van is blue.", tags=("car",), **place)
    assert not await remarks(world, "delete/memory", {"filter": {"tags": "car"}})


@pytest.mark.parametrize(
    ("which", "remark"),
    [
        ({"user_id": "nobody"}, "nobody has no profile"),
        ({"user_id": "ann"}, "ann has no profile"),
        ({"user_id": "bob", "profile_template_id": "u"}, "bob has no profile by u"),
    ],
)
async def test_the_deletion_of_a_profile_that_there_is_not_says_so(
    world: World, which: dict[str, Any], remark: str
) -> None:
    await world.remember("The van is blue.")
    field = {"user_id": "bob", "profile_template_id": "t", "metadata": {"city": "Rome"}}
    await world.post("edit/profile", field)
    assert await remarks(world, "delete/profile", which) == [
        f"nothing was deleted: {remark}"
    ]
    assert not await remarks(world, "delete/profile", {"user_id": "bob"})
    assert await remarks(world, "delete/profile", {"user_id": "bob"})


async def test_the_deletion_of_a_binding_without_fields_is_one(world: World) -> None:
    bob = {"user_id": "bob", "profile_template_id": "t"}
    await world.post("bind/profile_template", {"bind_list": [bob]})
    assert not await remarks(world, "delete/profile", bob)


async def test_a_field_that_there_is_not_is_removed_with_a_remark(world: World) -> None:
    bob = {"user_id": "bob", "profile_template_id": "t"}
    await world.post("edit/profile", bob | {"metadata": {"basic": {"city": "Rome"}}})
    removed = bob | {"remove_fields": ["basic", "basic.city"]}
    assert await remarks(world, "edit/profile", removed) == [
        "remove_fields: there is no field basic"
    ]
    assert not await remarks(world, "edit/profile", bob | {"metadata": {"city": ""}})


async def test_a_memory_that_is_given_a_past_date_is_said_to_be_hidden(
    world: World,
) -> None:
    memory = await world.remember("The van is blue.")
    change = {"memory_id": memory.id}
    (remark,) = await remarks(
        world, "update/memory", change | {"expiration_date": "2020-01-01"}
    )
    assert "2020-01-01 is past" in remark
    for lasting in ("", "2999-01-01"):
        date = {"expiration_date": lasting}
        assert not await remarks(world, "update/memory", change | date)


async def test_files_of_a_type_that_there_is_not_are_refused(world: World) -> None:
    made = await world.post("create/knowledgebase", {"knowledgebase_name": "k"})
    body = {"knowledgebase_id": made.data["id"], "type": "documents"}
    refused = await world.post("get/knowledgebase-file", body)
    assert (refused.status, refused.code) == (422, 40000)
    for type in ("", None, "skill"):
        assert (await world.post("get/knowledgebase-file", body | {"type": type})).data


@pytest.mark.parametrize("route", ["project/quota", "project/settings"])
async def test_a_change_of_nothing_is_refused(world: World, route: str) -> None:
    for body, code in (({"project": ""}, 40002), ({"foo": 1}, 40000)):
        answer = await world.client.put(f"/{route}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)


async def _left(world: World) -> list[Any]:
    data = (await world.post("get/memory", {"user_id": "ann"})).data
    left: list[Any] = data["memory_detail_list"]
    return left
