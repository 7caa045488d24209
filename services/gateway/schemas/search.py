"""search/memory (contract 1.2)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from services.gateway.schemas.base import (
    AS_OF,
    CONVERSATION,
    EXAMPLE_CONVERSATION,
    EXAMPLE_DATE,
    SHOW_EXPIRED,
    AsOf,
    ConversationId,
    Incoming,
    Relativity,
    StoredIds,
    Words,
    counted,
)
from services.gateway.schemas.explanation import SearchExplanation
from services.gateway.schemas.items import optional
from services.gateway.schemas.kind_fields import ItemLists, SearchFields
from services.gateway.schemas.owner import OwnerRequest
from services.gateway.schemas.remarked import RemarkedRequest
from services.gateway.schemas.view_items import ViewFields, ViewLists

FILTER = (
    'Conditions that hold before anything is ranked: `{"and": [...]}` or `{"or": '
    "[...]}` of `{field: value}` or "
    "`{field: {operator: value}}` with gte, lte, gt, lt, contains, in, like. Fields: "
    "agent_id, app_id, create_time, "
    'update_time, tags and any key of `info`. Or one for each source: `{"user": ..., '
    '"knowledgebase": ..., "public": ...}`.'
)
KNOWLEDGE_BASES = (
    "Knowledge bases to search as well, by id; `all` for every one of "
    "the project. None when empty."
)

Filter = Annotated[
    Any,
    Field(
        default=None,
        description=FILTER,
        json_schema_extra={"type": "object"},
        examples=[
            {"and": [{"create_time": {"gte": "2025-12-01"}}, {"scene": "travel"}]}
        ],
    ),
]


class RecallQuery(Incoming):
    """What to look for, and where."""

    query: Words = Field(
        description="What to look for; at most 20,000 tokens.", examples=["国庆去哪玩"]
    )
    conversation_id: ConversationId = Field(
        default="",
        description=f"{CONVERSATION} Its memories rank higher, others still come back.",
        examples=[EXAMPLE_CONVERSATION],
    )
    filter: Filter = None
    knowledgebase_ids: StoredIds = Field(
        default=[], description=KNOWLEDGE_BASES, examples=[["all"]]
    )


class Recalling(SearchFields, RecallQuery, RemarkedRequest):
    """What decides which memories come back; shared by search and chat."""

    relativity: Relativity = Field(
        default=0.45,
        examples=[0.45],
        description="The least relevance that comes back, 0..1; 0 lets everything through.",
    )
    source: str = Field(default="", description="A tag of the client; not used.")
    show_expired: bool = Field(default=False, description=SHOW_EXPIRED)


class SearchMemory(ViewFields, Recalling, OwnerRequest):
    """A question to the memories of one user."""

    return_matches: bool = Field(
        default=False, description="Accepted; the lists are the matches."
    )
    return_instruction: bool = Field(
        default=False,
        description="Also a half-finished prompt from the memories and the query.",
    )
    return_full_instruction: bool = Field(
        default=False, description="Also a prompt that can go to a model as it is."
    )
    context_format: Literal["memory", "sources", "mixed"] = Field(
        default="memory",
        description="memory: what is remembered. sources: each memory comes with the"
        " messages and the places in files that it was read from, and `context` is made"
        " of these. mixed: both are in `context`.",
    )
    context_tokens: Annotated[int, *counted(0, 100_000)] = Field(
        default=0,
        examples=[2000],
        description="Also `context`: what was found as one text of at most so many"
        " tokens, in an order that stays, so that a prompt cache holds. Souvenir's own.",
    )
    as_of: AsOf = Field(default="", description=AS_OF, examples=[EXAMPLE_DATE])
    explain: bool = Field(
        default=False,
        description="Also every memory that was considered, with the terms of its score "
        "and why it came back or did not. Souvenir's own.",
    )


class Found(ViewLists, ItemLists):
    """What was recalled, the most relevant first. Lists are empty, never null."""

    preference_note: str = Field(
        description="How to use the preferences; empty when none came back."
    )
    message_detail_list: None = Field(
        default=None, description="Always null here; see get/message."
    )
    instruction: str | None = optional("Only when return_instruction is set.")
    full_instruction: str | None = optional("Only when return_full_instruction is set.")
    context: str | None = optional("Only when context_tokens is set.")
    context_etag: str | None = optional(
        "The same as long as `context` is the same; also the header ETag."
    )
    explanation: SearchExplanation | None = optional("Only when explain is set.")
    remarks: list[str] | None = optional(
        "What could not be done: where the embedder is away, for example, it was searched "
        "by words alone."
    )
