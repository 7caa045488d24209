"""The conversation so far: as the client sent it, or as it was remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.said_messages import latest_said
from services.gateway.schemas.chat import ChatRequest
from shared.jobs.clock import milliseconds
from shared.language.token_estimate import tokens

MESSAGES = 20
"""Messages of the conversation that the model sees, as in the open-source server (contract 2.1)."""
TOKENS = 4000
"""Tokens of all of them together: the last ones that fit. At least the end of the last
one is shown.
"""
CHARACTERS_PER_TOKEN = 2
"""By which a message that is too long by itself is cut: fits text in any script."""


@dataclass(frozen=True, slots=True)
class Said:
    """One earlier message."""

    role: str
    text: str
    at: int = 0
    """Epoch milliseconds; 0 where the client does not say."""

    @property
    def wire(self) -> dict[str, str]:
        """As chat models take it."""
        return {"role": self.role, "content": self.text}


async def history_of(
    context: RequestContext, request: ChatRequest, as_of: int = 0
) -> list[Said]:
    """The last messages before this one, oldest first, within the limits. `as_of`: only
    what was said until that moment (epoch milliseconds); 0 for all.
    """
    if request.history:
        said = [Said(message.role, message.text) for message in request.history]
        return within_limits(said)
    if not request.conversation_id:
        return []
    messages = await latest_said(
        context,
        request.user_id,
        request.conversation_id,
        2 * MESSAGES,
        spoken_until=as_of or None,
    )
    said = [
        Said(message.role, message.text, milliseconds(message.spoken_at))
        for message in messages
        if message.role in ("user", "assistant") and message.text
    ]
    return within_limits(without_failed_tries(said, request.query))


def without_failed_tries(said: Sequence[Said], question: str) -> list[Said]:
    """What was said without what the user then said again before anybody had answered:
    the model had failed, and they tried once more, now perhaps with this question.
    """
    following = [*said[1:], Said("user", question)]
    return [
        message
        for message, after in zip(said, following[: len(said)], strict=True)
        if (message.role, message.text) != (after.role, after.text)
        or message.role != "user"
    ]


def within_limits(said: Sequence[Said]) -> list[Said]:
    """The last messages that fit, oldest first."""
    fitting: list[Said] = []
    rest = TOKENS
    for message in reversed(said[-MESSAGES:]):
        rest -= tokens(message.text)
        if rest < 0:
            break
        fitting.insert(0, message)
    if said and not fitting:
        last = said[-1]
        end = last.text[-TOKENS * CHARACTERS_PER_TOKEN :]
        return [Said(last.role, f"… {end}", last.at)]
    return fitting
