"""What an extractor is given: talks, and passages of documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.domain.message import Message


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document of a size that is embedded as one text."""

    text: str
    source: str
    """Name of the file's bytes in Sources."""
    file: str
    """The file's name."""
    position: int
    """Index in the document."""
    page: int = 0
    """From 1; 0 where there are no pages."""
    heading: str = ""
    """The headings that it stands under, outermost first."""
    media_type: str = ""
    tags: tuple[str, ...] = ()
    spoken_at: datetime | None = None
    """When the message was sent that the file came in."""
    instructions: tuple[str, ...] = ()
    """As of a talk."""


@dataclass(frozen=True, slots=True)
class Talk:
    """The messages of one job in order."""

    messages: tuple[Message, ...]
    before: tuple[Message, ...] = ()
    """The last messages before them in the same conversation, to understand them by;
    nothing is extracted from these.
    """
    tags: tuple[str, ...] = ()
    """The sender's candidate tags."""
    instructions: tuple[str, ...] = ()
    """What the owner of the memory asks of a language model that reads the talk, the most
    general first.
    """
    elsewhere: tuple[Message, ...] = ()
    """Where a conversation begins: what the user said last in another one, for a
    correction of it.
    """
