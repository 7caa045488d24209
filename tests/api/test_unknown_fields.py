"""Fields that there are not are ignored, as other releases of a service know them, and said:
mostly they are misspelt. So are numbers that count as others, in every dialect.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from services.gateway.memories import delete_memories
from services.gateway.schemas.base import Incoming
from services.gateway.schemas.mem0 import Mem0Message
from services.gateway.schemas.remarked import RemarkedPart, RemarkedRequest
from tests.api.world import World
from tests.fakes.embedder import FakeEmbedder

ASKED = {"user_id": "ann", "query": "tea"}
SAID = {"user_id": "ann", "messages": [{"role": "user", "content": "I like tea."}]}
FEEDBACK = {"user_id": "ann", "feedback_content": "No."}
CLOUD: list[tuple[str, dict[str, Any]]] = [
    ("search/memory", ASKED),
    ("get/memory", {"user_id": "ann"}),
    ("get/message", {"user_id": "ann"}),
    ("add/message", SAID),
    ("add/feedback", FEEDBACK),
    ("chat", ASKED),
]
PRODUCT: list[tuple[str, dict[str, Any]]] = [
    ("/product/search", ASKED),
    ("/product/add", SAID),
    ("/product/get_memory", {"mem_cube_id": "ann"}),
    ("/product/get_all", {"user_id": "ann"}),
    ("/product/delete_memory", {"memory_ids": ["x"]}),
    ("/product/feedback", FEEDBACK),
    ("/product/suggestions", {"user_id": "ann"}),
]
UNKNOWN = "limitt: there is no such field"


@pytest.fixture
def world() -> World:
    return World(FakeEmbedder())


async def remarks(world: World, route: str, body: dict[str, Any]) -> list[str]:
    """Those of an answer that succeeds: in its data, or under /product beside it."""
    answer = await world.post(route, body)
    assert answer.status == 200
    whole = answer.response.json()
    holder = whole if route.startswith("/product/") else whole["data"]
    found: list[str] = holder.get("remarks", [])
    return found


@pytest.mark.parametrize(("route", "body"), CLOUD + PRODUCT)
async def test_they_are_remarked(
    world: World, route: str, body: dict[str, Any]
) -> None:
    sent = body | {"limitt": 3, "nothing": None, "off": False, "none": []}
    assert UNKNOWN in await remarks(world, route, sent)
    named = {"source": "cli", "framework": "x", "mode": "fine", "user_ids": ["ann"]}
    assert not await remarks(world, route, body | named)


async def test_of_many_only_some_are_named(world: World) -> None:
    many = {f"field{number}" * 20: 1 for number in range(100)}
    said = await remarks(world, "search/memory", ASKED | many)
    assert len(said) == 20 and max(map(len, said)) < 100


async def test_of_a_change_too(world: World) -> None:
    memory = await world.remember("The van is blue.")
    change = {"memory_id": memory.id, "title": "Van", "tags": ["car"]}
    expected = ["tags: there is no such field"]
    assert await remarks(world, "update/memory", change) == expected


@pytest.mark.parametrize(
    ("route", "body", "remark"),
    [
        ("/product/search", ASKED | {"top_k": 999}, "top_k: 999 counts as 100"),
        ("/product/search", ASKED | {"relativity": 7}, "relativity: 7 counts as 1"),
        ("/product/search", ASKED | {"filter": {"foo": 1}}, "filter: foo"),
        (
            "/product/get_memory",
            {"mem_cube_id": "ann", "filter": {"foo": 1}},
            "filter: foo",
        ),
        (
            "/product/get_memory",
            {"mem_cube_id": "ann", "page_size": "5000"},
            "page_size: 5000 counts as 1000",
        ),
        (
            "/product/feedback",
            FEEDBACK | {"feedback_time": "soon"},
            "feedback_time: 'soon' is not a time",
        ),
        (
            "/product/add",
            {"user_id": "ann", "messages": [{"role": "user", "content": " "}]},
            "messages.0: without content",
        ),
        ("get/memory", {"user_id": "ann", "size": 99}, "size: 99 counts as 50"),
        (
            "get/memory",
            {"user_id": "ann", "page": 10**9},
            "page: 1000000000 counts as 1000000",
        ),
        ("get/message", {"user_id": "ann", "limit": 99}, "limit: 99 counts as 50"),
    ],
)
async def test_what_counts_as_something_else_is_remarked(
    world: World, route: str, body: dict[str, Any], remark: str
) -> None:
    (only,) = await remarks(world, route, body)
    assert remark in only


async def test_a_deletion_that_finds_nothing_in_a_cube_is_a_failure(
    world: World,
) -> None:
    await world.remember("The van is blue.", tags=("car",))
    body = {"writable_cube_ids": ["ann"], "filter": {"tags": "boat"}}
    answer = await world.post("/product/delete_memory", body)
    assert answer.data == {"status": "failure"}
    assert "nothing was deleted" in answer.response.json()["remarks"][0]
    body["filter"] = {"tags": "car"}
    answer = await world.post("/product/delete_memory", body)
    assert answer.data == {"status": "success"}
    assert "remarks" not in answer.response.json()


async def test_it_is_one_whatever_the_words_of_the_remark(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.remember("The van is blue.", tags=("car",))
    monkeypatch.setattr(delete_memories, "NOTHING", "no memory is like that")
    body = {"user_id": "ann", "filter": {"tags": "boat"}}
    answer = await world.post("/product/delete_memory", body)
    assert answer.data == {"status": "failure"}
    assert answer.response.json()["remarks"][0] == "no memory is like that"


FILE = {"type": "file", "file": {"file_data": "aGVsbG8=", "filname": "a.txt"}, "x": 1}
ODD = {"role": "user", "content": [FILE], "chat_tme": "2020-01-01", "nothing": None}
IN_MESSAGE = [
    "chat_tme: there is no such field",
    "content.0.x: there is no such field",
    "content.0.file.filname: there is no such field",
]
AS_MODELS_SAY_IT = {
    "role": "assistant",
    "content": "Yes.",
    "name": "guide",
    "refusal": "no",
    "annotations": [{"type": "url_citation"}],
    "audio": {"id": "a"},
    "reasoning_content": "Hm.",
    "function_call": None,
    "tool_calls": [
        {"id": "c", "type": "function", "index": 0, "function": {"name": "f"}}
    ],
}
PICTURE = {"type": "image_url", "image_url": {"url": "http://x/y.png", "detail": "low"}}


@pytest.mark.parametrize(
    ("route", "body", "place"),
    [
        ("add/message", {"user_id": "ann"}, "messages"),
        ("/product/add", {"user_id": "ann"}, "messages"),
        ("/product/feedback", FEEDBACK, "history"),
    ],
)
async def test_of_a_message_and_its_parts_too(
    world: World, route: str, body: dict[str, Any], place: str
) -> None:
    said = await remarks(world, route, body | {place: [ODD]})
    assert said == [f"{place}.0.{remark}" for remark in IN_MESSAGE]
    seen = {"role": "user", "content": [PICTURE], "message_id": "1"}
    assert not await remarks(world, route, body | {place: [AS_MODELS_SAY_IT, seen]})


async def test_of_a_chat_s_history_too(world: World) -> None:
    whole = AS_MODELS_SAY_IT | {"chat_time": "2020-01-01", "role_name": "Guide"}
    sent = ASKED | {"history": [whole, {"role": "user", "content": "Hm", "tpye": 1}]}
    expected = ["history.1.tpye: there is no such field"]
    assert await remarks(world, "chat", sent) == expected


async def test_of_many_in_messages_only_some_are_named(world: World) -> None:
    many = {f"field{number}" * 20: 1 for number in range(15)}
    messages = [{"role": "user", "content": "Hi"} | many] * 3
    said = await remarks(world, "add/message", SAID | {"messages": messages})
    assert len(said) == 20 and max(map(len, said)) < 120


def test_every_part_of_a_request_can_be_remarked() -> None:
    told = Mem0Message  # by the Cloud's own form of the message
    parts = set(chain.from_iterable(map(_parts, _below(RemarkedRequest))))
    assert {part for part in parts if not issubclass(part, RemarkedPart)} == {told}


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for derived in model.__subclasses__():
        yield derived
        yield from _below(derived)


def _parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The models that stand in a model's fields, at any depth."""
    for field in model.model_fields.values():
        for part in _models(field.annotation):
            yield part
            yield from _parts(part)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, Incoming):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
