"""Messages as they are sent (contract 0.3) and as they are given back (1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag

from services.gateway.schemas.base import (
    CONVERSATION,
    EXAMPLE_CONVERSATION,
    EXAMPLE_USER,
    USER,
    ConversationId,
    Outgoing,
    UserId,
    counted,
)
from services.gateway.schemas.remarked import RemarkedPart, RemarkedRequest
from services.http.errors import refused
from services.http.task_view import where_it_applies
from shared.contract import Code

FEEDBACK = "_feedback"
"""A key in a message's `extra`: the message is feedback, no part of the conversation."""

GENERIC_NAMES = frozenset(
    "user human example_user assistant example_assistant ai bot agent system model".split()
)
"""Values of `name` that only repeat the role."""


_OF_CHAT_MODELS = frozenset(
    """
    annotations audio cache_control id parsed prefix provider_specific_fields reasoning
    reasoning_content reasoning_details refusal
    """.split()
)
"""Fields that the messages of OpenAI's clients, and of what is built on them, have as they
come from a model.
"""
_AS_GIVEN_BACK = frozenset(
    "createTime create_time message_id updateTime update_time".split()
)
"""Fields that messages have as get/message and the Cloud give them back."""
NAME_KEYS = ("filename", "file_name", "name")
"""Names of the field beside a file's address or bytes that has its name."""


class MessageModel(RemarkedPart):
    """A message or a part of one: unknown fields are stored, not ignored."""

    sent_in_vain: ClassVar[frozenset[str]] = frozenset(("cache_control",))

    model_config = ConfigDict(extra="allow")


class TextPart(MessageModel):
    """A text."""

    type: Literal["text"] = Field(default="text", description="Words.")
    text: str = Field(
        description="The words; may be empty.", examples=["我正在研究MemOS。"]
    )


class ImageUrl(MessageModel):
    """The address of a picture."""

    sent_in_vain: ClassVar[frozenset[str]] = frozenset(("detail", "format", *NAME_KEYS))

    url: str = Field(
        min_length=1,
        description="An http(s) URL, or `data:image/...;base64,...`.",
        examples=["https://example.com/picture.png"],
    )


def as_object(key: str) -> BeforeValidator:
    """`"x"` as `{key: "x"}`."""
    return BeforeValidator(
        lambda given: {key: given} if isinstance(given, str) else given
    )


class ImagePart(MessageModel):
    """A picture: JPG, PNG and other common formats."""

    type: Literal["image_url"] = Field(default="image_url", description="A picture.")
    image_url: Annotated[ImageUrl, as_object("url")] = Field(
        description="Where it is; the bare URL will do."
    )


class FileData(MessageModel):
    """The address of a document, or its content."""

    sent_in_vain: ClassVar[frozenset[str]] = frozenset(
        ("file_id", "format", "mime_type", *NAME_KEYS)
    )

    file_data: str = Field(
        min_length=1,
        description="An http(s) URL, base64, or a data URI.",
        examples=["https://example.com/paper.pdf"],
    )


class FilePart(MessageModel):
    """A document: PDF, DOCX, DOC, TXT, JSON, MD, XML."""

    # The types that the contract names; the worker reads more. What is read stands in
    # workers/parsers/file_types.py, which the gateway does not import; a test of the
    # parsers holds that this list is a part of that one.

    type: Literal["file"] = Field(default="file", description="A document.")
    file: Annotated[FileData, as_object("file_data")] = Field(
        description="The document; the bare URL or base64 will do."
    )


def read_part(given: Any) -> Any:
    """A text is a text part. Raises 40006 for a part of an unknown type."""
    if isinstance(given, str):
        return {"type": "text", "text": given}
    if not isinstance(given, dict):
        raise refused("a part is an object with a type", Code.MALFORMED)
    if given.get("type", "text") not in ("text", "image_url", "file"):
        raise refused(
            f"unsupported type {given['type']!r}: text, image_url or file is expected",
            Code.UNKNOWN_TYPE,
        )
    return given


def part_tag(part: Any) -> str:
    """The tag of a part's type, whether it is JSON or a model."""
    if isinstance(part, dict):
        part_type = part.get("type", "text")
    else:
        part_type = getattr(part, "type", None)
    return f"<{part_type}>"


Part = Annotated[
    Annotated[TextPart, Tag("<text>")]
    | Annotated[ImagePart, Tag("<image_url>")]
    | Annotated[FilePart, Tag("<file>")],
    Discriminator(part_tag),
    BeforeValidator(read_part),
]
Content = Annotated[
    Annotated[str, Tag("<words>")] | Annotated[list[Part], Tag("<parts>")],
    Discriminator(lambda given: "<parts>" if isinstance(given, list) else "<words>"),
]


def text_of(content: str | Sequence[TextPart | ImagePart | FilePart]) -> str:
    """The words of a content, those of its parts on lines of their own."""
    if isinstance(content, str):
        return content
    texts = [part.text for part in content if isinstance(part, TextPart)]
    return "\n".join(filter(None, texts))


