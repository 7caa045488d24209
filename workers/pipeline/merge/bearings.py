"""What a newer statement means for an older one, and where a judge's probabilities count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shared.domain.judgement import CHANGES

DENIES_SAME = ("past", "elsewhere", *CHANGES)
"""Relations of statements that are not the same, whatever their words."""
LIKELIER = 0.5
"""Probability from which something is more likely so than not."""
Pair = tuple[str, str]
"""Ids of an older and a newer memory."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """What a newer statement means for an older one."""

    change: float
    """Probability that the older one holds no more."""
    not_same: float
    """Probability that the two do not say the same."""
    past: float = 0.0
    """Probability that the newer one tells of an earlier time or a single occasion."""
    outdated: tuple[tuple[int, int], ...] = ()
    """Where the clauses of the older one stand that hold no more."""
    whole: bool = False
    """Whether the older one says nothing that still holds."""
    same: bool = False
    """Whether the two say the same in other words."""
    said: str = ""
    """The sentence of the newer one that changes the older; "" where it is all of it."""
    mark_from: float = LIKELIER
    """Probability of a change from which the older one is marked."""
    likely_from: float = LIKELIER
    """Probability of a change from which what was said later is noted."""
    beside_likelier: float = LIKELIER
    """The one from which the older one is marked where the newer one more likely changes
    another statement.
    """

    @property
    def marks(self) -> bool:
        """Whether the older one is surely enough changed to be marked."""
        return self.change >= self.mark_from

    @property
    def is_likely(self) -> bool:
        """Whether the older one is likely changed."""
        return self.change >= self.likely_from

    def less_likely(self) -> Bearing:
        """The bearing beside a likelier one."""
        return replace(self, mark_from=self.beside_likelier)

    @property
    def allows_merge(self) -> bool:
        """Whether two statements with the same words may be one."""
        return self.not_same < LIKELIER


def bearing_of(likely: Mapping[str, float]) -> Bearing:
    """What a judge's distribution over relations means."""
    return Bearing(
        change=sum(likely.get(name, 0.0) for name in CHANGES),
        not_same=sum(likely.get(name, 0.0) for name in DENIES_SAME),
        past=likely.get("past", 0.0),
    )
