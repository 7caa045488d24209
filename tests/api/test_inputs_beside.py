"""What counts for nothing because something else of the request counts instead is said."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.job_payload import FeedbackPayload
from tests.api.world import World
from tests.fakes.embedder import FakeEmbedder

ANN = {"user_id": "ann"}
BOTH = {"user_id": "ann", "agent_id": "bot"}
NARROWS = 'agent_id: beside user_id it narrows nothing; filter {"agent_id": "bot"} does'
PROFILE = "agent_id: beside user_id it means nothing; the profile is the user's"
QUERY = {"query": "tea"}
SAID = {"messages": [{"role": "user", "content": "I like tea."}]}
CORRECTION = {"feedback_content": "No, it is Anna."}
TEMPLATE = {"profile_template_id": "t1"}


@pytest.fixture
def world() -> World:
    return World(FakeEmbedder())


async def remarks(world: World, route: str, body: dict[str, Any]) -> list[str]:
    """Those of an answer that succeeds, in its data or beside it."""
    answer = await world.post(route, body)
    assert answer.status == 200, answer.message
    whole = answer.response.json()
    data = whole["data"] if isinstance(whole["data"], dict) else {}
    return [*data.get("remarks", []), *whole.get("remarks", [])]


@pytest.mark.parametrize(
    ("route", "body", "remark"),
    [
        ("search/memory", BOTH | QUERY, NARROWS),
        ("get/memory", BOTH, NARROWS),
        ("edit/profile", BOTH | TEMPLATE | {"metadata": {"city": "Rome"}}, PROFILE),
        ("delete/profile", BOTH | TEMPLATE, PROFILE),
        (
            "bind/profile_template",
            {"bind_list": [ANN | TEMPLATE, BOTH | {"profile_template_id": "t2"}]},
            f"bind_list.1.{PROFILE}",
        ),
    ],
)
async def test_an_agent_beside_a_user(
    world: World, route: str, body: dict[str, Any], remark: str
) -> None:
    await world.post("edit/profile", ANN | TEMPLATE | {"metadata": {"city": "Oslo"}})
    assert await remarks(world, route, body) == [remark]


@pytest.mark.parametrize(
    "owner",
    [{"user_id": "ann"}, {"agent_id": "bot"}, {"user_id": "a", "agent_id": None}],
)
async def test_one_owner_is_not_remarked(world: World, owner: dict[str, Any]) -> None:
    assert not await remarks(world, "search/memory", owner | QUERY)
    assert not await remarks(world, "get/memory", owner)


@pytest.mark.parametrize(
    ("route", "body", "cubes"),
    [
        ("/product/search", QUERY, "readable_cube_ids"),
        ("/product/add", SAID, "writable_cube_ids"),
        ("/product/feedback", CORRECTION, "writable_cube_ids"),
    ],
)
async def test_a_cube_beside_a_list_of_cubes(
    world: World, route: str, body: dict[str, Any], cubes: str
) -> None:
    sent = ANN | body | {cubes: ["team", "ann"]}
    expected = f"mem_cube_id: beside {cubes} it means nothing; these count"
    assert await remarks(world, route, sent | {"mem_cube_id": "bob"}) == [expected]
    assert not await remarks(world, route, sent | {"mem_cube_id": "team"})
    assert not await remarks(world, route, ANN | body | {"mem_cube_id": "bob"})


async def test_a_user_beside_the_cubes_of_a_deletion(world: World) -> None:
    await world.remember("The van is blue.", tags=("car",))
    body = {"writable_cube_ids": ["ann"], "filter": {"tags": "car"}}
    said = await remarks(world, "/product/delete_memory", body | {"user_id": "bob"})
    assert said == ["user_id: beside writable_cube_ids it narrows nothing"]


async def test_a_page_beside_the_ids_of_files(world: World) -> None:
    made = await world.post("create/knowledgebase", {"knowledgebase_name": "Docs"})
    document = {"content": "data:text/plain;base64,eA==", "name": "a.txt"}
    base = {"knowledgebase_id": made.data["id"]}
    added = await world.post("add/knowledgebase-file", base | {"file": [document] * 2})
    ids = {"file_ids": [file["id"] for file in added.data]}
    route = "get/knowledgebase-file"
    beside = "beside file_ids it means nothing; all of them are answered"
    assert await remarks(world, route, ids | {"page": 2}) == [f"page: {beside}"]
    assert await remarks(world, route, ids | {"page_size": 1}) == [
        f"page_size: {beside}"
    ]
    assert await remarks(world, route, ids | {"type": "skill"}) == [f"type: {beside}"]
    assert not await remarks(world, route, ids | {"page": 1, "page_size": 20})
    assert not await remarks(world, route, base | {"page": 2, "type": "document"})


async def test_the_history_of_a_feedback_is_read() -> None:
    world = World(FakeEmbedder(), working=False, redact=("passwords",))
    said = [{"role": "user", "content": f"Number {number}."} for number in range(19)]
    named = {"role": "assistant", "content": "Marta comes to Porto."}
    secret = {"role": "user", "content": "The password is Hunter!2xyz."}
    tool = {"role": "tool", "content": "{}"}
    body = ANN | CORRECTION | {"history": [*said, tool, named, secret]}
    expected = ["history: the last 20 messages of 21 count"]
    assert await remarks(world, "/product/feedback", body) == expected
    (job,) = world.jobs.stored.values()
    assert isinstance(job.payload, FeedbackPayload)
    before = job.payload.said_before
    assert [message.text for message in before[:1]] == ["Number 1."]
    assert (before[18].role, before[18].text) == ("assistant", named["content"])
    assert "Hunter" not in before[19].text
    short = ANN | CORRECTION | {"history": [named]}
    assert not await remarks(world, "/product/feedback", short)
    long = (
        ANN | CORRECTION | {"history": [{"role": "user", "content": "tea " * 30_000}]}
    )
    assert not await remarks(world, "/product/feedback", long)


@pytest.mark.parametrize(
    ("route", "body", "remark"),
    [
        (
            "chat",
            ANN | QUERY | {"conversation_id": "a", "session_id": "b"},
            "session_id: beside conversation_id it means nothing",
        ),
        (
            "/product/add",
            ANN | SAID | {"memory_content": "I like coffee."},
            "memory_content: beside messages it means nothing",
        ),
        (
            "get/message",
            ANN | {"message_limit_number": 3, "limit": 9},
            "limit: beside message_limit_number it means nothing",
        ),
        ("get/memory", ANN | {"page": 1, "current": 3}, "current: 3 counts as 1"),
    ],
)
async def test_a_second_name_of_a_field(
    world: World, route: str, body: dict[str, Any], remark: str
) -> None:
    assert await remarks(world, route, body) == [remark]


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("chat", ANN | QUERY | {"conversation_id": "a", "session_id": "a"}),
        ("chat", ANN | QUERY | {"conversation_id": "a", "session_id": None}),
        ("get/message", ANN | {"message_limit_number": 3, "limit": 3}),
        ("get/message", ANN | {"limit": 3}),
    ],
)
async def test_two_names_that_say_the_same(
    world: World, route: str, body: dict[str, Any]
) -> None:
    assert not await remarks(world, route, body)


async def test_what_goes_to_the_memories_of_a_turn_that_is_not_remembered(
    world: World,
) -> None:
    labels = {"agent_id": "bot", "tags": ["tea"], "info": {"scene": "home"}}
    sent = ANN | QUERY | labels
    expected = [
        f"{name}: has no effect, since the turn is not remembered" for name in labels
    ]
    unremembered = sent | {"add_message_on_answer": False}
    assert sorted(await remarks(world, "chat", unremembered)) == sorted(expected)
    assert sorted(await remarks(world, "/product/chat", sent)) == sorted(expected)
    assert not await remarks(world, "chat", sent)
    stream = await world.client.post("/product/chat/stream", json=sent)
    assert all(remark in stream.text for remark in expected)


async def test_a_field_of_a_form_that_is_not_read(world: World) -> None:
    made = await world.post("create/knowledgebase", {"knowledgebase_name": "Docs"})
    form = {"knowledgebase_id": made.data["id"], "type": "skill", "zzz": "1"}
    files = {"file": ("a.txt", b"x", "text/plain")}
    path = "/api/openmem/v1/add/knowledgebase-file"
    answer = await world.client.post(path, data=form, files=files)
    assert answer.json()["remarks"] == [
        "type: means nothing in the form; it belongs in the query",
        "zzz: there is no such field",
    ]


async def test_instructions_to_a_language_model_that_there_is_not(world: World) -> None:
    expected = ["instructions have no effect without a language model"]
    asked = SAID | {"custom_extract_prompt": {"all": "Only cities."}}
    assert await remarks(world, "add/message", ANN | asked) == expected
    assert expected[0] in await remarks(world, "extract/memory", asked)
    later = asked | {"async_mode": True}
    assert await remarks(world, "extract/memory", later) == expected
    assert not await remarks(world, "add/message", ANN | SAID)
