"""Fixtures that start the real processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.system import System

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them have the mark `e2e`."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One running system for all tests that leave it as it is; each takes a user of its own.
    Each worker of pytest-xdist has one, and it ends with the last test of this folder.
    """
    with System(tmp_path_factory.mktemp("system") / "data") as running:
        yield running


@pytest.fixture
def systems(tmp_path: Path) -> Iterator[Callable[..., System]]:
    """Makes systems that are not yet started, for tests that break them; stops what still runs."""
    with ExitStack() as made:

        def make(name: str = "data", **settings: str) -> System:
            system = System(tmp_path / name, **settings)
            made.callback(system.stop)
            return system

        yield make


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """A user whom no other test knows."""
    return f"user-{request.node.name}"[:90]
