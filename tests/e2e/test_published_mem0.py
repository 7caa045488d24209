"""mem0's published clients, unmodified, against the running system: the newest release
from PyPI and that from npm in every run, older ones under the mark `slow`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.install import MEM0_NPM, mem0_releases
from tests.clients.mem0_checks import CHECKS, NOT_SERVED, memories, not_served, remember
from tests.clients.typescript import run_tests
from tests.support.published import PublishedMem0
from tests.support.system import System

NEWEST, *OLDER = mem0_releases()
DESTRUCTIVE = {
    "chat",
    "reset",
    "project.create",
    "project.delete",
    "project.add_member",
    "project.update_member",
    "project.remove_member",
}
"""Not called: `chat` is not written in the client, `reset` deletes all users one by one,
the others end in the same refusal as `project.get_members`.
"""


@pytest.fixture(
    scope="module",
    params=[
        NEWEST,
        *(pytest.param(release, marks=pytest.mark.slow) for release in OLDER),
    ],
)
def client(
    request: pytest.FixtureRequest,
    system: System,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[PublishedMem0]:
    """One for all tests."""
    release, folder = str(request.param), tmp_path_factory.mktemp("mem0")
    with PublishedMem0(release, f"{system.url}/mem0", system.key, folder) as made:
        yield made


@pytest.mark.parametrize("name", CHECKS)
def test_every_method(client: PublishedMem0, name: str, user: str) -> None:
    if name.partition(" ")[0] not in client.methods():
        pytest.skip(f"{client.release} has no {name}")
    CHECKS[name](client, user)


@pytest.mark.parametrize("name", NOT_SERVED)
def test_what_is_not_served_says_so(client: PublishedMem0, name: str) -> None:
    if name not in client.methods():
        pytest.skip(f"{client.release} has no {name}")
    not_served(client, name)


def test_every_method_has_a_check(client: PublishedMem0) -> None:
    checked = {name.partition(" ")[0] for name in (*CHECKS, *NOT_SERVED)}
    assert client.methods() - checked <= DESTRUCTIVE


def test_the_async_client_does_the_same(
    system: System, user: str, tmp_path: Path
) -> None:
    with PublishedMem0(
        NEWEST, f"{system.url}/mem0", system.key, tmp_path, is_async=True
    ) as client:
        id = remember(client, user)
        assert [row["id"] for row in memories(client, user)] == [id]
        client.call("delete", memory_id=id)
        assert memories(client, user) == []


def test_a_wrong_key_is_an_error_of_the_client(system: System, tmp_path: Path) -> None:
    with (
        PublishedMem0(NEWEST, f"{system.url}/mem0", "wrong", tmp_path) as client,
        pytest.raises(AssertionError, match="API key invalid"),
    ):
        client.call("users")


def test_the_npm_client(system: System) -> None:
    said = run_tests(
        MEM0_NPM / "client.test.mjs",
        SOUVENIR_URL=system.url,
        SOUVENIR_API_KEY=system.key,
        MEM0_TELEMETRY="false",
    )
    assert re.search(r"pass [1-9]", said), said
