"""What is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from shared.domain.expiry import NEVER
from shared.domain.kinds import KIND_OF_TYPE, Kind, Type
from shared.domain.scope import RECORDS, Scope
from shared.domain.thumb import Thumb

__all__ = [
    "EVERY_ANSWER",
    "KIND_OF_TYPE",
    "Candidate",
    "Embedded",
    "Kind",
    "Lapse",
    "LastChange",
    "Match",
    "Memory",
    "Origin",
    "SparseVector",
    "Status",
    "Thumb",
    "ToolUse",
    "Type",
    "message_ids_of",
]


class Status(StrEnum):
    """Only activated memories come back from a search."""

    ACTIVATED = "activated"
    ARCHIVED = "archived"
    FORGOTTEN = "forgotten"
    """As the user wished: it can be brought back for `UNDO_MS`, then it is deleted."""


UNDO_MS = 24 * 3600 * 1000
"""Milliseconds for which what was forgotten can be brought back."""
EVERY_ANSWER = "every answer"
"""The tag of preferences that bear on every answer, whatever is asked: its language,
its length, its tone.
"""


@dataclass(frozen=True, slots=True)
class ToolUse:
    """How one tool fared in one trajectory."""

    tool: str
    calls: int
    success_rate: float
    """0..1."""
    error_type: str = ""
    """Empty when it never failed."""
    experience: str = ""
    """What to do another time, in a sentence; empty where nothing was learned."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a memory comes from: messages, or a file."""

    message_ids: tuple[str, ...] = ()
    file: str = ""
    """Its name."""
    source: str = ""
    """Name of its bytes in Sources."""
    page: int = 0
    """From 1; 0 where there are no pages."""


def message_ids_of(origins: Iterable[Origin]) -> list[str]:
    """The messages that are named there, in order; one may be named twice."""
    ids: list[str] = []
    for origin in origins:
        ids.extend(origin.message_ids)
    return ids


@dataclass(frozen=True, slots=True)
class Lapse:
    """A time in which a memory did not hold: it was superseded, and then said again.
    Epoch milliseconds; `until` is not within it.
    """

    since: int
    until: int


@dataclass(frozen=True, slots=True)
class LastChange:
    """What was done last to a memory (`shared.memory_change`)."""

    by: str = ""
    """The id of the task that did it, or BY_HAND; empty where it stands as it was stored."""
    before: Mapping[str, Any] = field(default_factory=dict)
    """The fields that it changed, as they were, as JSON."""


@dataclass(frozen=True, slots=True)
class Memory:
    """One thing worth recalling, in one sentence or two. Times are epoch milliseconds."""

    id: str
    scope: Scope
    type: Type
    text: str
    """What is returned (memory_value, preference, tool_value)."""
    title: str = ""
    """Its short name (memory_key)."""
    status: Status = Status.ACTIVATED
    confidence: float = 0.99
    """0..1."""
    tags: tuple[str, ...] = ()
    info: Mapping[str, Any] = field(default_factory=dict)
    """What the sender attached; filters may ask for its keys."""
    created_at: int = 0
    updated_at: int = 0
    happened_at: int = 0
    """The time that the memory speaks of, or else that it was said at; 0 when unknown."""
    said_at: int = 0
    """When it was said; 0 when unknown."""
    context: str = ""
    """Text around it that helps to find it: indexed, never returned."""
    reasoning: str = ""
    """Of a preference: how it was concluded."""
    experience: str = ""
    """Of a trajectory: what was learned from it."""
    tools: tuple[ToolUse, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    """What only one kind of memory has; its keys are in `shared.domain.memory_detail`."""
    origins: tuple[Origin, ...] = ()
    speaker: str = ""
    """Who said it, where the sender names the speakers of a conversation."""
    job: str = ""
    """The job that stored it."""
    fast: bool = False
    """Whether it is a message as it was sent, which its job will refine."""
    public: bool = False
    """Whether every user of the project may recall it."""
    knowledge_base: str = ""
    """Where it belongs to one and not to its user."""
    replaced: tuple[str, ...] = ()
    """The ids of the memories that this one superseded, newest first."""
    expires_at: int = NEVER
    """From when on searches and lists hide it; 0 for never."""
    valid_from: int = 0
    """When it was said first, where it was said again; 0 where that is `said_at`. What
    holds when: `shared.domain.validity`.
    """
    valid_until: int = 0
    """When what superseded it was said; 0 where it was not superseded, or is not known."""
    lapses: tuple[Lapse, ...] = ()
    """Oldest first."""
    last_change: LastChange = field(default_factory=LastChange)
    thumbs: tuple[Thumb, ...] = ()
    """What was thought of it, oldest first."""
    recalled_at: int = 0
    """About when a search last gave it to its user, to a day; 0 for never, or where
    nobody counts (`SOUVENIR_DECAY_DAYS`).
    """

    @property
    def kind(self) -> Kind:
        """The list of an answer that this memory belongs to."""
        return KIND_OF_TYPE[self.type]

    @property
    def is_record(self) -> bool:
        """Whether a program keeps it word for word (`shared.domain.scope.RECORDS`)."""
        return self.scope.app == RECORDS

    @property
    def categories(self) -> tuple[str, ...]:
        """The tags without those that say how it came about (`mode:fine`)."""
        return tuple(tag for tag in self.tags if ":" not in tag and tag != EVERY_ANSWER)

    @property
    def is_shared(self) -> bool:
        """Whether others see it than the user whose it is."""
        return self.public or bool(self.knowledge_base)

    def may_quote(self, other: Memory) -> bool:
        """Whether what is returned of it may show the other one: both are of one user or
        of one knowledge base, or everybody sees the other.
        """
        mine = self.scope.project, self.scope.user, self.knowledge_base
        return other.public or mine == (
            other.scope.project,
            other.scope.user,
            other.knowledge_base,
        )

    def has_expired(self, at: int) -> bool:
        """Whether searches and lists hide it at a moment (epoch milliseconds)."""
        return NEVER < self.expires_at <= at

    def archived(self, at: int) -> Memory:
        """The same memory, no longer to be recalled, from `at` (epoch milliseconds)."""
        return replace(self, status=Status.ARCHIVED, updated_at=at)


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Lexical weights: parallel tuples of term ids (unsigned 32 bit) and weights."""

    indices: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A memory with its vectors."""

    memory: Memory
    lexical: SparseVector
    dense: tuple[float, ...] | None = None
    """Unit vector; None for a fast memory, which is found by its words only."""


@dataclass(frozen=True, slots=True)
class Match:
    """A recalled memory."""

    memory: Memory
    relativity: float
    """How well it answers the query: 0..1."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A memory that a search returned, with the engine's raw scores."""

    memory: Memory
    lexical: float | None = None
    """None where the lexical search did not return it."""
    dense: float | None = None
    """Cosine; None where the dense search did not return it."""
    vector: tuple[float, ...] | None = None
    """Its unit vector, where the search gives it."""
