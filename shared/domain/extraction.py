"""The result of an extractor: the same types for the built-in one and for a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shared.domain.memory import Origin, ToolUse, Type


class Bears(StrEnum):
    """How a statement bears on an earlier one."""

    SAME = "same"
    """It says the same, in whatever words."""
    ADDS = "adds"
    """It adds something; the earlier one still holds."""
    UPDATES = "updates"
    """Things have changed: the earlier one was right and holds no more."""
    ENDS = "ends"
    """What the earlier one tells of has ended or was called off."""
    CORRECTS = "corrects"
    """The earlier one was wrong."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How a draft bears on one statement that its extractor was shown beside the talk."""

    bears: Bears
    memory: str = ""
    """Id of the known memory; empty where it is another draft of the same job."""
    text: str = ""
    """Words of the other draft; empty where it is a known memory."""
    whole: bool = False
    """Of a change: whether nothing that the other one says holds any more."""


@dataclass(frozen=True, slots=True)
class Labels:
    """By what a memory is found and who sees it how long: the fields of `Scope` and `Memory`
    of these names.
    """

    agent: str
    app: str
    conversation: str
    info: Mapping[str, Any]
    public: bool
    expires_at: int


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
    are archived as it is stored. Set by feedback only.
    """
    labels: Labels | None = None
    """Those of the memories that it takes the place of; None for those of its job."""
    relations: tuple[Relation, ...] = ()
    """How it bears on the statements that its extractor was shown; those among them that
    are not named here have nothing to do with it.
    """
    compared: tuple[str, ...] | None = None
    """Ids of the memories that its extractor has compared it with, so that merging need
    not; None for an extractor that compares nothing, with what it found itself either.
    """
    tagged: bool = False
    """Whether its extractor has chosen among the sender's candidate tags."""
    only_as_change: bool = False
    """Whether it is likely small talk, remembered only where it changes something known:
    "It's over between Mateo and me."
    """
    corrects: bool = False
    """Whether it is a correction that may not say of what: "Sorry, 8:40 not 7:40." """
    takes_back: bool = False
    """Whether it likely corrects what was said before, and says of what or not."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor found in one talk or in some passages."""

    drafts: tuple[Draft, ...] = ()
    remarks: tuple[str, ...] = ()
    """What went less well than it could have, for the job's record."""
