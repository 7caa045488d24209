"""A gateway in which everything that may be found is found."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.api.world import World
from tests.security.canaries import Flat


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with World(Flat(), working=False, sync_wait_s=0.01) as world:
        yield world
