"""Which memories a list holds, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.filter import Filter
from shared.domain.memory import Kind, Status


@dataclass(frozen=True, slots=True)
class MemoryList:
    """Those of a project that fit everything that is named."""

    project: str
    user: str | None = None
    """None: of all users. Memories in knowledge bases are nobody's."""
    kind: Kind | None = None
    """None: of every kind."""
    filter: Filter | None = None
    status: Status | None = Status.ACTIVATED
    """None: of any, so that none is missed whose status changes meanwhile."""
    expired: bool = False
    """Whether those that have expired are in it too."""
    as_of: int = 0
    """Where a moment is given (epoch milliseconds), not those of a status, but those that
    held then (`shared.domain.validity`).
    """
    knowledge_base: str = ""
    """Those in this knowledge base instead; `user` is None then."""
    newest_first: bool = False
