"""Routes of profiles, thumbs and files say too what of a request counts otherwise or means
nothing, and a profile is not deleted by a condition that got lost.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World
from tests.fakes.embedder import FakeEmbedder

FIELD = {"city": {"value": "Rome", "algorithm_updatable": True}}
OF_ANN = {"user_id": "ann", "profile_template_id": "t1"}
EDIT = OF_ANN | {"metadata": FIELD}
MISSPELT = {"limitt": 3}
UNKNOWN = "limitt: there is no such field"


@pytest.fixture
def world() -> World:
    return World(FakeEmbedder())


async def remarks(world: World, route: str, body: dict[str, Any]) -> list[str]:
    answer = await world.post(route, body)
    assert answer.status == 200, answer.message
    found: list[str] = answer.data.get("remarks", [])
    return found


async def test_profiles(world: World) -> None:
    assert await remarks(world, "edit/profile", EDIT | MISSPELT) == [UNKNOWN]
    assert not await remarks(world, "edit/profile", EDIT | {"source": "cli"})


@pytest.mark.parametrize("name", ["template_id", "profile_id", "remove_fields", "zzz"])
async def test_a_profile_is_not_deleted_for_a_lost_condition(
    world: World, name: str
) -> None:
    await world.post("edit/profile", EDIT)
    stored = dict(world.memories.stored)
    for of_ann in ({"user_id": "ann"}, OF_ANN):
        refused = await world.post("delete/profile", of_ann | {name: "t1"})
        assert (refused.status, refused.code) == (422, 40000)
        assert name in refused.message
    assert stored and world.memories.stored == stored


async def test_thumbs(world: World) -> None:
    memory = await world.remember("The van is blue.")
    rated = {"memory_ids": [memory.id], "thumb": "up"}
    assert await remarks(world, "rate/memory", rated | MISSPELT) == [UNKNOWN]


async def test_lists_of_files_and_templates(world: World) -> None:
    made = await world.post("create/knowledgebase", {"knowledgebase_name": "Docs"})
    files = {"knowledgebase_id": made.data["id"], "page_size": 500}
    route = "get/knowledgebase-file"
    assert await remarks(world, route, files) == ["page_size: 500 counts as 100"]
    assert not await remarks(world, route, files | {"page_size": 5})
    templates = "list/profile_template"
    asked = {"size": 500} | MISSPELT
    assert await remarks(world, templates, asked) == [
        "size: 500 counts as 100",
        UNKNOWN,
    ]
    assert not await remarks(world, templates, {})
