"""What is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from shared.domain.kinds import KIND_OF_TYPE, Kind, Type
from shared.domain.scope import Scope

__all__ = [
    "EVERY_ANSWER",
    "KIND_OF_TYPE",
    "Candidate",
    "Embedded",
    "Kind",
    "Match",
    "Memory",
    "Origin",
    "SparseVector",
    "Status",
    "ToolUse",
    "Type",
]


class Status(StrEnum):
    """Only activated memories come back from a search."""

    ACTIVATED = "activated"
    ARCHIVED = "archived"


EVERY_ANSWER = "every answer"
"""The tag of preferences that bear on every answer, whatever is asked: its language,
its length, its tone.
"""


@dataclass(frozen=True, slots=True)
class ToolUse:
    """How one tool fared in one trajectory; `success_rate` is 0..1, `error_type` is
    empty when it never failed.
    """

    tool: str
    calls: int
    success_rate: float
    error_type: str = ""
    experience: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a memory was read: messages by id, or a file by name and page (from 1; 0
    where there are no pages).
    """

    message_ids: tuple[str, ...] = ()
    file: str = ""
    source: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """One thing worth recalling, in one sentence or two.

    `text` is what is returned (memory_value, preference, tool_value); `title` its short
    name (memory_key); `context` is text around it that helps to find it, indexed and
    never returned. Times are epoch milliseconds. `happened_at` is the time the memory
    speaks of or was said at, `said_at` always the latter; 0 when unknown. `fast` marks
    a raw turn that waits for its refinement. `replaced` holds the ids of the memories
    that this one superseded, newest first. `detail` holds what only one kind has: a
    skill's `skill_value` and `skill_url`, a schema's `name`.
    """

    id: str
    scope: Scope
    type: Type
    text: str
    title: str = ""
    status: Status = Status.ACTIVATED
    confidence: float = 0.99
    tags: tuple[str, ...] = ()
    info: Mapping[str, Any] = field(default_factory=dict)
    created_at: int = 0
    updated_at: int = 0
    happened_at: int = 0
    said_at: int = 0
    context: str = ""
    reasoning: str = ""
    experience: str = ""
    tools: tuple[ToolUse, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    speaker: str = ""
    job: str = ""
    fast: bool = False
    public: bool = False
    knowledge_base: str = ""
    replaced: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """The list of an answer that this memory belongs to."""
        return KIND_OF_TYPE[self.type]

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
    """A memory with its vectors; `dense` is None for a fast memory (lexical only)."""

    memory: Memory
    lexical: SparseVector
    dense: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A recalled memory with its relativity (0..1)."""

    memory: Memory
    relativity: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A memory that a search brought up, with the engine's raw scores; None where that
    search did not return it.
    """

    memory: Memory
    lexical: float | None = None
    dense: float | None = None
