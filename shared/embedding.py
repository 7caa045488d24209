"""Which embedder a process has: the one whose vectors are stored. Called where a process
is wired, and by the job that changes the embedder.

    settings name   the store is    becomes
    nothing         new             the best that runs here
    nothing         another's       that one; refused where it cannot run here
    an embedder     new, or its     that one
    an embedder     another's       refused, with what to do; with SOUVENIR_REINDEX the
                                    stored one until `souvenir reindex` has changed it,
                                    or, where that cannot run here, the named one at once
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from shared.domain.vector_space import (
    VectorSpace,
    first_space,
    space_beside,
)
from shared.errors import Unavailable
from shared.ports import Embedder, Memories, VectorSpaces
from shared.settings import Settings

if TYPE_CHECKING:
    from shared.adapters.openai_embedder import EmbeddingEndpoint
    from shared.adapters.qdrant.vector_spaces import QdrantVectorSpaces

log = logging.getLogger(__name__)

BUILT_IN = "builtin"
"""In place of a model's name: the embedder that comes along."""
_REINDEX = (
    "or set SOUVENIR_REINDEX=on, start, and run `souvenir reindex`: search goes on, and "
    "every memory gets its new vector"
)


async def open_embedder(
    spaces: QdrantVectorSpaces, settings: Settings, *, announce: bool = False
) -> tuple[Embedder, Memories]:
    """The embedder of the store, and the memories by its vectors. So all processes have
    the same one, whatever each could run. `announce`: the log says where it is not the
    one that is wanted. Raises `Unavailable` where it cannot run here, or where the
    settings name another one; ValueError for settings that name none.
    """

    async def preferred() -> VectorSpace:
        embedder = await wanted_embedder(settings)
        return first_space(embedder.name, embedder.size)

    stored = await spaces.open(preferred)
    name = wanted_name(settings)
    if not settings.embed_model or name == stored.current.embedder:
        embedder = embedder_of(stored.current, settings)
        if stored.older and announce:
            details = {"embedder": stored.current.embedder}
            log.warning("store_has_older_embedder", extra=details)
        return embedder, spaces.memories(stored.current)
    is_under_way = stored.next is not None and stored.next.embedder == name
    if not (settings.reindex or is_under_way):
        raise Unavailable(
            f"the stored memories were embedded by {stored.current.embedder}, and "
            f"SOUVENIR_EMBED_MODEL asks for {name}: set it back, {_REINDEX}"
        )
    try:
        embedder = embedder_of(stored.current, settings)
    except Unavailable as reason:
        embedder = await _taken_over(spaces, settings, str(reason))
        stored = await spaces.read()
    if announce:
        details = {"embedder": stored.current.embedder, "wanted": name}
        log.warning("store_awaits_reindex", extra=details)
    return embedder, spaces.memories(stored.current)


async def follow(
    spaces: VectorSpaces, embedder: Embedder, settings: Settings
) -> tuple[Embedder, Memories] | None:
    """What takes the place of an embedder and its memories once the store has another
    one; None while it has this one. Raises `Unavailable` where the new one cannot run
    here.
    """
    current = (await spaces.read()).current
    if current.embedder == embedder.name:
        return None
    # In a thread, since a model that lies here is loaded.
    embedder = await asyncio.to_thread(embedder_of, current, settings)
    return embedder, spaces.memories(current)


def embedder_of(space: VectorSpace, settings: Settings) -> Embedder:
    """The embedder of a space. Raises `Unavailable` where it cannot run here."""
    from shared.adapters.onnx.embedder import embedder_named

    endpoint = embedding_endpoint(settings)
    if endpoint is not None and endpoint.name == space.embedder:
        from shared.adapters.openai_embedder import OpenAIEmbedder

        return OpenAIEmbedder(endpoint, space.size)
    return embedder_named(space.embedder)


async def wanted_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name, or else the best that runs here. Raises
    `Unavailable` where an endpoint does not say how many numbers its vectors have.
    """
    from shared.adapters.onnx.embedder import best_embedder

    endpoint = embedding_endpoint(settings)
    if endpoint is None:
        return best_embedder()
    from shared.adapters.openai_embedder import OpenAIEmbedder, probed_size

    return OpenAIEmbedder(endpoint, await probed_size(endpoint))


def embedding_endpoint(settings: Settings) -> EmbeddingEndpoint | None:
    """The endpoint that the settings name, if any. Raises ValueError for a model without
    an address.
    """
    model = settings.embed_model
    if model in ("", BUILT_IN):
        return None
    role = settings.endpoint(settings.embed)
    if not role.base_url:
        raise ValueError(
            f"SOUVENIR_EMBED_MODEL={model} needs SOUVENIR_EMBED_BASE_URL or OPENAI_BASE_URL"
        )
    from shared.adapters.openai_embedder import EmbeddingEndpoint

    return EmbeddingEndpoint(
        model=model,
        role=role,
        dimensions=settings.embed_dimensions,
        query_prefix=settings.embed_query_prefix,
        passage_prefix=settings.embed_passage_prefix,
        batch=max(1, settings.embed_batch),
        query_timeout_s=settings.embed_query_timeout_s,
    )


def batch_size(settings: Settings) -> int:
    """Texts that an endpoint takes in one request; 0 where the settings name none."""
    endpoint = embedding_endpoint(settings)
    return endpoint.batch if endpoint is not None else 0


def wanted_name(settings: Settings) -> str:
    """The name of the embedder that the settings name, or else of the best that comes
    along. Raises ValueError for settings that name none.
    """
    from shared.adapters.onnx.embedder import built_in_name

    endpoint = embedding_endpoint(settings)
    return endpoint.name if endpoint is not None else built_in_name()


async def _taken_over(
    spaces: VectorSpaces, settings: Settings, reason: str
) -> Embedder:
    """The wanted embedder in place of one that cannot run here: what has no vector of
    it yet is found by its words.
    """
    wanted = await wanted_embedder(settings)
    details = {"embedder": wanted.name, "reason": reason}
    log.warning("embedder_taken_over", extra=details)
    await spaces.begin(space_beside(wanted.name, wanted.size))
    await spaces.switch()
    return wanted
