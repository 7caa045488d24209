"""How the system is doing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from shared.domain.heartbeat import Heartbeat
from shared.domain.model_answer import Usage
from shared.domain.model_call import ModelCall


class StoreState(Protocol):
    """What a store says of itself."""

    async def schema(self) -> int:
        """The number of the last migration that it has been through; 0 for one that was
        never given a number.
        """
        ...

    async def set_schema(self, number: int) -> None:
        """Write it."""
        ...

    async def restore_under_way(self) -> tuple[str, bool]:
        """Which backup is being restored, by the digest of its manifest, and whether
        what had been stored before is removed; "" and False where none is.
        """
        ...

    async def begin_restore(self, digest: str, is_cleared: bool) -> None:
        """From here on, until `end_restore`, the store is not whole."""
        ...

    async def end_restore(self) -> None:
        """The store is whole."""
        ...


class ModelUsage(Protocol):
    """What language models cost: figures that may be lost with Redis."""

    async def record(
        self, project: str, role: str, outcome: str, usage: Usage, model: str = ""
    ) -> None:
        """Count a call of a model and how it ended. Not idempotent."""
        ...

    async def latest(self, project: str, limit: int) -> list[ModelCall]:
        """The latest calls of a project, at most 200, the latest first."""
        ...

    async def tokens(self, project: str) -> tuple[int, int]:
        """The tokens that a project has used today and this month (UTC)."""
        ...

    async def forget(self, project: str) -> None:
        """Remove the figures of a project; those of all projects together stay."""
        ...

    async def totals(self) -> Mapping[tuple[str, str], Usage]:
        """What all projects have used, by role and outcome, since the figures began."""
        ...


class Tallies(Protocol):
    """Counters that processes share: figures that may be lost with Redis."""

    async def add(self, amounts: Mapping[str, int]) -> None:
        """Count amounts, by name. Not idempotent."""
        ...

    async def totals(self) -> Mapping[str, int]:
        """All that was counted, by name, since the figures began."""
        ...


class Heartbeats(Protocol):
    """Which worker processes run: what may be lost with Redis, and comes back by itself."""

    async def write(self, heartbeat: Heartbeat) -> None:
        """Say that a process runs; forgotten where it is not said again for a while."""
        ...

    async def stop(self, heartbeat: Heartbeat) -> None:
        """Say that a process ends; nothing happens where nobody knew of it."""
        ...

    async def running(self) -> Sequence[Heartbeat]:
        """Those that have said so lately, by queue, the oldest first."""
        ...
