"""What a job has to do: one frozen value for each kind of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar


class Work(StrEnum):
    """The kinds of work; the value is what is stored and what the tasks API shows."""

    ADD = "add"
    """Remember messages and the files in them."""
    EXTRACT = "extract"
    """Find what would be remembered of messages; nothing is remembered."""
    DOCUMENT = "document"
    """Remember one file of a knowledge base."""
    FEEDBACK = "feedback"
    """Correct what is remembered."""
    REINDEX = "reindex"
    """Embed everything anew, by another embedder."""


class Queue(StrEnum):
    """Which workers a job waits for: those of files may be busy for minutes."""

    TEXT = "text"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class AddPayload:
    """Remember the job's messages."""

    work: ClassVar[Work] = Work.ADD

    memory_views: tuple[str, ...] = ()
    """The kinds of memories to make, in the words of the wire (`allow_memory_view`);
    empty for all of them.
    """
    recalled: tuple[str, ...] = ()
    """Ids of the memories that an answer among the messages was made of: what it only
    repeats of them is nothing new.
    """
    unread: tuple[str, ...] = ()
    """Ids of messages of which only the files are read: what they say was changed by
    hand before anybody had read it.
    """


@dataclass(frozen=True, slots=True)
class ExtractPayload:
    """Extract from the job's messages and leave the result in `Job.extracted`."""

    work: ClassVar[Work] = Work.EXTRACT

    is_kept: bool = False
    """Whether the result is asked for later; if not, somebody is waiting for it."""
    types: tuple[str, ...] = ()
    """What is asked for: memory, preference; empty for both."""


@dataclass(frozen=True, slots=True)
class DocumentPayload:
    """Remember one file of a knowledge base. The file's own record is the truth about
    it; these are its values when the job was accepted.
    """

    work: ClassVar[Work] = Work.DOCUMENT

    knowledge_base: str = ""
    file: str = ""
    """Id of the `KnowledgeFile`."""
    name: str = ""
    source: str = ""
    """Name of its bytes in Sources; empty while the file is only known by its URL."""
    url: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class EarlierMessage:
    """What was said before a feedback, sent along with it."""

    role: str
    text: str
    spoken_at: int
    """Epoch milliseconds."""


@dataclass(frozen=True, slots=True)
class FeedbackPayload:
    """Correct what is remembered by what the job's messages say."""

    work: ClassVar[Work] = Work.FEEDBACK

    memory_ids: tuple[str, ...] = ()
    """The memories that the user was looking at; they are compared with the feedback
    before all others.
    """
    said_before: tuple[EarlierMessage, ...] = ()
    """The end of the conversation that it is about, as the client sent it; empty for
    what is stored of the conversation.
    """


@dataclass(frozen=True, slots=True)
class ReindexPayload:
    """Let the embedder that the settings name, or the best one that comes along, take
    the place of the one whose vectors are stored.
    """

    work: ClassVar[Work] = Work.REINDEX


@dataclass(frozen=True, slots=True)
class UnknownPayload:
    """Work that this release does not know: a newer one accepted it. It is read and
    written back as it is, and fails when it is run.
    """

    work: str
    values: Mapping[str, Any] = field(default_factory=dict)


Payload = (
    AddPayload
    | ExtractPayload
    | DocumentPayload
    | FeedbackPayload
    | ReindexPayload
    | UnknownPayload
)
