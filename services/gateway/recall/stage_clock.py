"""How long the stages of a recall take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from shared.tracing import past_span

EMBED, CANDIDATES, RANK, RERANK, CHANGES = (
    "embed",
    "candidates",
    "rank",
    "rerank",
    "changes",
)
"""`embed` is a part of `candidates`: its longest vector."""


class StageClock:
    """Seconds by stage: of what runs side by side, the longest."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def of(self, stage: str) -> Iterator[None]:
        """The block is a stage."""
        begun, started = time.time(), time.perf_counter()
        try:
            yield
        finally:
            took = time.perf_counter() - started
            self.seconds[stage] = max(took, self.seconds.get(stage, 0.0))
            past_span(f"recall {stage}", begun, begun + took)
