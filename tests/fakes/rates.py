"""Rates in memory: everything taken counts for ever."""

from __future__ import annotations


class FakeRates:
    """The Rates port; `taken` shows what is used up, `wipe` lets a minute pass."""

    WAIT = 12.3

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    async def take(self, name: str, amount: int, limit: int) -> float:
        used = self.taken.get(name, 0)
        if used and used + amount > limit:
            return self.WAIT
        self.taken[name] = used + amount
        return 0.0

    async def give_back(self, name: str, amount: int) -> None:
        self.taken[name] = max(0, self.taken.get(name, 0) - amount)

    def wipe(self) -> None:
        self.taken.clear()
