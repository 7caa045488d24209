"""What a reader finds in a message: what it is, whose matter it is, what of it to keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is read: `role` is user, assistant or tool; `previous` is the turn before as
    "role: text", or "".
    """

    text: str
    role: str = "user"
    previous: str = ""


@dataclass(frozen=True, slots=True)
class KeptPart:
    """`text[start:end]` is worth keeping. All numbers are probabilities."""

    start: int
    end: int
    probability: float
    kinds: Mapping[str, float]
    """fact, explicit_preference, implicit_preference, instruction, plan, event."""
    about: Mapping[str, float]
    """user, other, quoted, world."""

    @property
    def kind(self) -> str:
        """The likeliest kind."""
        return max(self.kinds, key=lambda name: self.kinds[name])

    @property
    def owner(self) -> str:
        """Whose matter it most likely is."""
        return max(self.about, key=lambda name: self.about[name])


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message is (several labels may hold), whose matter it is, its kept parts in
    order.
    """

    labels: Mapping[str, float] = field(default_factory=dict)
    """fact, preference, instruction, plan, event, question, request, small_talk,
    order_remember, order_forget, correction, thinking, worth_keeping.
    """
    about: Mapping[str, float] = field(default_factory=dict)
    parts: tuple[KeptPart, ...] = ()

    def likely(self, label: str) -> float:
        """The probability of a label, 0 for one that the reader does not know."""
        return self.labels.get(label, 0.0)
