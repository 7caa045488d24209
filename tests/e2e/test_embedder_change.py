"""A store whose embedder is changed: while it is searched and written; by a worker that
is killed; by an endpoint that goes away; and when a start is refused.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.collections import create
from tests.e2e.reindexed import (
    OWN,
    add,
    embedder,
    has_followed,
    reindex,
    task,
    texts,
)
from tests.support.embedding_server import EmbeddingServer
from tests.support.system import System, descendants, until
from tests.support.vector_node import vector_node

PASSAGE = "passage: "
MANY = 300
USER = "bo"


def refusal(system: System) -> str:
    """What a start prints that is refused."""
    system.launch()
    until(lambda: system.ended() is not None, "the refusal")
    assert system.ended() == 1
    return system.output


@pytest.fixture
def endpoint() -> Iterator[EmbeddingServer]:
    with EmbeddingServer(size=48) as server:
        yield server


def settings(endpoint: EmbeddingServer, **more: str) -> dict[str, str]:
    return {
        "SOUVENIR_EMBED_MODEL": "m",
        "SOUVENIR_EMBED_BASE_URL": endpoint.url,
        "SOUVENIR_EMBED_PASSAGE_PREFIX": PASSAGE,
        "SOUVENIR_SWEEP_AFTER_S": "2",
        **more,
    }


def embedded(endpoint: EmbeddingServer) -> int:
    """How many memories the endpoint was given."""
    return sum(text.startswith(PASSAGE + "Note") for text in endpoint.texts)


def test_an_endpoint_takes_over_though_the_worker_is_killed_and_it_goes_away(
    tmp_path: Path, endpoint: EmbeddingServer
) -> None:
    data = tmp_path / "data"
    with System(data) as system:
        import_many(system)
    said = refusal(System(data, **settings(endpoint)))
    assert f"embedded by {OWN}, and SOUVENIR_EMBED_MODEL asks for endpoint:m" in said
    assert "SOUVENIR_REINDEX=on" in said

    system = System(data, **settings(endpoint, SOUVENIR_REINDEX="on"))
    with system:
        assert f"has changed to {embedder(system)['wanted']}" in system.output
        assert embedder(system)["embedder"] == OWN
        endpoint.delay_s = 0.3
        id = system.post("reindex")["task_id"]
        assert system.post("reindex")["task_id"] == id
        until(lambda: embedded(endpoint) > 130, "a page and a bit")
        for child in descendants(pid := system.pids["worker-files"]):
            os.kill(child, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        assert texts(system, "Which animal is in note 17?", USER)
        seen = task(system, id)
        assert (seen["status"], seen["progress"]["memories"]) == ("running", MANY)
        add(system, "Note that the heron is called Hermine.", USER)
        endpoint.delay_s = 0.0
        assert system.finished(id)["status"] == "completed"
        assert embedded(endpoint) < MANY + 200, "it went on where it was"
        assert embedder(system)["lacking"] == 0
        until(lambda: has_followed(system), "the gateway to notice")
        assert any("Hermine" in text for text in texts(system, "Hermine heron", USER))

        endpoint.stop()
        found = system.post("search/memory", user_id=USER, query="the heron Hermine")
        assert found["remarks"] == [
            "searched by words alone: the embedder does not answer"
        ]
        assert "Hermine" in str(found["memory_detail_list"])
        metrics = system.request("GET", "/metrics").text
        assert 'souvenir_recall_degraded_total{without="embedder"} 1.0' in metrics
        waiting = system.post(
            "add/message",
            user_id=USER,
            messages=[{"role": "user", "content": "My boat is called Zephyr."}],
        )
        found = system.post("search/memory", user_id=USER, query="boat Zephyr")
        assert "Zephyr" in str(found["memory_detail_list"]), "the raw turn is found"
        with endpoint:
            assert system.finished(waiting["task_id"])["status"] == "completed"

    assert "embedded by endpoint:m" in refusal(System(data))


def import_many(system: System) -> None:
    animals = ("otter", "heron", "lynx", "toad", "wren")
    records = [
        {
            "record": "memory",
            "user_id": USER,
            "type": "LongTermMemory",
            "text": f"Note {number} is about the {animals[number % 5]}.",
        }
        for number in range(MANY)
    ]
    for start in range(0, MANY, 100):
        system.post("import/memory", user_id=USER, records=records[start : start + 100])


def test_a_new_store_is_begun_by_an_endpoint_and_one_that_is_gone_is_replaced(
    tmp_path: Path, endpoint: EmbeddingServer
) -> None:
    data = tmp_path / "data"
    with System(data, **settings(endpoint)) as system:
        assert embedder(system)["size"] == 48
        assert "no relativity was fitted" in system.output
        add(system, "My cat is called Mina.", USER)
        assert "Mina" in str(texts(system, "What is my cat called?", USER))
    endpoint.stop()
    other = {"SOUVENIR_EMBED_MODEL": "builtin"}
    assert "SOUVENIR_REINDEX=on" in refusal(System(data, **other))
    with System(data, **other, SOUVENIR_REINDEX="on") as system:
        assert embedder(system)["embedder"] == OWN
        assert embedder(system)["lacking"] == 1
        assert reindex(system)["state"] == "completed"
        assert "Mina" in str(texts(system, "What is my cat called?", USER))


def test_a_store_of_an_embedder_that_is_not_here_is_not_opened(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with vector_node(data / "vectors") as node:

        async def name() -> None:
            client = AsyncQdrantClient(url=node.url)
            metadata = {"embedder": "other-1234", "older": False}
            await create(client, "souvenir_embedder", metadata=metadata)
            await client.close()

        asyncio.run(name())
    said = refusal(System(data))
    assert (
        f"embedded by other-1234, which cannot run here: this release brings {OWN}"
        in said
    )
    assert "souvenir reindex" in said
