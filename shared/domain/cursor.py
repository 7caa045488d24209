"""Where a list is gone on with: behind a record, not behind a number of records, which is
another place as soon as one before it has gone.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.memory import Memory
from shared.domain.message import Message


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last record that was given. It need not be there any more."""

    at: int
    """When it arrived or was made, in epoch milliseconds."""
    id: str
    """Its own; a UUID."""
    position: int = 0
    """Of a message among those that arrived with it."""


def behind(record: Message | Memory | KnowledgeBase | KnowledgeFile) -> Cursor:
    """The cursor that goes on behind it."""
    if isinstance(record, Message):
        return Cursor(record.arrived_at, record.id, record.position)
    return Cursor(record.created_at, record.id)
