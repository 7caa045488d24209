"""The result of an extractor: the same types for the built-in one and for a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.domain.memory import Origin, ToolUse, Type


@dataclass(frozen=True, slots=True)
class Draft:
    """A memory as an extractor proposes it, before it has an id and a scope and is
    compared with the known ones. Fields without a description are those of `Memory`.
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
    """What it is about in a normalised form, where known ("user.home_city"): two drafts
    of one subject and another value contradict each other.
    """
    happened_at: int = 0
    said_at: int = 0
    superseding: tuple[str, ...] = ()
    """Ids of memories that this one takes the place of, whatever merging would say: they
    are archived before it is stored. Set by feedback only.
    """


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor found in one talk or in some passages."""

    drafts: tuple[Draft, ...] = ()
    remarks: tuple[str, ...] = ()
    """What went less well than it could have, for the job's record."""
