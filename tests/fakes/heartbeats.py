"""Worker processes that have said that they run, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.heartbeat import Heartbeat


class FakeHeartbeats:
    """The Heartbeats port; nobody is forgotten."""

    def __init__(self) -> None:
        self.written: dict[str, Heartbeat] = {}

    async def write(self, heartbeat: Heartbeat) -> None:
        self.written[heartbeat.name] = heartbeat

    async def stop(self, heartbeat: Heartbeat) -> None:
        self.written.pop(heartbeat.name, None)

    async def running(self) -> Sequence[Heartbeat]:
        return sorted(
            self.written.values(),
            key=lambda each: (each.queue, each.started_at, each.name),
        )
