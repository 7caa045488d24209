"""One call of a language model, without what was asked and answered."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.model_answer import Usage


@dataclass(frozen=True, slots=True)
class ModelCall:
    """What for, how it ended, and what it cost."""

    at: int
    """Epoch milliseconds at its end."""
    role: str
    """extract, vision or chat."""
    model: str
    outcome: str
    """As in `shared.metering.metered_model`: answered, cut, unavailable, ..."""
    usage: Usage
