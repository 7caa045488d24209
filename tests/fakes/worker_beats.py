"""Worker processes that have said that they run, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.worker_beat import WorkerBeat


class FakeWorkerBeats:
    """The WorkerBeats port; nobody is forgotten."""

    def __init__(self) -> None:
        self.beats: dict[str, WorkerBeat] = {}

    async def beat(self, beat: WorkerBeat) -> None:
        self.beats[beat.name] = beat

    async def stop(self, beat: WorkerBeat) -> None:
        self.beats.pop(beat.name, None)

    async def running(self) -> Sequence[WorkerBeat]:
        return sorted(
            self.beats.values(),
            key=lambda beat: (beat.queue, beat.started_at, beat.name),
        )
