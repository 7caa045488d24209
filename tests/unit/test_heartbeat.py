"""What a worker process says of itself."""

from __future__ import annotations

import asyncio
import os

from shared.domain.worker_beat import WorkerBeat
from shared.errors import Unavailable
from tests.fakes.worker_beats import FakeWorkerBeats
from workers.heartbeat import Heartbeat, beating


class _Told(FakeWorkerBeats):
    """Every beat can be waited for; the first `failures` of them cannot be written."""

    def __init__(self, failures: int = 0) -> None:
        super().__init__()
        self.told: asyncio.Queue[tuple[str, ...]] = asyncio.Queue()
        self._failures = failures

    async def beat(self, beat: WorkerBeat) -> None:
        self.told.put_nowait(beat.jobs)
        if self._failures:
            self._failures -= 1
            raise Unavailable("Redis does not answer")
        await super().beat(beat)


async def test_it_says_what_it_has_in_hand_and_that_it_ends() -> None:
    beats, heartbeat = _Told(), Heartbeat("text")
    async with beating(heartbeat, beats):
        assert await beats.told.get() == ()
        with heartbeat.working_on("one"), heartbeat.working_on("two"):
            assert await beats.told.get() == ("one", "two")
        assert await beats.told.get() == ()
        (running,) = await beats.running()
        assert (running.queue, running.pid) == ("text", os.getpid())
    assert list(await beats.running()) == []


async def test_a_beat_that_is_not_taken_stops_nothing() -> None:
    beats, heartbeat = _Told(failures=1), Heartbeat("files")
    async with beating(heartbeat, beats):
        assert await beats.told.get() == ()
        with heartbeat.working_on("one"):
            assert await beats.told.get() == ("one",)
            assert [beat.jobs for beat in await beats.running()] == [("one",)]
