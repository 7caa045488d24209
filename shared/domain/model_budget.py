"""How many tokens of language models a project may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Tokens of prompts and answers together; 0 is any number. Days and months are
    those of UTC.
    """

    daily: int = 0
    monthly: int = 0

    def or_else(self, other: Budget) -> Budget:
        """This one, with the numbers of the other where it has none."""
        return Budget(self.daily or other.daily, self.monthly or other.monthly)

    def exhausted_by(self, day: int, month: int) -> str:
        """Which of both is used up ("day", "month") by so many tokens; "" for none."""
        if self.daily and day >= self.daily:
            return "day"
        if self.monthly and month >= self.monthly:
            return "month"
        return ""
