"""For all tests of the clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.client.servers import Async, Build, Sync


@pytest.fixture(params=[Sync, Async])
def build(request: pytest.FixtureRequest) -> Iterator[Build]:
    yield request.param
