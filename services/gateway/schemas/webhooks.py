"""project/webhooks: URLs that get an event of every change of memories. Souvenir's own."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from services.gateway.schemas.administration import Administration, OnlyKnown
from services.gateway.schemas.base import EXAMPLE_ID, Outgoing, Words, at_most
from services.gateway.schemas.mem0 import SENT_IN_VAIN
from services.gateway.schemas.sent_numbers import Number
from services.http.errors import refused
from shared.contract import Code
from shared.domain.webhook_endpoint import DEFAULT_EVENTS, MemoryEvent

MAX_NAME = 100
OVERLAP_S = 24 * 3600.0
MAX_OVERLAP_S = 7 * 24 * 3600.0
"""Seconds for which an old secret may sign beside the new one."""
_EVENTS = (
    "Which events it gets: memory_add, memory_update, memory_delete, "
    "memory_categorize. A memory that is superseded or forgotten is deleted for it."
)
_URL = "An http(s) URL. Inner addresses only where SOUVENIR_FETCH_ALLOW names them."


def event_types(names: list[str]) -> list[str]:
    """Each once. Raises 40000 for one that there is not, or none at all. mem0's older
    documentation writes memory:add.
    """
    events = [event.value for event in MemoryEvent]
    asked = list(dict.fromkeys(name.replace(":", "_") for name in names))
    unknown = [name for name in asked if name not in events]
    if unknown or not asked:
        raise refused(f"some of {', '.join(events)} are served", Code.MALFORMED)
    return asked


EventTypes = Annotated[list[str], AfterValidator(event_types)]
Name = Annotated[str, at_most(MAX_NAME, Code.MALFORMED)]


class NewWebhook(Administration):
    """A webhook to register, by whatever client."""

    sent_in_vain: ClassVar[frozenset[str]] = SENT_IN_VAIN

    url: Words = Field(description=_URL, examples=["https://example.com/hooks/memory"])
    name: Name = Field(
        default="",
        description="For people; at most 100 characters.",
        examples=["memory log"],
    )
    event_types: EventTypes = Field(
        default=[event.value for event in DEFAULT_EVENTS],
        description=f"{_EVENTS} When absent all but memory_categorize, which says again "
        "what the others say of tags.",
        examples=[["memory_add", "memory_delete"]],
    )
    is_active: bool = Field(
        default=True,
        description="false: nothing is sent, nor kept to be sent later, until a change "
        "turns it on.",
    )


class CreateWebhook(NewWebhook, OnlyKnown):
    """A webhook to register."""


class ChangedWebhook(Administration):
    """What to change about a webhook, by whatever client."""

    sent_in_vain: ClassVar[frozenset[str]] = SENT_IN_VAIN

    url: Words | None = Field(default=None, description=_URL)
    name: Name | None = Field(default=None, description="For people.")
    event_types: EventTypes | None = Field(default=None, description=_EVENTS)
    is_active: bool | None = Field(
        default=None,
        description="false: nothing is sent, nor kept to be sent later. When absent one "
        "that was turned off by hand stays off; one whose receiver wanted no more, or "
        "whose address must not be reached, is on again.",
    )


class UpdateWebhook(ChangedWebhook, OnlyKnown):
    """What to change about a webhook; what is absent stays."""


class RotateSecret(Administration, OnlyKnown):
    """How a webhook gets a new secret."""

    overlap_s: Annotated[Number, Field(ge=0, le=MAX_OVERLAP_S)] = Field(
        default=OVERLAP_S,
        description="Seconds for which what is sent is signed with the old secret too; "
        "a day when absent, at most 7 days. 0: the old one ends at once.",
        examples=[3600],
    )


class WebhookView(Outgoing):
    """A webhook without its secret. Times are epoch milliseconds."""

    webhook_id: str = Field(examples=[EXAMPLE_ID])
    name: str = Field(examples=["memory log"])
    url: str = Field(examples=["https://example.com/hooks/memory"])
    project: str = Field(examples=["default"])
    event_types: list[str] = Field(description=_EVENTS, examples=[["memory_add"]])
    is_active: bool = Field(
        description="false where it was turned off by hand, and once its receiver "
        "answered 410, or its address must not be reached: then any change of the "
        "webhook turns it on again."
    )
    error: str = Field(
        description="Of the last try that failed; empty once one has succeeded.",
        examples=["the receiver answered 503"],
    )
    waiting: int = Field(description="Events that wait to be delivered.", examples=[0])
    old_secret_until: int | None = Field(
        description="Until when what is sent is signed with an older secret too; null "
        "where there is none.",
        examples=[None],
    )
    created_at: int = Field(examples=[1765376340736])
    updated_at: int = Field(examples=[1765376340736])


class WebhookMade(WebhookView):
    """A webhook with its secret, which is answered this once."""

    secret: str = Field(
        description="Signs what is sent (Standard Webhooks): keep it, it cannot be read "
        "again.",
        examples=["whsec_..."],
    )
