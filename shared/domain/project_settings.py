"""What the owner of a project wants of its memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.model_budget import Budget
from shared.domain.quota import Quota

ALL = "all"
"""Key of the instructions that hold for every kind."""
INSTRUCTION_KEYS = (
    ALL,
    "detail_factual",
    "preference",
    "skill",
    "profile",
    "event",
    "tool_memory",
    "image",
    "document",
)
"""What instructions may be about: the Cloud's keys of `custom_extract_prompt`, and all."""


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """The settings of one project; what is empty is as for all projects."""

    project: str
    instructions: Mapping[str, str] = field(default_factory=dict)
    """Instructions to a language model on what to remember, by what they are about."""
    budget: Budget = field(default_factory=Budget)
    """Tokens that the owner lets models use."""
    quota: Quota = field(default_factory=Quota)
    """What the operator lets the project store and use."""
    categories: Mapping[str, str] = field(default_factory=dict)
    """Names that memories may get as tags, with what they are for."""
    decay_days: int | None = None
    """Days in which what no search gives loses half of what decay takes; 0: nothing is
    lost; None: as for all projects.
    """

    def decay_days_or(self, others: int) -> int:
        """The owner's, or those of all projects."""
        return others if self.decay_days is None else self.decay_days

    def budget_or_else(self, other: Budget) -> Budget:
        """The tokens that models may use: by the owner's budget, or that of all
        projects, and within the quota.
        """
        return self.quota.capped(self.budget.or_else(other))
