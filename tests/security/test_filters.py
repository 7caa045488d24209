"""No filter, and no body, opens a way past the wall: drawn at random and asked for by
name, through search, list, delete and chat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.world import KEY, World
from tests.security.canaries import Flat, Planted, bound_key, plant
from tests.security.test_keys import by

SCALARS = st.sampled_from(
    [
        "ben",
        "other",
        "one",
        "",
        "*",
        "%",
        "null",
        "' or 1=1",
        0,
        1,
        -1,
        True,
        None,
        1e308,
    ]
)
FIELDS = st.sampled_from(
    [
        "user_id",
        "user",
        "project",
        "scope.user",
        "scope.project",
        "scope",
        "info.user_id",
        "id",
        "status",
        "place",
        "knowledge_base",
        "tags",
        "create_time",
        "scene",
        'a"b',
        "a[]",
        "",
    ]
)
OPERATORS = st.sampled_from(
    ["gte", "lte", "gt", "lt", "contains", "in", "like", "ne", "$or"]
)
CONDITIONS = st.dictionaries(
    FIELDS,
    SCALARS
    | st.dictionaries(OPERATORS, SCALARS | st.lists(SCALARS, max_size=3), max_size=2),
    max_size=3,
)
GROUPS = st.recursive(
    CONDITIONS,
    lambda inner: st.dictionaries(
        st.sampled_from(
            ["and", "or", "not", "user", "public", "knowledgebase", "agent"]
        ),
        st.lists(inner, max_size=3) | inner,
        max_size=2,
    ),
    max_leaves=6,
)
DRAWN = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
BY_NAME: tuple[Any, ...] = (
    {"user_id": "ben"},
    {"or": [{"user_id": "ben"}, {"scene": {"like": ""}}]},
    {"and": [{"scope.user": "ben"}]},
    {"and": [{"scope.project": "other"}]},
    {"user": {"user_id": "ben"}, "public": {"scope.user": "ben"}},
    {"user": {}, "agent": {}, "knowledgebase": {}, "public": {}},
    {"or": [{"status": "archived"}, {"place": "own"}]},
    {"id": {"in": ["ben"]}},
    {"or": []},
    '{"user_id": "ben"}',
)


async def asked_by_ann(world: World, filter: Any, owners: list[Planted]) -> None:
    """Through every route that takes a filter, under a key for ann and one for the
    project: nothing of anybody else, and no route breaks.
    """
    everything = {word for owner in owners for word in owner.words}
    before = {
        id for id, e in world.memories.stored.items() if e.memory.scope.user != "ann"
    }
    bound = await bound_key(world, "one", "ann")
    search = {"user_id": "ann", "query": "What is about?", "relativity": 0}
    for secret in (bound, KEY):
        for path, body in (
            ("search/memory", {**search, "filter": filter}),
            ("/product/search", {**search, "filter": filter}),
            ("get/memory", {"user_id": "ann", "filter": filter}),
            ("/product/get_memory", {"mem_cube_id": "ann", "filter": filter}),
            ("chat", {**search, "filter": filter, "add_message_on_answer": False}),
            ("delete/memory", {"user_id": "ann", "filter": filter}),
        ):
            answer = await world.post(path, body, **by(secret))
            assert answer.status < 500, (path, filter, answer.body)
            sent = repr(filter)
            leaked = {
                w for w in everything if w in answer.response.text and w not in sent
            }
            assert not leaked, (path, filter, leaked)
    await world.post("delete/memory", {"filter": filter}, **by(bound))
    after = {
        id for id, e in world.memories.stored.items() if e.memory.scope.user != "ann"
    }
    assert before <= after, filter


async def others(world: World) -> list[Planted]:
    planted = [await plant(world, "one", "ben"), await plant(world, "other", "ann")]
    await world.remember("The user likes tea.", "ann")
    return planted


@pytest.mark.parametrize("filter", BY_NAME, ids=str)
async def test_no_filter_reaches_another(world: World, filter: Any) -> None:
    await asked_by_ann(world, filter, await others(world))


async def test_the_canaries_of_another_named_by_a_filter(world: World) -> None:
    """Every value that another's memory could be found by."""
    owners = await others(world)
    ben = owners[0]
    for filter in (
        {"scene": ben.word("factinfo")},
        {"tags": {"contains": ben.word("facttag")}},
        {"id": ben.memory},
        {"agent_id": "helper"},
        {"app_id": "app"},
        {"conversation_id": ben.word("talk")},
    ):
        await asked_by_ann(world, filter, owners)


@dataclass(frozen=True)
class Drawing:
    """One gateway for all drawn requests, and the loop that it runs on."""

    runner: asyncio.Runner
    world: World
    owners: list[Planted]


@pytest.fixture(scope="module")
def drawing() -> Iterator[Drawing]:
    with asyncio.Runner() as runner:
        world = World(Flat(), working=False, sync_wait_s=0.01)
        yield Drawing(runner, world, runner.run(others(world)))


@given(filter=GROUPS)
@DRAWN
def test_no_drawn_filter_reaches_another(drawing: Drawing, filter: Any) -> None:
    drawing.runner.run(asked_by_ann(drawing.world, filter, drawing.owners))


@given(
    body=st.dictionaries(
        st.sampled_from(
            "user_id user_ids agent_id project project_id scope owner mem_cube_id"
            " readable_cube_ids memory_ids query knowledgebase_ids is_operator".split()
        ),
        SCALARS
        | st.lists(SCALARS, max_size=3)
        | st.dictionaries(FIELDS, SCALARS, max_size=2),
        max_size=6,
    )
)
@DRAWN
def test_no_drawn_body_reaches_another(drawing: Drawing, body: dict[str, Any]) -> None:
    """Under a key for ann. Fields that nobody reads change nothing (mass assignment)."""
    world, ben = drawing.world, drawing.owners[0]

    async def asked() -> None:
        before = {
            id
            for id, e in world.memories.stored.items()
            if e.memory.scope.user != "ann"
        }
        bound = await bound_key(world, "one", "ann")
        for path in (
            "search/memory",
            "get/memory",
            "get/message",
            "export/memory",
            "delete/memory",
            "/product/search",
            "/product/get_memory",
            "/product/get_all",
        ):
            answer = await world.post(path, {"query": "about", **body}, **by(bound))
            assert answer.status < 500, (path, body, answer.body)
            text = answer.response.text
            leaked = {w for w in ben.words if w in text and "passage" not in w}
            assert not leaked, (path, body, leaked)
        assert before <= set(world.memories.stored)

    drawing.runner.run(asked())
