"""The Qdrant adapters at their edges: preparing, losing the server, being refused,
reading what another release wrote.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from qdrant_client import AsyncQdrantClient
from qdrant_client.http.exceptions import UnexpectedResponse

from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.jobs import QdrantJobs
from shared.adapters.qdrant.keys import QdrantKeys
from shared.adapters.qdrant.memories import QdrantMemories
from shared.adapters.qdrant.messages import QdrantMessages
from shared.domain.filter import Condition
from shared.domain.job import Job, State
from shared.domain.memory import Kind, Memory, Type
from shared.domain.scope import Scope
from shared.errors import BadRequest, NotSupported, Unavailable
from tests.contract.conftest import PATIENCE_S, drop
from tests.contract.test_memories import embedded
from tests.support.vector_node import free_port, vector_node


@pytest.fixture
async def prefix(qdrant_url: str) -> AsyncIterator[str]:
    name = f"test_{uuid4().hex}"
    yield name
    await asyncio.to_thread(asyncio.run, drop(qdrant_url, name))


@pytest.fixture
async def client(qdrant_url: str) -> AsyncIterator[AsyncQdrantClient]:
    made = AsyncQdrantClient(url=qdrant_url, timeout=PATIENCE_S)
    yield made
    await made.close()


def connected(url: str) -> AsyncQdrantClient:
    return AsyncQdrantClient(url=url, check_compatibility=False, timeout=5)


def memory(text: str = "a") -> Memory:
    return Memory(str(uuid4()), Scope("p", "ann"), Type.LONG_TERM, text)


# Preparing


async def test_the_collections_with_their_indexes(
    client: AsyncQdrantClient, prefix: str
) -> None:
    await prepare(client, prefix)
    names = [
        entry.name
        for entry in (await client.get_collections()).collections
        if entry.name.startswith(prefix)
    ]
    assert sorted(names) == [
        f"{prefix}_{name}"
        for name in (
            "audit",
            "erasures",
            "files",
            "jobs",
            "keys",
            "memories",
            "messages",
            "outbox",
            "profile_bindings",
            "profile_templates",
            "projects",
            "shelves",
            "system",
            "webhooks",
        )
    ]
    memories = await client.get_collection(f"{prefix}_memories")
    assert memories.config.params.vectors["dense"].size == 384
    assert memories.config.params.sparse_vectors["lexical"].modifier == "idf"
    assert {
        "scope.project",
        "scope.user",
        "tags",
        "marks",
        "created_at",
        "origins[].source",
    } <= memories.payload_schema.keys()
    assert not (await client.get_collection(f"{prefix}_jobs")).config.params.vectors


async def test_preparing_again_changes_nothing(
    client: AsyncQdrantClient, prefix: str
) -> None:
    await prepare(client, prefix)
    stored = memory()
    await QdrantMemories(client, prefix).put([embedded(stored)])
    before = await client.get_collection(f"{prefix}_memories")
    await prepare(client, prefix)
    assert (
        await client.get_collection(f"{prefix}_memories")
    ).payload_schema == before.payload_schema
    assert await QdrantMemories(client, prefix).get("p", [stored.id]) == [stored]


async def test_several_prepare_at_once(qdrant_url: str, prefix: str) -> None:
    clients = [AsyncQdrantClient(url=qdrant_url, timeout=PATIENCE_S) for _ in range(5)]
    await asyncio.gather(*(prepare(entry, prefix) for entry in clients))
    schemas = [
        (await entry.get_collection(f"{prefix}_memories")).payload_schema.keys()
        for entry in clients
    ]
    assert all(len(schema) == len(schemas[0]) > 10 for schema in schemas)
    for entry in clients:
        await entry.close()


async def test_an_index_that_an_older_release_did_not_have_is_added(
    client: AsyncQdrantClient, prefix: str
) -> None:
    await prepare(client, prefix)
    stored = memory()
    await QdrantMemories(client, prefix).put([embedded(stored)])
    await client.delete_payload_index(f"{prefix}_memories", "sequence")
    await prepare(client, prefix)
    assert await QdrantMemories(client, prefix).page("p", "ann", Kind.FACT, 0, 5) == (
        [stored],
        1,
    )


# What another release wrote


async def test_fields_of_a_newer_release_are_passed_over_and_missing_ones_get_defaults(
    client: AsyncQdrantClient, prefix: str
) -> None:
    await prepare(client, prefix)
    job = Job(str(uuid4()), Scope("p", "ann"), state=State.RUNNING, created_at=5)
    stored = memory()
    await QdrantJobs(client, prefix).put(job)
    await QdrantMemories(client, prefix).put([embedded(stored)])
    for name, id in (("jobs", job.id), ("memories", stored.id)):
        await client.set_payload(
            f"{prefix}_{name}", {"invented_later": {"a": 1}}, points=[id]
        )
        await client.delete_payload(
            f"{prefix}_{name}",
            ["receipts", "webhook", "attempts", "tags", "detail", "confidence"],
            points=[id],
        )
        await client.set_payload(
            f"{prefix}_{name}", {"mood": "new"}, points=[id], key="scope"
        )
    assert await QdrantJobs(client, prefix).get("p", job.id) == job
    assert await QdrantMemories(client, prefix).get("p", [stored.id]) == [stored]


# Errors


async def test_nobody_answers() -> None:
    client = connected(f"http://127.0.0.1:{free_port()}")
    for asked in (
        prepare(client, "x"),
        QdrantKeys(client, "x").find("k"),
        QdrantJobs(client, "x").unfinished(1, 1),
        QdrantMessages(client, "x").delete_where("p", "u"),
        QdrantMemories(client, "x").put([embedded(memory())]),
    ):
        with pytest.raises(Unavailable, match="does not answer"):
            await asked
    await client.close()


async def test_a_store_that_comes_back_is_used_again(tmp_path: Path) -> None:
    with vector_node(tmp_path) as node:
        client, stored = connected(node.url), memory()
        await prepare(client, "x")
        memories = QdrantMemories(client, "x")
        await memories.put([embedded(stored)])
        node.kill()
        with pytest.raises(Unavailable):
            await memories.get("p", [stored.id])
        node.start()
        assert await memories.get("p", [stored.id]) == [stored]
        assert await memories.page("p", "ann", Kind.FACT, 0, 5) == ([stored], 1)
        await client.close()


@contextmanager
def answering(status: int, headers: dict[str, str] | None = None) -> Iterator[str]:
    """A server that gives everybody one answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status)
            body = json.dumps({"status": {"error": "told so"}}).encode()
            for name, value in {
                "Content-Length": str(len(body)),
                **(headers or {}),
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_PUT = do_GET = do_POST

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (500, {}),
        (502, {}),
        (503, {}),
        (504, {}),
        (408, {}),
        (429, {}),
        (429, {"Retry-After": "3"}),
    ],
)
async def test_a_store_that_is_ill_is_unavailable(
    status: int, headers: dict[str, str]
) -> None:
    with answering(status, headers) as url:
        client = connected(url)
        with pytest.raises(Unavailable, match="told so"):
            await QdrantKeys(client, "x").find("k")
        await client.close()


async def test_what_the_store_cannot_do_is_not_tried_again() -> None:
    with answering(501) as url:
        client = connected(url)
        with pytest.raises(NotSupported, match="told so"):
            await QdrantKeys(client, "x").find("k")
        await client.close()


@pytest.mark.parametrize("status", [400, 401, 404, 422])
async def test_mistakes_of_ours_are_not_hidden(status: int) -> None:
    with answering(status) as url:
        client = connected(url)
        with pytest.raises(UnexpectedResponse, match="told so"):
            await QdrantKeys(client, "x").find("k")
        await client.close()


async def test_an_answer_that_cannot_be_read_is_unavailable() -> None:
    with answering(200) as url:
        client = connected(url)
        with pytest.raises(Unavailable):
            await QdrantKeys(client, "x").find("k")
        await client.close()


async def test_a_filter_that_is_no_unicode_is_the_callers_mistake(
    client: AsyncQdrantClient, prefix: str
) -> None:
    await prepare(client, prefix)
    with pytest.raises(BadRequest, match="Unicode"):
        await QdrantMemories(client, prefix).page(
            "p", "ann", Kind.FACT, 0, 5, Condition("tags", "eq", "\ud800")
        )
