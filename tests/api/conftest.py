"""A gateway on fakes, and a worker that is quick."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.adapters.onnx.embedder import OnnxEmbedder
from tests.api.world import World


@pytest.fixture(scope="session")
def embedder() -> OnnxEmbedder:
    return OnnxEmbedder()


@pytest.fixture
async def world(embedder: OnnxEmbedder) -> AsyncIterator[World]:
    """A gateway whose workers take every job at once."""
    async with World(embedder) as world:
        yield world


@pytest.fixture
async def idle(embedder: OnnxEmbedder) -> AsyncIterator[World]:
    """A gateway whose workers take nothing: jobs stay in the queue."""
    async with World(embedder, working=False, sync_wait_s=0.05) as world:
        yield world


@pytest.fixture(params=["/api/openmem/v1", "/product", ""])
def prefix(request: pytest.FixtureRequest) -> str:
    """The three places of every Cloud route."""
    return str(request.param)
