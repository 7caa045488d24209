"""The webhooks of projects, and the events that wait to be delivered to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class MemoryEvent(StrEnum):
    """What happened to a memory, by the names of mem0's webhooks."""

    ADD = "memory_add"
    UPDATE = "memory_update"
    DELETE = "memory_delete"
    """It is in no list and no search any more: deleted, superseded or forgotten."""
    CATEGORIZE = "memory_categorize"
    """It got categories, or others than it had."""


DEFAULT_EVENTS = (MemoryEvent.ADD, MemoryEvent.UPDATE, MemoryEvent.DELETE)
"""What an endpoint gets that names no events. They tell of categories too, so
CATEGORIZE is for who asks for it.
"""


@dataclass(frozen=True, slots=True)
class OldSecret:
    """A secret that was replaced and signs beside the new one for a while."""

    secret: str
    until: int
    """Epoch milliseconds."""


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """One URL that a project has registered. Times are epoch milliseconds."""

    id: str
    project: str
    url: str
    secret: str
    """Signs what is sent there: whsec_<base64>."""
    name: str = ""
    events: tuple[MemoryEvent, ...] = DEFAULT_EVENTS
    created_at: int = 0
    updated_at: int = 0
    is_active: bool = True
    """False once its receiver wants no more, until the endpoint is changed."""
    error: str = ""
    """Of the last try that failed; empty once one has succeeded."""
    failures: int = 0
    """Tries that failed in a row."""
    retry_at: int = 0
    """Until when nothing is sent."""
    old_secrets: tuple[OldSecret, ...] = ()
    """The latest first."""

    def signing_secrets(self, at: int) -> tuple[str, ...]:
        """What is sent at a moment is signed with each of them, the newest first."""
        old = [entry.secret for entry in self.old_secrets if entry.until > at]
        return (self.secret, *old)

    def with_secret(self, secret: str, at: int, until: int) -> WebhookEndpoint:
        """The same from `at` on with a new secret, beside which no older one signs
        after `until`.
        """
        replaced = (OldSecret(self.secret, until), *self.old_secrets)
        shortened = [
            OldSecret(entry.secret, min(entry.until, until)) for entry in replaced
        ]
        return replace(
            self,
            secret=secret,
            old_secrets=tuple(entry for entry in shortened if entry.until > at),
            updated_at=at,
        )


@dataclass(frozen=True, slots=True)
class OutboxEvent:
    """One event that waits to be delivered to one endpoint. It names the memory and holds
    nothing of it: what was deleted meanwhile is nowhere any more.
    """

    id: str
    """The same for the same change, however often it was tried."""
    project: str
    endpoint: str
    event: MemoryEvent
    memory: str
    user: str
    at: int
    """`updated_at` of the memory after the change; of a deleted one, before."""
    created_at: int
    due_at: int
    attempts: int = 0
    """Tries that failed."""
