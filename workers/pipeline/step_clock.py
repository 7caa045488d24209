"""How long the steps of a try take."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from shared.domain.job import Step

_MOST_SPANS = 200
"""A long document goes from step to step for each batch: only the first ones are kept one by one."""


@dataclass(frozen=True, slots=True)
class Span:
    """A step from its beginning to the next one, epoch seconds."""

    step: Step
    begin: float
    end: float


class StepClock:
    """Counts for the step that was entered last; what runs beside it counts as that.
    `clock` counts epoch seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.begun = clock()
        self._step: Step | None = None
        self._since = self.begun
        self._seconds: Counter[Step] = Counter()
        self._spans: list[Span] = []

    def enter(self, step: Step) -> None:
        """From now on it is this step."""
        if step is not self._step:
            self.stop()
            self._step = step

    def stop(self) -> None:
        """From now on it is none."""
        now = self._clock()
        if self._step is not None:
            self._seconds[self._step] += now - self._since  # type: ignore[assignment]
            if len(self._spans) < _MOST_SPANS:
                self._spans.append(Span(self._step, self._since, now))
        self._step, self._since = None, now

    @property
    def seconds(self) -> dict[str, float]:
        """By step, until the last change."""
        return {str(step): seconds for step, seconds in self._seconds.items()}

    def spans(self) -> Iterator[Span]:
        """In their order."""
        yield from self._spans
