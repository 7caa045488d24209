"""A real small model, served by `souvenir up --model` and used for the chat; too large
for every run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from souvenir_client import ApiError, Client
from tests.clients.install import model
from tests.support.system import System, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with System(
        tmp_path_factory.mktemp("model") / "data", SOUVENIR_MODEL_FILE=str(model())
    ) as running:
        yield running


@pytest.fixture
def client(served: System) -> Iterator[Client]:
    with Client(served.url, served.key, timeout=120) as client:
        yield client


def asked(client: Client, user: str, query: str) -> str:
    return client.chat(
        query,
        user,
        f"chat of {user}",
        max_tokens=48,
        temperature=0,
        relativity=0,
        add_message_on_answer=False,
    )


def test_the_chat_remembers_what_another_conversation_said(
    client: Client, served: System, user: str, tmp_path: Path
) -> None:
    assert model().stem in served.output
    without = asked(client, user, "What is my dog called?")
    client.add("My dog is called Bramble.", user, "on monday", wait=True)
    assert "Bramble" not in without
    assert "Bramble" in asked(client, user, "What is my dog called?")


def test_the_answer_comes_in_pieces_and_is_remembered(
    client: Client, user: str
) -> None:
    pieces = list(
        client.chat_stream("Say something about the sea.", user, "sea", max_tokens=24)
    )
    assert len(pieces) > 3
    until(lambda: len(client.get(user, "sea")) == 2, "the turn")
    assert [message["content"] for message in client.get(user, "sea")] == [
        "Say something about the sea.",
        "".join(pieces),
    ]


def test_memories_are_still_read_by_the_builtin_extractor(
    client: Client, user: str
) -> None:
    client.add("I collect old maps of Lisbon.", user, wait=True)
    assert [
        row["memory_value"] for row in client.memories(user)["memory_detail_list"]
    ] == ["The user collects old maps of Lisbon."]


def test_a_model_that_dies_is_an_error_and_comes_back(
    client: Client, served: System, user: str
) -> None:
    before = served.kill("model")
    with pytest.raises(ApiError) as told:
        for _ in range(50):
            asked(client, user, "Hello?")
    assert told.value.code >= 50000
    until(lambda: served.pids.get("model") not in (None, before), "a new one")
    until(lambda: _answers(client, user), "an answer")


def _answers(client: Client, user: str) -> bool:
    try:
        return bool(asked(client, user, "Hello?"))
    except ApiError:
        return False
