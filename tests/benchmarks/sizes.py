"""How much each part of the suite does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sizes:
    """Amounts; `QUICK` is about ten minutes on two slow cores, `FULL` about an hour."""

    runs: int
    """Of each measurement; medians are over runs."""
    adds: int
    """Requests of one measurement of adds."""
    clients: tuple[int, ...]
    """Callers at a time."""
    turns: int
    """Messages of the conversation that is ingested."""
    searches: int
    """Questions of one measurement of searches."""
    memories: tuple[int, ...]
    """Sizes of the stores that are searched."""
    workers: tuple[int, ...]
    """Numbers of workers, or of calls at a time, of model-bound work."""
    jobs: int
    """Of one measurement of model-bound work."""
    pages: int
    """Of a large file."""
    chats: int
    gateways: tuple[int, ...] = (1, 2)
    peer: Path | None = None
    """The Python of an environment that has `mem0ai`; None leaves the peer out."""


QUICK = Sizes(1, 100, (1, 8), 60, 60, (1_000, 10_000), (1, 4), 24, 20, 8)
FULL = Sizes(
    3,
    300,
    (1, 8, 32),
    419,
    200,
    (1_000, 10_000, 100_000),
    (1, 2, 4, 8),
    64,
    100,
    20,
    (1, 2, 4),
)
