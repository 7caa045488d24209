"""add/message and add/feedback (contract 1.1, 1.8)."""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field, model_validator

from services.gateway.schemas.base import (
    CONVERSATION,
    EXAMPLE_CONVERSATION,
    EXAMPLE_DATE,
    EXAMPLE_ID,
    EXAMPLE_USER,
    EXAMPLE_WEBHOOK,
    EXPIRATION,
    USER,
    WEBHOOK,
    ConversationId,
    ExpirationDate,
    Incoming,
    Info,
    Outgoing,
    StoredIds,
    Texts,
    UserId,
    UserIds,
    Words,
    end_of_expiration_date,
)
from services.gateway.schemas.instructions import DESCRIPTION as INSTRUCTIONS
from services.gateway.schemas.instructions import EXAMPLE, Instructions
from services.gateway.schemas.messages import MessageIn
from services.gateway.schemas.remarked import RemarkedRequest
from services.http.errors import refused
from services.http.task_view import StatusWord, where_it_applies
from shared.contract import Code
from shared.domain.job import Options

MAX_PARTICIPANTS = 20
"""Users or agents of one group chat (contract 1.1)."""


class StorageOptions(Incoming):
    """Where the memories of a request are stored, and who may see them."""

    app_id: str = Field(
        default="",
        description="The application it belongs to; can be filtered by.",
        examples=["travel_app"],
    )
    allow_public: bool = Field(
        default=False, description="Visible to every user of the project."
    )
    allow_knowledgebase_ids: StoredIds = Field(
        default=[],
        description="Knowledge bases that the memories are written to as well.",
    )
    source: str = Field(default="", description="A tag of the client; not used.")

    @property
    def options(self) -> Options:
        """The same as the options of a job."""
        return Options(
            public=self.allow_public,
            knowledge_bases=tuple(self.allow_knowledgebase_ids),
        )


class LabelledRequest(StorageOptions):
    """A request whose memories get tags and further fields."""

    tags: Texts = Field(
        default=[],
        examples=[["天气", "阴天"]],
        description="Candidates: those that fit a memory by meaning are attached to it.",
    )
    info: Info = Field(
        default={},
        description="Any further facts about it: texts, lists of texts, numbers. All "
        "can be filtered by; "
        "business_type, biz_id, scene and custom_status are the common ones.",
        examples=[{"scene": "travel"}],
    )

    @property
    def options(self) -> Options:
        """The same as the options of a job."""
        return replace(super().options, tags=tuple(self.tags), info=self.info)


class WebhookRequest(Incoming):
    """A request that begins a task."""

    webhook_url: str = Field(
        default="", description=WEBHOOK, examples=[EXAMPLE_WEBHOOK]
    )


class AddMessage(LabelledRequest, WebhookRequest, RemarkedRequest):
    """Messages to remember."""

    user_id: UserIds = Field(
        default=[],
        description=f"{USER} A list in a group chat: it is remembered for each of "
        f"them (at most 20).",
        examples=[EXAMPLE_USER],
    )
    agent_id: UserIds = Field(
        default=[],
        examples=["travel_agent"],
        description="The agent it was said to; can be filtered by. Without a user: "
        "the agent's own memories.",
    )
    conversation_id: ConversationId = Field(
        default="", description=CONVERSATION, examples=[EXAMPLE_CONVERSATION]
    )
    messages: list[MessageIn] = Field(
        min_length=1,
        description="What was said, in order; at most 20,000 tokens, at most 20 files.",
    )
    async_mode: bool = Field(
        default=True,
        description="true: answer at once. false: answer when the memories can be found "
        "(files and pictures are always read in the background).",
    )
    asyncMode: bool | None = Field(
        default=None,
        description="The old spelling of async_mode; get/status then answers a list.",
    )
    allow_memory_view: Texts = Field(
        default=[],
        examples=[["detail_factual", "preference"]],
        description="Kinds of memories to make: detail_factual, profile, event, "
        "preference, tool_memory, skill. "
        "All when empty.",
    )
    custom_extract_prompt: Instructions = Field(
        default={}, description=INSTRUCTIONS, examples=[EXAMPLE]
    )

    expiration_date: ExpirationDate = Field(
        default="", description=EXPIRATION, examples=[EXAMPLE_DATE]
    )

    @property
    def options(self) -> Options:
        """The same as the options of a job."""
        return replace(
            super().options,
            instructions=self.custom_extract_prompt,
            expires_at=end_of_expiration_date(self.expiration_date),
        )

    @model_validator(mode="after")
    def _require_owner(self) -> AddMessage:
        if not (self.user_id or self.agent_id):
            raise refused(
                "user_id or agent_id: required field missing or empty", Code.MISSING
            )
        if max(len(self.user_id), len(self.agent_id)) > MAX_PARTICIPANTS:
            raise refused(f"more than {MAX_PARTICIPANTS} participants", Code.MALFORMED)
        return self

    @property
    def waits(self) -> bool:
        """Whether the answer waits for the memories."""
        if "async_mode" in self.model_fields_set or self.asyncMode is None:
            return not self.async_mode
        return not self.asyncMode

    @property
    def legacy_status(self) -> bool:
        """Whether this is one of the old clients that can read only a list from get/status."""
        return "asyncMode" in self.model_fields_set


class AddFeedback(StorageOptions, WebhookRequest, RemarkedRequest):
    """A correction of an answer or of a memory."""

    user_id: UserId = Field(description=USER, examples=[EXAMPLE_USER])
    conversation_id: ConversationId = Field(
        default="", description=CONVERSATION, examples=[EXAMPLE_CONVERSATION]
    )
    agent_id: str = Field(default="", description="The agent it was said to.")
    feedback_content: Words = Field(
        description="The feedback, in the user's words.",
        examples=["不对，我现在住在上海，不是北京。"],
    )
    feedback_time: str = Field(
        default="",
        examples=["2025-12-10 10:00:00"],
        description="When it was given, in free text; now when absent.",
    )


class Accepted(Outgoing):
    """The task that was begun."""

    success: bool = Field(
        description="It was accepted and will not be lost.", examples=[True]
    )
    task_id: str = Field(description="To ask get/status with.", examples=[EXAMPLE_ID])
    status: StatusWord = Field(
        description="`completed` only when it was waited for.", examples=["running"]
    )
    remarks: list[str] | None = where_it_applies(
        "What of the request could not be read, and what counts instead. Souvenir's own."
    )
