"""What an extractor found: the same values whoever extracts, rules or a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.domain.memory import Origin, ToolUse, Type


@dataclass(frozen=True, slots=True)
class Draft:
    """A memory as an extractor proposes it, before it has an id, a scope and a place
    among the known ones.

    `subject` names what the draft is about in a normalised form where known
    ("user.home_city"): two drafts of one subject and another value contradict each
    other. `happened_at`, of what it speaks, and `said_at` are epoch milliseconds, 0
    when unknown.
    """

    type: Type
    text: str
    title: str = ""
    tags: tuple[str, ...] = ()
    confidence: float = 0.9
    context: str = ""
    reasoning: str = ""
    experience: str = ""
    tools: tuple[ToolUse, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    speaker: str = ""
    subject: str = ""
    happened_at: int = 0
    said_at: int = 0
    superseding: tuple[str, ...] = ()
    """Ids of memories that this one takes the place of, whatever merging would say:
    they are archived before it is stored. Set by feedback only.
    """


@dataclass(frozen=True, slots=True)
class Extraction:
    """The drafts of one talk or some passages, and remarks on what went less well (for
    the job's receipt).
    """

    drafts: tuple[Draft, ...] = ()
    remarks: tuple[str, ...] = ()
