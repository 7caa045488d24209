"""The messages that were said, as they come back and as a conversation goes on with them."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.messages import FEEDBACK
from shared.domain.message import Message

_ALLOWANCE = 2
"""So many times the wanted number of messages is read, since feedback is left out."""


async def latest_said(
    context: RequestContext,
    user: str,
    conversation: str | None,
    limit: int,
    spoken_until: int | None = None,
) -> list[Message]:
    """The latest messages of a conversation, or of all of a user's, the oldest of them
    first; without feedback, which is about the memories and no part of the talk.
    `spoken_until`: only what was said until that moment (epoch milliseconds).
    """
    if not limit:
        return []
    stored = await context.ports.messages.latest(
        context.project,
        user,
        conversation,
        limit * _ALLOWANCE,
        spoken_until=spoken_until,
    )
    messages = [message for message in stored if FEEDBACK not in message.extra]
    messages.sort(
        key=lambda message: (message.arrived_at, message.job, message.position)
    )
    return messages[-limit:]
