"""Webhooks of projects in tests of routes: a world that has them, and one registered."""

from __future__ import annotations

from typing import Any

import pytest

from services.gateway.admin import manage_webhooks
from shared.adapters.webhook import HttpWebhooks
from tests.api.world import World
from tests.fakes.embedder import FakeEmbedder

URL = "https://hooks.example/memory"
HOOKS = "project/webhooks"


def world_with_webhooks(monkeypatch: pytest.MonkeyPatch) -> World:
    """One that notices at once what was registered."""
    monkeypatch.setattr(manage_webhooks, "KNOWN_FOR_S", 0)
    world = World(FakeEmbedder())
    world.signed_calls = HttpWebhooks("")  # type: ignore[assignment]
    world.app.state.ports = world.ports
    return world


async def register(world: World, **more: Any) -> dict[str, Any]:
    """A new one, as it was answered."""
    made: dict[str, Any] = (await world.post(HOOKS, {"url": URL, **more})).data
    return made
