"""Counters in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


class FakeTallies:
    """The Tallies port."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    async def add(self, amounts: Mapping[str, int]) -> None:
        self.counted.update(amounts)

    async def totals(self) -> Mapping[str, int]:
        return dict(self.counted)
