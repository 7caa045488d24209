"""rate/memory: thumbs on memories, and on what a search gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.gateway.context.request_context import RequestContext
from services.gateway.memories.owner_hold import hold_owner, lease_of
from services.gateway.wire.wire_times import now
from shared.contract import Code
from shared.domain.memory import Memory
from shared.domain.thumb import Thumb, packed, with_thumb
from shared.errors import NotFound, Unavailable
from shared.language.redaction import redacted


@dataclass(frozen=True, slots=True)
class Rating:
    """What somebody thinks."""

    up: bool | None
    """None takes back what was thought before."""
    query: str = ""
    """The question that it is about; "" for any."""
    user: str = ""
    """In whose searches it counts; "" for everybody who sees the memory."""
    reason: str = ""


async def rate_memories(
    context: RequestContext, ids: Sequence[str], rating: Rating
) -> list[Memory]:
    """The memories with the thumb, all or none of them. Raises `NotFound` 40307 for one
    that there is not, `Forbidden` for one that the key may not write, `Unavailable`.
    """
    thumb = await _thumb(context, rating)
    rated: list[Memory] = []
    for memory in await _stored(context, ids):
        async with hold_owner(context.ports.leases, lease_of(memory)):
            (memory,) = await _stored(context, [memory.id])
            rated.append(await _rated(context, memory, thumb, rating))
    return rated


async def _stored(context: RequestContext, ids: Sequence[str]) -> list[Memory]:
    distinct = list(dict.fromkeys(ids))
    stored = await context.ports.memories.get(context.project, distinct)
    missing = set(distinct) - {memory.id for memory in stored}
    if missing:
        raise NotFound(f"no memory {min(missing)}", code=Code.UNKNOWN_MEMORY)
    return stored


async def _rated(
    context: RequestContext, memory: Memory, thumb: Thumb | None, rating: Rating
) -> Memory:
    """In whose searches it counts is asked of what others see too: what is a user's own,
    only that user searches.
    """
    user = _rater(context, rating) if memory.is_shared else ""
    own = replace(thumb, user=user) if thumb else None
    query = _without_secrets(context, rating.query)
    thumbs = with_thumb(memory.thumbs, own, query, user)
    if thumbs != memory.thumbs:
        memory = replace(memory, thumbs=thumbs)
        await context.ports.memories.update_thumbs([memory])
    return memory


def _rater(context: RequestContext, rating: Rating) -> str:
    """A key for one user rates for that user. Raises `Forbidden` where another is named."""
    if rating.user:
        context.access.require_user(context.project, rating.user)
    return context.access.owner or rating.user


async def _thumb(context: RequestContext, rating: Rating) -> Thumb | None:
    """Where the embedder is away the thumb has no vector, and counts by words."""
    if rating.up is None:
        return None
    query = _without_secrets(context, rating.query)
    vector, embedder = "", context.ports.embedder
    if query:
        try:
            vector = packed(await embedder.query(query))
        except Unavailable:
            context.remarks.append("the embedder is away: the thumb goes by words")
    return Thumb(
        rating.up,
        query,
        at=now(),
        reason=_without_secrets(context, rating.reason),
        embedder=embedder.name if vector else "",
        vector=vector,
    )


def _without_secrets(context: RequestContext, text: str) -> str:
    return redacted(text, context.settings.redact)[0]
