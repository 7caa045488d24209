"""What a turn states, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workers.pipeline.extract.speech.turns import Turn

PREFERENCES = ("explicit_preference", "implicit_preference")


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of a turn, letter by letter. `kind` and `owner` as in `KeptPart`."""

    text: str
    kind: str
    owner: str
    start: int
    kinds: Mapping[str, float]

    @property
    def is_preference(self) -> bool:
        """Whether it tells a taste or a habit."""
        return self.kind in PREFERENCES


@dataclass(frozen=True, slots=True)
class TurnReading:
    """A turn with its statements in order and the likeliest of its labels."""

    turn: Turn
    statements: tuple[Statement, ...]
    labels: Mapping[str, float]
    passed_over: tuple[Statement, ...] = ()
    """Sentences of a turn without a statement that may yet change something known."""
    tastes: tuple[Statement, ...] = ()
    """Clauses of its statements that tell tastes, of those that tell other things too."""

    def likely(self, label: str) -> float:
        """The probability of a label: that of the segment where it is highest."""
        return self.labels.get(label, 0.0)
