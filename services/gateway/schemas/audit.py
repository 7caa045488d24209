"""project/audit: who did what, when, with which key. Souvenir's own."""

from __future__ import annotations

from pydantic import Field

from services.gateway.schemas.base import EXAMPLE_ID, EXAMPLE_USER, Outgoing


class AuditView(Outgoing):
    """One request that changed something, or was refused. No contents."""

    at: int = Field(
        description="Epoch milliseconds at its end.", examples=[1765376340736]
    )
    action: str = Field(examples=["POST /delete/memory"])
    status: int = Field(
        description="HTTP status; 0 where the client left before.", examples=[200]
    )
    key: str = Field(description="The id of the API key.", examples=[EXAMPLE_ID])
    key_name: str = Field(examples=["ci"])
    user_ids: list[str] = Field(
        description="Whose memories it was about, at most 20.",
        examples=[[EXAMPLE_USER]],
    )
    objects: list[str] = Field(
        description="Ids of what it named in its path or changed, at most 20.",
        examples=[[EXAMPLE_ID]],
    )
    request: str = Field(
        description="The id of the request, as in X-Request-Id and the logs.",
        examples=["0f4c2d9a7b6e4a31"],
    )


class AuditPage(Outgoing):
    """The latest entries, and where to go on."""

    entries: list[AuditView]
    before: int | None = Field(
        description="For the next page; null where there is none.", examples=[None]
    )
