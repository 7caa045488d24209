"""Stretches of text that are read at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.domain.message import Message


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document read at once, with its page (from 1; 0 where there are
    none) and the heading it stands under.
    """

    text: str
    source: str
    file: str
    position: int
    page: int = 0
    heading: str = ""
    media_type: str = ""
    tags: tuple[str, ...] = ()
    spoken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """The messages of one job in order, with the last ones said before it in the same
    conversation.
    """

    messages: tuple[Message, ...]
    before: tuple[Message, ...] = ()