class Function(MessageModel):
    """A tool and its arguments."""

    name: str = Field(default="", description="The tool.", examples=["get_weather"])
    arguments: str | dict[str, Any] | list[Any] = Field(
        default="", description="JSON text.", examples=['{"city": "上海"}']
    )


class Call(MessageModel):
    """A tool call of an assistant."""

    sent_in_vain: ClassVar[frozenset[str]] = frozenset(("index",))

    id: str = Field(
        default="",
        description="A tool message names it in tool_call_id.",
        examples=["call_1"],
    )
    type: str = Field(default="function", description="Always function.")
    function: Function = Field(description="Which tool, and with what.")


_ROLES = {"developer": "system", "function": "tool"}
"""Roles of OpenAI's clients, newer and older, under the names used here."""


def _role(value: object) -> object:
    return _ROLES.get(value, value) if isinstance(value, str) else value


Role = Annotated[Literal["user", "assistant", "system", "tool"], BeforeValidator(_role)]


class MessageIn(MessageModel):
    """One message of a conversation."""

    sent_in_vain: ClassVar[frozenset[str]] = _OF_CHAT_MODELS | _AS_GIVEN_BACK

    role: Role = Field(
        description="Who speaks; OpenAI's developer counts as system, function as tool.",
        examples=["user"],
    )
    content: Content | None = Field(
        default=None,
        examples=["我想暑假出去玩，你能帮我推荐下吗？"],
        description="Words, or a list of parts; may be missing when an assistant only calls tools. "
        "A system message may hold tool schemas between `<tool_schema>` and `</tool_schema>`.",
    )
    chat_time: str = Field(
        default="",
        examples=["2025-09-12 08:00:00"],
        description="When it was said, in free text; now when absent. Relative dates "
        "in the words count from it.",
    )
    tool_calls: list[Call] = Field(
        default=[], description="The tools that an assistant calls."
    )
    tool_call_id: str = Field(
        default="", description="Which call this tool message answers."
    )
    role_id: str = Field(default="", description="In a group chat: who.")
    role_name: str = Field(default="", description="In a group chat: their name.")
    name: str = Field(
        default="", description="The same as OpenAI's clients send it; role_name wins."
    )

    @property
    def speaker(self) -> str:
        """Who speaks, "" where no person or agent is named."""
        if self.role_name or self.role not in ("user", "assistant"):
            return self.role_name
        return "" if self.name.lower() in GENERIC_NAMES else self.name


def has_words(message: MessageIn) -> bool:
    """Whether it says something itself."""
    return bool(text_of(message.content or "").strip())


def has_files(message: MessageIn) -> bool:
    """Whether a picture or a document is a part of it."""
    parts = message.content if isinstance(message.content, list) else ()
    return any(not isinstance(part, TextPart) for part in parts)


FIELDS_OF_MESSAGES = MessageIn.sent_in_vain | MessageIn.model_fields.keys()
"""Fields that messages come with, whether or not they mean something here."""


class GetMessage(RemarkedRequest):
    """Which messages to give back."""

    user_id: UserId = Field(description=USER, examples=[EXAMPLE_USER])
    conversation_id: ConversationId = Field(
        default="",
        description=f"{CONVERSATION} Absent: every conversation.",
        examples=[EXAMPLE_CONVERSATION],
    )
    message_limit_number: Annotated[int, *counted(0, 50)] = Field(
        default=6,
        description="How many of the latest messages; at most 50, more counts as 50.",
        examples=[6],
    )
    conversation_limit_number: Annotated[int, *counted(0, 50)] = Field(
        default=6,
        description="Without a conversation: from how many of the latest conversations.",
        examples=[6],
    )
    limit: Annotated[int, *counted(0, 50)] | None = Field(
        default=None, description="Another name of message_limit_number."
    )
    source: str = Field(default="", description="A tag of the client; not used.")

    @property
    def message_limit(self) -> int:
        """How many messages, under either of its names."""
        if self.limit is None or "message_limit_number" in self.model_fields_set:
            return self.message_limit_number
        return self.limit

    def remarks(self) -> tuple[str, ...]:
        """Also another name that does not count."""
        if self.limit in (None, self.message_limit):
            return super().remarks()
        in_vain = "limit: beside message_limit_number it means nothing"
        return (*super().remarks(), in_vain)


class MessageOut(Outgoing):
    """One message, as it was sent. Times are `YYYY-MM-DD HH:MM:SS`, under both spellings."""

    model_config = ConfigDict(extra="allow")

    role: str = Field(examples=["user"])
    content: Any = Field(
        description="Words, or the list of parts that was sent.",
        examples=["我想暑假出去玩，你能帮我推荐下吗？"],
    )
    create_time: str = Field(examples=["2025-08-26 09:30:00"])
    update_time: str = Field(examples=["2025-08-26 09:30:00"])
    createTime: str = Field(examples=["2025-08-26 09:30:00"])
    updateTime: str = Field(examples=["2025-08-26 09:30:00"])


class Messages(Outgoing):
    """The latest messages, the oldest of them first."""

    message_detail_list: list[MessageOut]
    remarks: list[str] | None = where_it_applies(
        "Numbers that count as others, and fields that there are not. Souvenir's own."
    )
