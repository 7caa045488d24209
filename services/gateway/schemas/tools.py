"""rerank and extract/memory (contract 1.11)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from services.gateway.schemas.add import Accepted
from services.gateway.schemas.base import Outgoing, Texts, Words
from services.gateway.schemas.instructions import DESCRIPTION as INSTRUCTIONS
from services.gateway.schemas.instructions import EXAMPLE, Instructions
from services.gateway.schemas.items import optional
from services.gateway.schemas.messages import MessageIn
from services.gateway.schemas.remarked import RemarkedRequest
from services.gateway.schemas.sent_numbers import WholeNumber
from services.http.errors import refused
from shared.contract import Code

MAX_DOCUMENTS = 1000
"""Texts in one request."""


def _text_of(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    if given.get("text") is None:
        raise refused("text: required field missing or empty", Code.MISSING)
    return given["text"]


TextOf = BeforeValidator(_text_of)
"""A document may be an object with a `text`."""


class Rerank(RemarkedRequest):
    """Texts to order by relevance."""

    model: str = Field(
        default="memos-reranker-0.6b",
        description="Any name is accepted and given back, unless a reranker is configured: "
        "then its name comes back.",
    )
    query: Words = Field(
        description="What they shall be relevant to.", examples=["国庆去哪玩"]
    )
    documents: Annotated[
        list[Annotated[str, TextOf]],
        Field(min_length=1, max_length=MAX_DOCUMENTS),
    ] = Field(
        description="The texts, at most 1000.",
        examples=[["用户暑假全家出游", "用户喜欢咖啡"]],
    )
    top_n: Annotated[WholeNumber, Field(ge=1)] | None = Field(
        default=None,
        description="Only so many come back; all of them when absent.",
        examples=[3],
    )


class Document(Outgoing):
    """A text."""

    text: str


class Ranked(Outgoing):
    """A text and its place in the request."""

    index: int = Field(description="Its place among `documents`, from 0.", examples=[0])
    document: Document
    relevance_score: float = Field(description="0..1", examples=[0.87])


class Usage(Outgoing):
    """The tokens that were read, estimated."""

    prompt_tokens: int
    total_tokens: int


class Reranked(Outgoing):
    """The texts, the most relevant first. No envelope: this is the shape that reranking
    services have in common.
    """

    id: str = Field(examples=["rerank-6f0a5c39"])
    model: str = Field(examples=["memos-reranker-0.6b"])
    usage: Usage
    results: list[Ranked]
    remarks: list[str] | None = optional(
        "What of the request means nothing here. Souvenir's own."
    )


class ExtractMemory(RemarkedRequest):
    """Messages to find memories in; nothing is stored."""

    messages: list[MessageIn] = Field(
        min_length=1, description="What was said; at most 8,000 tokens together."
    )
    extraction_types: Texts = Field(
        default=[],
        examples=[["memory", "preference"]],
        description="memory, preference, or both; both when absent.",
    )
    custom_extract_prompt: Instructions = Field(
        default={},
        description=f"{INSTRUCTIONS} Tried out here before they are kept.",
        examples=[EXAMPLE],
    )
    async_mode: bool = Field(
        default=False,
        description="true: answer at once with a task_id, for models that take long; "
        "`GET extract/memory/{task_id}` has the result.",
    )


class ExtractedFact(Outgoing):
    """A fact that would be stored."""

    memory_key: str = Field(examples=["暑假全家出游计划"])
    memory_value: str = Field(examples=["用户计划在暑假全家旅行，携带孩子和老人。"])
    memory_type: str = Field(examples=["LongTermMemory"])
    tags: list[str] = Field(examples=[["家庭旅行"]])


class ExtractedPreference(Outgoing):
    """A preference that would be stored."""

    preference: str = Field(examples=["用户出门旅行喜欢带上全家。"])
    reasoning: str = Field(examples=["用户明确说一般都是全家行动。"])
    preference_type: str = Field(examples=["explicit_preference"])


class Extracted(Outgoing):
    """What was extracted."""

    success: bool = Field(examples=[True])
    memory_detail_list: list[ExtractedFact]
    preference_detail_list: list[ExtractedPreference]
    remarks: list[str] = Field(
        default=[],
        description="What went less well than it could have: no language model, say.",
        exclude_if=lambda value: not value,
    )


class ExtractedLater(Accepted):
    """How an asynchronous extraction stands, with its result once it is there."""

    message: str = Field(
        default="",
        description="Why it failed, or what it waits for.",
        exclude_if=lambda value: not value,
    )
    result: Extracted | None = Field(
        default=None, exclude_if=lambda value: value is None
    )
