"""The collections: their names, their vectors, and the payload fields that are indexed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q
from qdrant_client.http.exceptions import UnexpectedResponse

from shared.adapters.qdrant.error_translation import translated
from shared.domain.memory_detail import VERSION_OF
from shared.domain.vector_space import DENSE, SIZE

MEMORIES = "memories"
MESSAGES = "messages"
JOBS = "jobs"
KNOWLEDGE_BASES = "shelves"
FILES = "files"
PROFILE_TEMPLATES = "profile_templates"
PROFILE_BINDINGS = "profile_bindings"
KEYS = "keys"
PROJECTS = "projects"
AUDIT = "audit"
ERASURES = "erasures"
WEBHOOKS = "webhooks"
OUTBOX = "outbox"
SYSTEM = "system"
"""What a store says of itself: its schema, a restore that has begun."""

LEXICAL = "lexical"
"""Name of a memory's lexical vector; that of the dense one is its space's."""

DOCUMENT_BASE, DOCUMENT_FILE = "body.knowledge_base", "body.file"
"""Of a job that reads a document: its knowledge base, and its record there."""

VERSION = f"detail.{VERSION_OF}"
"""Of an earlier version of a memory: the id of that memory."""

_KEYWORD = q.KeywordIndexParams(type=q.KeywordIndexType.KEYWORD)
_TENANT = q.KeywordIndexParams(type=q.KeywordIndexType.KEYWORD, is_tenant=True)
_NUMBER = q.IntegerIndexParams(type=q.IntegerIndexType.INTEGER, lookup=True, range=True)
_TIME = q.IntegerIndexParams(type=q.IntegerIndexType.INTEGER, lookup=False, range=True)
"""A look-up takes as much disk again as the range, and a range finds one moment too."""
DATATYPE = q.Datatype.TURBO16
"""Of dense vectors: half the disk and RAM of 32 bits, with the same nine best in the same
order (docs/scaling.md). A store that began with 32 bits keeps them.
"""
_HTTP_CONFLICT = 409
"""Another process created the collection first."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a collection is made of."""

    owner: str
    """The field that most requests filter by: a Qdrant server stores the points of one
    owner together.
    """
    keywords: Sequence[str] = ()
    """Indexed fields that hold a word, or a list of words."""
    numbers: Sequence[str] = ()
    """Indexed fields that hold a whole number, and are looked up by it too."""
    times: Sequence[str] = ()
    """Indexed fields that hold a moment, and are only asked for by ranges."""
    dense: Mapping[str, q.VectorParams] = field(default_factory=dict)
    sparse: Mapping[str, q.SparseVectorParams] = field(default_factory=dict)

    @property
    def indexes(self) -> dict[str, q.KeywordIndexParams | q.IntegerIndexParams]:
        return {
            self.owner: _TENANT,
            **dict.fromkeys(self.keywords, _KEYWORD),
            **dict.fromkeys(self.numbers, _NUMBER),
            **dict.fromkeys(self.times, _TIME),
        }


_PLANS: Mapping[str, _Plan] = {
    MEMORIES: _Plan(
        owner="scope.user",
        keywords=(
            "scope.project",
            "scope.conversation",
            "scope.agent",
            "scope.app",
            "knowledge_base",
            "place",
            "kind",
            "type",
            "status",
            "tags",
            "marks",
            "fast_of",
            "origins[].source",
            "last_change.by",
            VERSION,
        ),
        numbers=("sequence",),
        times=(
            "created_at",
            "updated_at",
            "happened_at",
            "said_at",
            "expires_at",
            "valid_from",
            "valid_until",
        ),
        dense={
            DENSE: q.VectorParams(
                size=SIZE, distance=q.Distance.COSINE, datatype=DATATYPE
            )
        },
        sparse={LEXICAL: q.SparseVectorParams(modifier=q.Modifier.IDF)},
    ),
    MESSAGES: _Plan(
        owner="scope.user",
        keywords=("scope.project", "scope.conversation"),
        numbers=("sequence",),
        times=("arrived_at",),
    ),
    JOBS: _Plan(
        owner="scope.user",
        keywords=(
            "scope.project",
            "state",
            "work",
            "replayable",
            DOCUMENT_BASE,
            DOCUMENT_FILE,
        ),
        numbers=("updated_at", "sequence", "notice.due_at"),
    ),
    KNOWLEDGE_BASES: _Plan(owner="project"),
    FILES: _Plan(owner="project", keywords=("knowledge_base",)),
    PROFILE_TEMPLATES: _Plan(owner="project"),
    PROFILE_BINDINGS: _Plan(owner="project", keywords=("owner", "template")),
    KEYS: _Plan(owner="project"),
    PROJECTS: _Plan(owner="project"),
    AUDIT: _Plan(owner="project", keywords=("users", "key"), numbers=("at",)),
    ERASURES: _Plan(owner="project", keywords=("subject",), numbers=("at",)),
    WEBHOOKS: _Plan(owner="project"),
    OUTBOX: _Plan(owner="project", keywords=("endpoint",), numbers=("due_at",)),
    SYSTEM: _Plan(owner="about"),
}

_JOBS_AND_WHAT_THEY_READ = (JOBS, MESSAGES)
COPIED: Sequence[str] = (
    *(name for name in _PLANS if name not in (SYSTEM, *_JOBS_AND_WHAT_THEY_READ)),
    *_JOBS_AND_WHAT_THEY_READ,
)
"""The collections of a backup, in its order."""


def project_field(collection: str) -> str:
    """The payload field that holds the project."""
    plan = _PLANS[collection]
    return "project" if plan.owner == "project" else "scope.project"


def named(prefix: str, collection: str) -> str:
    """The collection's name in Qdrant."""
    return f"{prefix}_{collection}"


async def prepare(client: AsyncQdrantClient, prefix: str) -> None:
    """Create what is missing of the collections and their indexes; several processes
    may do so at once. Raises `Unavailable`.
    """
    for collection, plan in _PLANS.items():
        with translated():
            await _prepare(client, named(prefix, collection), plan)


async def _prepare(client: AsyncQdrantClient, name: str, plan: _Plan) -> None:
    if not await client.collection_exists(name):
        await create(
            client,
            name,
            vectors_config=plan.dense,
            sparse_vectors_config=plan.sparse or None,
        )
    indexed = (await client.get_collection(name)).payload_schema
    for field_name, schema in plan.indexes.items():
        if field_name not in indexed:
            await client.create_payload_index(
                name, field_name, field_schema=schema, wait=True
            )


async def create(
    client: AsyncQdrantClient,
    name: str,
    *,
    vectors_config: Mapping[str, q.VectorParams] | None = None,
    **options: Any,
) -> None:
    """Create a collection, unless another process was first; then it stays as it is."""
    try:
        await client.create_collection(
            name, vectors_config=vectors_config or {}, **options
        )
    except UnexpectedResponse as error:
        if error.status_code != _HTTP_CONFLICT:
            raise
