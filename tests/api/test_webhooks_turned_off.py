"""Webhooks that were turned off: by hand, or because their receiver wanted no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.api.hooks import HOOKS, register, world_with_webhooks
from tests.api.world import World


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return world_with_webhooks(monkeypatch)


async def change(world: World, id: str, **fields: Any) -> dict[str, Any]:
    answer = await world.client.put(f"/{HOOKS}/{id}", json=fields)
    changed: dict[str, Any] = answer.json()["data"]
    return changed


async def test_one_may_be_registered_that_is_off(world: World) -> None:
    made = await register(world, is_active=False)
    assert made["is_active"] is False
    memory = await world.remember("The user likes tea.")
    rename = {"memory_id": memory.id, "title": "Tea"}
    assert (await world.post("update/memory", rename)).status == 200
    assert not world.outbox.stored
    assert (await change(world, made["webhook_id"], is_active=True))["is_active"]
    assert (await world.post("update/memory", rename | {"title": "x"})).status == 200
    assert world.outbox.stored


@pytest.mark.parametrize("sent", [{}, {"is_active": None}, {"is_active": True}])
async def test_without_being_told_one_is_on(world: World, sent: dict[str, Any]) -> None:
    assert (await register(world, **sent))["is_active"] is True


async def test_what_was_turned_off_by_hand_stays_off_until_it_is_turned_on(
    world: World,
) -> None:
    id = (await register(world))["webhook_id"]
    assert not (await change(world, id, is_active=False))["is_active"]
    assert not (await change(world, id, name="x"))["is_active"]
    assert (await change(world, id, is_active=True))["is_active"]


async def test_what_its_receiver_turned_off_is_on_again_with_any_change(
    world: World,
) -> None:
    id = (await register(world))["webhook_id"]
    (stored,) = await world.webhook_endpoints.of_project("one")
    gone = replace(stored, is_active=False, error="the receiver answered 410")
    await world.webhook_endpoints.put(gone)
    changed = await change(world, id, name="y")
    assert (changed["is_active"], changed["error"]) == (True, "")
