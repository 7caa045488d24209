"""A gateway goes on looking for a change of the embedder, whatever one look meets."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.gateway.context import embedder_following
from shared.settings import Settings


async def test_a_look_that_breaks_is_not_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[int] = []

    async def look(*_: Any) -> None:
        looks.append(1)
        if len(looks) == 1:
            raise ValueError("a calibration that cannot be read")

    monkeypatch.setattr(embedder_following, "LOOK_S", 0.001)
    monkeypatch.setattr(embedder_following, "look", look)
    following = asyncio.create_task(
        embedder_following.keep_following(None, Settings(api_key=""))
    )
    async with asyncio.timeout(5):
        while len(looks) < 2:
            await asyncio.sleep(0.001)
    following.cancel()
