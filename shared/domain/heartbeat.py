"""A worker process that says that it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One process of a worker, and what it has in hand."""

    queue: str
    """Whose jobs it takes: "text" or "files"."""
    host: str
    pid: int
    started_at: int
    """Epoch milliseconds."""
    jobs: tuple[str, ...] = ()
    """Ids; none while it waits for work."""

    @property
    def name(self) -> str:
        """No other process has it at the same time."""
        return f"{self.queue}@{self.host}:{self.pid}"
