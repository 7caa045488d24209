"""What a caller asks of recall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from shared.domain.filter import Filters
from shared.domain.memory import Kind
from shared.domain.scope import Reach


@dataclass(frozen=True, slots=True)
class RecallRequest:
    """A query, and which memories may answer it."""

    reach: Reach
    query: str
    limits: Mapping[Kind, int]
    """How many matches of which kind come back at most."""
    conversation: str = ""
    """The caller's conversation: its memories rank higher, no others are hidden."""
    relativity: float = 0.45
    """The threshold, 0..1; with 0 everything passes."""
    filters: Filters = field(default_factory=Filters)
    now: int = 0
    """Epoch milliseconds."""
    zone: tzinfo = UTC
    """Where the caller is: whose days notes of changes name."""
    half_life: int = 0
    """Milliseconds in which what no search gives loses half of what decay takes; 0: none
    is lost.
    """
