"""The client that others publish for the hosted service, unmodified, against the running system.

The newest release in every run; the others, which send and read other things, under the
mark `slow` (`make test-all`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.checks import CHECKS, offered, status
from tests.clients.install import releases
from tests.support.published import Published
from tests.support.system import System, until

NEWEST, *OLDER = releases()
MESSAGES = [
    {
        "role": "user",
        "content": "I want to travel in the summer. We always go as a family, with "
        "the children and my parents.",
    },
    {"role": "assistant", "content": "Then I will suggest places that suit families."},
    {"role": "user", "content": "My sister Inês plays the cello in Porto."},
]


@pytest.fixture(
    scope="module",
    params=[
        NEWEST,
        *(pytest.param(release, marks=pytest.mark.slow) for release in OLDER),
    ],
)
def release(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=["/api/openmem/v1", "/product", ""])
def client(
    request: pytest.FixtureRequest, release: str, system: System
) -> Iterator[Published]:
    """At each of the three prefixes, one for all tests."""
    with Published(release, f"{system.url}{request.param}", system.key) as made:
        yield made


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    return request.node.name.translate(str.maketrans("[]/", "--."))[-90:]


def values(
    answer: dict[str, Any], field: str = "memory_detail_list"
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer["data"][field]
    return found


def search(client: Published, user: str) -> list[dict[str, Any]]:
    """Nearly in the words of the memory: the oldest releases cannot lower the threshold."""
    threshold = {} if client.release in ("2.0.0", "2.0.20") else {"relativity": 0}
    return values(
        client.call(
            "search_memory",
            query="My sister Inês plays the cello in Porto",
            user_id=user,
            conversation_id="talk",
            **threshold,
        )
    )


def test_the_six_methods(client: Published, user: str) -> None:
    added = client.call(
        "add_message",
        messages=MESSAGES,
        user_id=user,
        conversation_id="talk",
        async_mode=False,
        tags=["family"],
        info={"scene": "travel"},
        agent_id="planner",
        app_id="app",
    )
    assert (added["message"], added["data"]["success"], added["data"]["status"]) == (
        "ok",
        True,
        "completed",
    )
    assert status(client, added["data"]["task_id"]) == "completed"

    said = client.call("get_message", user_id=user, conversation_id="talk")["data"][
        "message_detail_list"
    ]
    assert [(message["role"], message["content"]) for message in said] == [
        (message["role"], message["content"]) for message in MESSAGES
    ]

    found = search(client, user)
    cellos = [memory for memory in found if "cello" in memory["memory_value"]]
    assert cellos, found
    assert cellos[0]["conversation_id"] == "talk"

    kept = client.call("get_memory", user_id=user, include_preference=True)
    assert {memory["id"] for memory in cellos} <= {
        memory["id"] for memory in values(kept)
    }
    every = [memory["id"] for memory in values(kept)]

    gone = client.call("delete_memory", user_ids=[user], memory_ids=every)
    assert gone["data"]["success"] is True
    assert search(client, user) == []
    assert (
        values(client.call("get_memory", user_id=user, include_preference=True)) == []
    )


def test_an_asynchronous_add_is_found_at_once_and_gets_done(
    client: Published, user: str
) -> None:
    added = client.call(
        "add_message", messages=MESSAGES, user_id=user, conversation_id="talk"
    )
    assert (added["data"]["success"], added["data"]["status"]) == (True, "running")
    assert any("cello" in memory["memory_value"] for memory in search(client, user))
    until(lambda: status(client, added["data"]["task_id"]) == "completed", "the task")
    assert any("cello" in memory["memory_value"] for memory in search(client, user))


@pytest.fixture(scope="module")
def cloud_client(release: str, system: System) -> Iterator[Published]:
    """At the Cloud routes, one for all checks."""
    with Published(release, system.base_url, system.key) as made:
        yield made


@pytest.mark.parametrize("name", CHECKS)
def test_every_method(
    cloud_client: Published, name: str, user: str, tmp_path: Path
) -> None:
    if not offered(cloud_client, name):
        pytest.skip(f"{cloud_client.release} has no {name}")
    CHECKS[name](cloud_client, user, tmp_path)


def test_a_wrong_key_is_an_error_of_the_client(
    system: System, release: str, user: str
) -> None:
    with (
        Published(release, system.base_url, "wrong") as client,
        pytest.raises(AssertionError, match="401"),
    ):
        client.call(
            "search_memory", query="anything", user_id=user, conversation_id="talk"
        )
