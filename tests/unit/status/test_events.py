"""A job's progress as a stream."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

from services.status.progress_events import events
from shared.domain.job import Job, Progress, State, Step
from shared.errors import Unavailable
from tests.fakes.progress_bus import FakeProgressBus
from tests.unit.status.status_bench import StatusBench

LONG = 600.0


def view(chunk: bytes) -> tuple[str, Any]:
    """(event, data) of a server-sent event."""
    event, data = chunk.decode().strip().split("\n")
    return event.removeprefix("event: "), json.loads(data.removeprefix("data: "))


class Listener:
    """Somebody who reads the stream of a job."""

    def __init__(self, bench: StatusBench, job: Job, silence: float = LONG) -> None:
        self.chunks: list[bytes] = []
        self.task = asyncio.create_task(self._listen(bench, job, silence))

    async def _listen(self, bench: StatusBench, job: Job, silence: float) -> None:
        async for chunk in events(bench.ports, job, silence):
            self.chunks.append(chunk)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(60):
            while len(self.chunks) < count:
                await asyncio.sleep(0.005)

    async def end(self) -> list[tuple[str, Any]]:
        async with asyncio.timeout(60):
            await self.task
        return [view(chunk) for chunk in self.chunks if not chunk.startswith(b":")]


async def watched(bench: StatusBench, job: Job) -> None:
    async with asyncio.timeout(60):
        while not bench.progress_bus.watchers(job.id):
            await asyncio.sleep(0.005)


async def ended(bench: StatusBench, job: Job) -> None:
    await bench.jobs.put(job.ended(State.COMPLETED, 2))
    await bench.progress_bus.publish(
        Progress(job.id, State.COMPLETED, Step.DONE, memories=4)
    )


async def test_it_shows_every_change_and_the_end() -> None:
    bench = StatusBench()
    job = await bench.job(state=State.RUNNING)
    await bench.progress_bus.publish(Progress(job.id, State.RUNNING, Step.PARSE))
    listener = Listener(bench, job)
    await listener.until(1)
    await bench.progress_bus.publish(
        Progress(job.id, State.RUNNING, Step.EXTRACT, passages=9)
    )
    await ended(bench, job)
    heard = await listener.end()
    assert [(name, data["step"]) for name, data in heard] == [
        ("progress", "parse"),
        ("progress", "extract"),
        ("end", "done"),
    ]
    assert heard[1][1]["progress"]["passages"] == 9
    assert (heard[-1][1]["status"], heard[-1][1]["progress"]["memories"]) == (
        "completed",
        4,
    )


async def test_a_job_that_has_ended_sends_only_its_end() -> None:
    bench = StatusBench()
    listener = Listener(bench, await bench.job(state=State.FAILED, error_code=50107))
    assert [(name, data["error_code"]) for name, data in await listener.end()] == [
        ("end", 50107)
    ]


async def test_an_end_that_nobody_published_is_found_on_the_record() -> None:
    bench = StatusBench()
    job = await bench.job(state=State.RUNNING)
    listener = Listener(bench, job, silence=0.02)
    await listener.until(3)
    assert set(listener.chunks[1:]) == {b": waiting\n\n"}
    await bench.jobs.put(job.ended(State.COMPLETED, 2))
    assert [name for name, _ in await listener.end()] == ["progress", "end"]


async def test_without_a_board_the_stream_ends_without_an_end() -> None:
    class Away(FakeProgressBus):
        async def watch(self, job: str) -> Any:
            raise Unavailable("away")
            yield

    bench = StatusBench()
    bench.ports = replace(bench.ports, progress_bus=Away())
    assert [
        name
        for name, _ in await Listener(bench, await bench.job(state=State.RUNNING)).end()
    ] == ["progress"]


async def test_the_stream_of_a_group_ends_with_the_last_of_its_jobs() -> None:
    bench = StatusBench()
    other = await bench.job("other", state=State.RUNNING, user="ben")
    job = await bench.job(state=State.RUNNING, companions=(other.id,))
    listener = Listener(bench, job)
    await listener.until(1)
    await ended(bench, job)
    await watched(bench, other)
    await bench.progress_bus.publish(Progress(other.id, State.RUNNING, Step.EMBED))
    await bench.jobs.put(other.ended(State.FAILED, 2, code=50107, message="torn"))
    await bench.progress_bus.publish(Progress(other.id, State.FAILED, Step.DONE))
    heard = await listener.end()
    assert {data["task_id"] for _, data in heard} == {job.id}
    assert [data["step"] for name, data in heard if name == "progress"][-1] == "embed"
    assert (heard[-1][0], heard[-1][1]["status"], heard[-1][1]["error_code"]) == (
        "end",
        "failed",
        50107,
    )


async def test_who_leaves_is_not_watched_for_any_more() -> None:
    bench = StatusBench()
    job = await bench.job(state=State.RUNNING)
    await bench.progress_bus.publish(Progress(job.id, State.RUNNING, Step.PARSE))
    listener = Listener(bench, job)
    await listener.until(1)
    listener.task.cancel()
    await asyncio.gather(listener.task, return_exceptions=True)
    assert bench.progress_bus.watchers(job.id) == 0


async def test_over_http() -> None:
    bench = StatusBench()
    job = await bench.job(state=State.RUNNING)
    asking = asyncio.create_task(
        bench.client.get(f"/jobs/{job.id}/events", params={"project": "one"})
    )
    await watched(bench, job)
    await ended(bench, job)
    answer = await asking
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [view(chunk.encode())[0] for chunk in answer.text.strip().split("\n\n")] == [
        "progress",
        "end",
    ]
