"""Each store on every implementation: the fake, the adapter on a vector node, the
adapter on a server where QDRANT_TEST_URL names one.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from qdrant_client import AsyncQdrantClient

from shared import ports
from shared.adapters.qdrant.audit_trail import QdrantAuditTrail
from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.jobs import QdrantJobs
from shared.adapters.qdrant.keys import QdrantKeys
from shared.adapters.qdrant.knowledge_bases import QdrantKnowledgeBases
from shared.adapters.qdrant.memories import QdrantMemories
from shared.adapters.qdrant.messages import QdrantMessages
from shared.adapters.qdrant.profile_templates import QdrantProfileTemplates
from shared.adapters.qdrant.projects import QdrantProjects
from shared.adapters.qdrant.webhook_endpoints import (
    QdrantOutbox,
    QdrantWebhookEndpoints,
)
from tests.fakes.audit_trail import FakeAuditTrail
from tests.fakes.jobs import FakeJobs
from tests.fakes.keys import FakeKeys
from tests.fakes.knowledge import FakeKnowledgeBases
from tests.fakes.memories import FakeMemories
from tests.fakes.messages import FakeMessages
from tests.fakes.profile_templates import FakeProfileTemplates
from tests.fakes.projects import FakeProjects
from tests.fakes.webhook_endpoints import FakeOutbox, FakeWebhookEndpoints
from tests.support.vector_node import vector_node

PATIENCE_S = 60
"""For an answer of the store: a busy machine fails nothing."""
IMPLEMENTATIONS = ("fake", "node", "server")


@dataclass(frozen=True)
class Stores:
    """All that lasts, on one implementation."""

    memories: ports.Memories
    messages: ports.Messages
    jobs: ports.Jobs
    knowledge_bases: ports.KnowledgeBases
    keys: ports.Keys
    profile_templates: ports.ProfileTemplates
    projects: ports.Projects
    audit: ports.AuditTrail
    webhook_endpoints: ports.WebhookEndpoints
    outbox: ports.Outbox


@pytest.fixture(scope="session")
def vector_node_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A vector node in its own process."""
    with vector_node(tmp_path_factory.mktemp("vectors")) as node:
        yield node.url


@pytest.fixture(params=IMPLEMENTATIONS[1:])
def qdrant_url(request: pytest.FixtureRequest) -> str:
    """A Qdrant on which nothing is prepared."""
    return url_of(request.param, request)


@pytest.fixture(scope="session", params=IMPLEMENTATIONS)
def prepared(request: pytest.FixtureRequest) -> Iterator[tuple[str, str] | None]:
    """URL and prefix of collections that only this run knows; None for the fakes. To make
    all of them takes seconds.
    """
    if request.param == "fake":
        yield None
        return
    url, prefix = url_of(request.param, request), f"test_{uuid4().hex}"
    asyncio.run(_prepare(url, prefix))
    yield url, prefix
    asyncio.run(drop(url, prefix))


@pytest.fixture
async def stores(prepared: tuple[str, str] | None) -> AsyncIterator[Stores]:
    """The stores, shared by all tests: each keeps to its own `project`."""
    if prepared is None:
        yield Stores(
            FakeMemories(),
            FakeMessages(),
            FakeJobs(),
            FakeKnowledgeBases(),
            FakeKeys(),
            FakeProfileTemplates(),
            FakeProjects(),
            FakeAuditTrail(),
            FakeWebhookEndpoints(),
            FakeOutbox(),
        )
        return
    url, prefix = prepared
    client = AsyncQdrantClient(url=url, timeout=PATIENCE_S)
    yield Stores(
        QdrantMemories(client, prefix),
        QdrantMessages(client, prefix),
        QdrantJobs(client, prefix),
        QdrantKnowledgeBases(client, prefix),
        QdrantKeys(client, prefix),
        QdrantProfileTemplates(client, prefix),
        QdrantProjects(client, prefix),
        QdrantAuditTrail(client, prefix),
        QdrantWebhookEndpoints(client, prefix),
        QdrantOutbox(client, prefix),
    )
    await client.close()


@pytest.fixture
def project() -> str:
    """A project that nobody else has."""
    return f"project-{uuid4().hex}"


def url_of(implementation: str, request: pytest.FixtureRequest) -> str:
    if implementation == "node":
        return str(request.getfixturevalue("vector_node_url"))
    if "QDRANT_TEST_URL" not in os.environ:
        pytest.skip("QDRANT_TEST_URL names no server")
    return os.environ["QDRANT_TEST_URL"]


async def _prepare(url: str, prefix: str) -> None:
    client = AsyncQdrantClient(url=url, timeout=PATIENCE_S)
    await prepare(client, prefix)
    await client.close()


async def drop(url: str, prefix: str) -> None:
    """Remove every collection of a prefix."""
    client = AsyncQdrantClient(url=url, timeout=PATIENCE_S)
    for collection in (await client.get_collections()).collections:
        if collection.name.startswith(f"{prefix}_"):
            await client.delete_collection(collection.name)
    await client.close()
