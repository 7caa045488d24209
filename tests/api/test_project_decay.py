"""Decay that the owner of a project turns on: by project/settings, and by mem0's clients."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from services.gateway.mem0.filter_language import only_user, read_filters
from services.gateway.mem0.projects import DECAY_DAYS
from services.gateway.wire.wire_times import now
from shared.domain.memory import Embedded, Memory
from tests.api.world import World

OLD, NEW = "The user swims on Fridays.", "The user swims on Mondays."
PROJECT = "/mem0/api/v1/orgs/organizations/souvenir/projects/one/"


async def found(world: World, filters: Any) -> list[str]:
    """What a client of mem0 finds, best first."""
    body = {"query": "When do I swim?", "filters": filters, "threshold": 0}
    answer = await world.post("/mem0/v3/memories/search/", body)
    return [item["memory"] for item in answer.body["results"]]


async def recalled_last(world: World, text: str, at: int) -> Memory:
    """A memory of long ago that was given by a search at a moment."""
    memory = replace(await world.remember(text), created_at=1, recalled_at=at)
    stored = world.memories.stored[memory.id]
    await world.memories.put([Embedded(memory, stored.lexical, stored.dense)])
    return memory


async def decay(world: World, on: bool) -> None:
    answer = await world.client.patch(PROJECT, json={"decay": on})
    assert answer.status_code == 200, answer.text
    shown = (await world.get(PROJECT, params={"fields": ["decay"]})).body
    assert shown == {"decay": on}


async def test_mem0s_clients_turn_it_on_and_off_again(world: World) -> None:
    await recalled_last(world, OLD, at=1)
    await recalled_last(world, NEW, at=now())
    before = await found(world, {"user_id": "ann"})
    assert before == [OLD, NEW]
    await decay(world, on=True)
    assert await found(world, {"AND": [{"user_id": "ann"}]}) == [NEW, OLD]
    assert (await world.get("project/settings")).data["decay_days"] == DECAY_DAYS
    await decay(world, on=False)
    assert await found(world, {"user_id": "ann"}) == before


async def test_a_search_of_mem0s_marks_what_it_gave(world: World) -> None:
    memory = await recalled_last(world, OLD, at=1)
    await found(world, {"user_id": "ann"})
    await world.app.state.background.close()
    assert world.memories.stored[memory.id].memory.recalled_at == 1
    await decay(world, on=True)
    await found(world, {"user_id": "ann"})
    await world.app.state.background.close()
    assert world.memories.stored[memory.id].memory.recalled_at > 1


async def test_the_owner_sets_it_and_other_settings_stay(world: World) -> None:
    await world.client.put("/project/settings", json={"daily_tokens": 9})
    answer = await world.client.put("/project/settings", json={"decay_days": 7})
    assert answer.json()["data"]["daily_tokens"] == 9
    assert (await world.get("project/settings")).data["decay_days"] == 7
    wrong = await world.client.put("/project/settings", json={"decay_days": -1})
    assert (wrong.status_code, wrong.json()["code"]) == (422, 40000)


@pytest.mark.parametrize(
    ("filters", "user"),
    [
        ({"user_id": "ann"}, "ann"),
        ({"user_id": {"in": ["ann"]}, "agent_id": "scout"}, "ann"),
        ({"AND": [{"agent_id": "scout"}, {"AND": [{"user_id": "ann"}]}]}, "ann"),
        ({"OR": [{"user_id": "ann"}, {"agent_id": "scout"}]}, ""),
        ({"user_id": {"in": ["ann", "bob"]}}, ""),
        ({"user_id": "*"}, ""),
        ({"agent_id": "scout", "NOT": [{"user_id": "ann"}]}, ""),
    ],
)
def test_whose_memories_alone_a_filter_lets_through(filters: Any, user: str) -> None:
    assert only_user(read_filters(filters, "UTC")) == user
