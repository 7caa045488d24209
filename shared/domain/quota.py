"""How much a project may store, and spend on language models."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.model_budget import Budget


@dataclass(frozen=True, slots=True)
class Quota:
    """0 is any number."""

    memories: int = 0
    """Memories of users; those of knowledge bases are bounded by their bytes."""
    stored_bytes: int = 0
    """Texts of messages, files in messages, documents of knowledge bases."""
    daily_tokens: int = 0
    """Of language models, in a day (UTC); the project's own budget may be lower."""
    monthly_tokens: int = 0

    def or_else(self, other: Quota) -> Quota:
        """This one, with the numbers of the other where it has none."""
        return Quota(
            self.memories or other.memories,
            self.stored_bytes or other.stored_bytes,
            self.daily_tokens or other.daily_tokens,
            self.monthly_tokens or other.monthly_tokens,
        )

    @property
    def bounds_storage(self) -> bool:
        """Whether there is a limit to what may be stored."""
        return bool(self.memories or self.stored_bytes)

    def capped(self, budget: Budget) -> Budget:
        """A budget of tokens that does not exceed this quota."""
        return Budget(
            _lower(budget.daily, self.daily_tokens),
            _lower(budget.monthly, self.monthly_tokens),
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """How much a project has stored."""

    memories: int
    stored_bytes: int

    def exceeds(self, quota: Quota) -> str:
        """What of a quota is used up ("memories", "stored bytes"); "" for nothing."""
        if quota.memories and self.memories >= quota.memories:
            return "memories"
        if quota.stored_bytes and self.stored_bytes >= quota.stored_bytes:
            return "stored bytes"
        return ""


def _lower(first: int, second: int) -> int:
    """The lower of two limits, of which 0 is none."""
    return min(first, second) if first and second else first or second
