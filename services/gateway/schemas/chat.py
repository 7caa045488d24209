"""chat, in both dialects of parameters (contract 1.9, 2.1, 7.5)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, AliasChoices, Field

from services.gateway.schemas.add import LabelledRequest
from services.gateway.schemas.base import (
    AS_OF,
    CONVERSATION,
    EXAMPLE_CONVERSATION,
    EXAMPLE_DATE,
    EXAMPLE_USER,
    USER,
    AsOf,
    ConversationId,
    Outgoing,
    UserId,
)
from services.gateway.schemas.items import optional
from services.gateway.schemas.messages import (
    FIELDS_OF_MESSAGES,
    Content,
    Role,
    text_of,
)
from services.gateway.schemas.remarked import RemarkedPart
from services.gateway.schemas.search import Recalling
from services.gateway.schemas.sent_numbers import Number, WholeNumber


def clamped_between(low: float, high: float) -> AfterValidator:
    """Brings a number into low..high."""
    return AfterValidator(lambda number: min(max(number, low), high))


_OF_MEMORIES = "agent_id app_id tags info allow_public allow_knowledgebase_ids".split()
"""Fields that label the memories of a turn and say who else finds them."""


class HistoryMessage(RemarkedPart):
    """An earlier message, sent by clients that keep the conversation themselves."""

    sent_in_vain: ClassVar[frozenset[str]] = FIELDS_OF_MESSAGES

    role: Role = Field(
        description="Who said it; OpenAI's developer counts as system.",
        examples=["user"],
    )
    content: Content = Field(
        default="",
        description="What was said, or a list of parts, of which the texts are read.",
        examples=["我最近在学 R 语言"],
    )

    @property
    def text(self) -> str:
        """The words."""
        return text_of(self.content)


class ChatRequest(Recalling, LabelledRequest):
    """A question to be answered with what is remembered."""

    user_id: UserId = Field(description=USER, examples=[EXAMPLE_USER])
    conversation_id: ConversationId = Field(
        default="",
        validation_alias=AliasChoices("conversation_id", "session_id"),
        description=f"{CONVERSATION} Its last messages are the history of this chat.",
        examples=[EXAMPLE_CONVERSATION],
    )
    history: list[HistoryMessage] = Field(
        default=[],
        description="The conversation so far; when absent, what was remembered of it.",
    )
    model_name: str = Field(
        default="",
        validation_alias=AliasChoices("model_name", "model_name_or_path"),
        examples=["qwen3-32b"],
        description="One of the configured models; any other name means the default one.",
    )
    system_prompt: str = Field(
        default="",
        description="Replaces the built-in instructions; memories are added to it.",
        examples=["You are a travel consultant."],
    )
    as_of: AsOf = Field(
        default="",
        description=f"{AS_OF} The profile, which is not kept by day, stays away, and the"
        " turn is only remembered where add_message_on_answer says so.",
        examples=[EXAMPLE_DATE],
    )
    temperature: Annotated[
        Number, Field(allow_inf_nan=False), clamped_between(0.0, 2.0)
    ] = Field(default=0.7, description="0..2.", examples=[0.7])
    top_p: Annotated[Number, Field(allow_inf_nan=False), clamped_between(0.0, 1.0)] = (
        Field(default=0.95, description="0..1.", examples=[0.95])
    )
    max_tokens: Annotated[WholeNumber, clamped_between(1, 131_072)] = Field(
        default=8192, description="The longest answer, in tokens.", examples=[8192]
    )
    stream: bool = Field(
        default=False,
        description="Answer as server-sent events. The path /product/chat/stream does so always.",
    )
    add_message_on_answer: bool | None = Field(
        default=None,
        description="Remember this turn after the answer. When absent: true, but "
        "false under /product.",
        examples=[True],
    )
    agent_id: str = Field(
        default="", description="The agent; goes to the memories of this turn."
    )
    async_mode: Any = Field(
        default=None,
        description="Only says how the turn is written; the answer is not changed by it.",
    )

    def in_vain_unremembered(self) -> list[str]:
        """What goes to the memories of the turn and has no effect without any."""
        asked = [name for name in _OF_MEMORIES if getattr(self, name)]
        return [
            f"{name}: has no effect, since the turn is not remembered" for name in asked
        ]


class Answered(Outgoing):
    """The answer."""

    response: str = Field(
        description="What the model answered.", examples=["试试 plotly 和 lattice。"]
    )
    reasoning: str | None = Field(
        default=None, description="What a reasoning model thought before; null without."
    )
    remarks: list[str] | None = optional(
        "What could not be done as it was asked: an unknown model, an unknown knowledge"
        " base. Souvenir's own."
    )
