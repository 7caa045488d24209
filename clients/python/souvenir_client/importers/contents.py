"""What a file of another system holds, in terms of Souvenir: records that are stored as
they are, and conversations that are read anew.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

EARLIEST_MILLISECONDS = 1e11
"""Numbers above are epoch milliseconds (from 1973 on), others epoch seconds."""


@dataclass(frozen=True, slots=True)
class SaidMessage:
    """One message of a conversation."""

    id: str
    """The same in every export; by it a message is known when it comes again."""

    role: str
    """user or assistant."""

    text: str

    said_at: str = ""
    """ISO 8601; empty where the export does not say."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation, its messages the oldest first."""

    id: str
    title: str
    messages: tuple[SaidMessage, ...]

    user_id: str = ""
    """Empty where the export does not say."""


@dataclass(slots=True)
class Contents:
    """All that is taken from a file."""

    format: str
    records: list[Json] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)

    left_out: Counter[str] = field(default_factory=Counter)
    """What of the file has no place here, counted by what it is."""

    def join(self, other: Contents) -> None:
        """Take in the contents of a second file of the same export."""
        self.records += other.records
        self.conversations += other.conversations
        self.left_out += other.left_out


def memory_record(
    text: Any,
    *,
    id: Any = "",
    created_at: Any = None,
    updated_at: Any = None,
    **more: Any,
) -> Json | None:
    """A record of a memory; None for one without words. Times are whatever the other
    system writes; fields that are empty are left out. Without an id the words are one.
    """
    words = text.strip() if isinstance(text, str) else ""
    if not words:
        return None
    created = epoch_ms(created_at)
    fields = {
        "record": "memory",
        "id": str(id or "") or content_id(words, created),
        "type": "LongTermMemory",
        "text": words,
        "created_at": created,
        "updated_at": epoch_ms(updated_at) or created,
        "happened_at": created,
        **more,
    }
    return {
        name: value
        for name, value in fields.items()
        if value not in (None, "", [], {}) or name == "user_id"
    }


def content_id(*parts: Any) -> str:
    """An id computed from what it names."""
    text = "\0".join(str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def present(records: Iterable[Json | None]) -> list[Json]:
    """Those that are there."""
    return [record for record in records if record is not None]


def epoch_ms(at: Any) -> int | None:
    """Epoch milliseconds of ISO 8601, or of epoch seconds or milliseconds; None for
    anything else. A time without a zone is UTC.
    """
    moment = _moment(at)
    return None if moment is None else round(moment.timestamp() * 1000)


def iso(at: Any) -> str:
    """ISO 8601 with a zone, of the same; "" for anything else."""
    moment = _moment(at)
    return "" if moment is None else moment.isoformat()


def _moment(at: Any) -> datetime | None:
    try:
        if isinstance(at, int | float) and not isinstance(at, bool):
            seconds = at / 1000 if at > EARLIEST_MILLISECONDS else at
            return datetime.fromtimestamp(seconds, UTC)
        moment = datetime.fromisoformat(str(at))
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def texts_of(content: Any) -> str:
    """The words of a message that is a string, or a list of parts with `text`."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    words = [part if isinstance(part, str) else _text_of(part) for part in content]
    return "\n".join(filter(None, words))


def _text_of(part: Any) -> str:
    is_text = isinstance(part, Mapping) and part.get("type", "text") == "text"
    text = part.get("text") if is_text else ""
    return text if isinstance(text, str) else ""


def objects(value: Any) -> list[Json]:
    """The objects in a list; [] for anything else."""
    return (
        [entry for entry in value if isinstance(entry, dict)]
        if isinstance(value, list)
        else []
    )
