"""What a worker process says of itself."""

from __future__ import annotations

import asyncio
import os

from shared.domain.heartbeat import Heartbeat
from shared.errors import Unavailable
from tests.fakes.heartbeats import FakeHeartbeats
from workers.heartbeat_writer import HeartbeatWriter, writing_heartbeats


class _Seen(FakeHeartbeats):
    """Every heartbeat can be waited for; the first `failures` of them cannot be written."""

    def __init__(self, failures: int = 0) -> None:
        super().__init__()
        self.seen: asyncio.Queue[tuple[str, ...]] = asyncio.Queue()
        self._failures = failures

    async def write(self, heartbeat: Heartbeat) -> None:
        self.seen.put_nowait(heartbeat.jobs)
        if self._failures:
            self._failures -= 1
            raise Unavailable("Redis does not answer")
        await super().write(heartbeat)


async def test_it_says_what_it_has_in_hand_and_that_it_ends() -> None:
    heartbeats, writer = _Seen(), HeartbeatWriter("text")
    async with writing_heartbeats(writer, heartbeats):
        assert await heartbeats.seen.get() == ()
        with writer.working_on("one"), writer.working_on("two"):
            assert await heartbeats.seen.get() == ("one", "two")
        assert await heartbeats.seen.get() == ()
        (running,) = await heartbeats.running()
        assert (running.queue, running.pid) == ("text", os.getpid())
    assert list(await heartbeats.running()) == []


async def test_a_heartbeat_that_is_not_taken_stops_nothing() -> None:
    heartbeats, writer = _Seen(failures=1), HeartbeatWriter("files")
    async with writing_heartbeats(writer, heartbeats):
        assert await heartbeats.seen.get() == ()
        with writer.working_on("one"):
            assert await heartbeats.seen.get() == ("one",)
            assert [each.jobs for each in await heartbeats.running()] == [("one",)]
