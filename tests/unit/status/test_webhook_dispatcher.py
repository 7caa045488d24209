"""Webhooks: told at least once, again after a failure, not for ever, and never of a
task that still runs.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

from prometheus_client import CollectorRegistry

from services.status.webhook_dispatcher import WebhookDispatcher
from shared.domain.identity import computed_id
from shared.domain.job import Job, State
from shared.errors import Permanent, Unavailable
from tests.fakes.webhooks import FakeWebhooks
from tests.unit.status.status_bench import Desk

URL = "https://hooks.example/souvenir"
AT_ONCE = (0.0, 0.0, 0.0)
LONG = (600.0,)


def teller(
    desk: Desk, webhooks: Any, pauses: tuple[float, ...] = AT_ONCE, **ports: Any
) -> WebhookDispatcher:
    return WebhookDispatcher(
        replace(desk.ports, **ports), webhooks, 0.01, pauses, CollectorRegistry()
    )


async def ended(
    desk: Desk, name: str = "job", state: State = State.COMPLETED, **more: Any
) -> Job:
    job = (await desk.job(name, webhook=URL, state=State.RUNNING, **more)).ended(
        state, 1_765_376_340_736
    )
    await desk.jobs.put(job)
    return job


async def looked(teller: WebhookDispatcher, times: int = 1) -> None:
    for _ in range(times):
        await teller.look()
        await teller.settled()


def kept(desk: Desk, job: Job) -> Job:
    return desk.jobs.stored[job.id]


async def test_the_end_is_told_once() -> None:
    desk, webhooks = Desk(), FakeWebhooks()
    job = await ended(desk)
    await looked(teller(desk, webhooks), 3)
    ((url, id, body),) = webhooks.told
    assert (url, id.startswith("msg_")) == (URL, True)
    assert (body["type"], body["timestamp"]) == (
        "task.completed",
        "2025-12-10T14:19:00.736Z",
    )
    assert body["data"].keys() == (await desk.get(f"/jobs/{job.id}")).keys()
    assert (body["data"]["task_id"], body["data"]["status"], body["data"]["state"]) == (
        job.id,
        "completed",
        "completed",
    )
    assert (await desk.get(f"/jobs/{job.id}"))["webhook"] == {
        "url": URL,
        "state": "delivered",
        "attempts": 0,
        "error": "",
    }


async def test_a_bad_end_is_told_as_one() -> None:
    for state in (State.FAILED, State.DEAD, State.CANCELLED):
        desk, webhooks = Desk(), FakeWebhooks()
        await ended(desk, state=state)
        await looked(teller(desk, webhooks))
        assert [
            (body["type"], body["data"]["state"]) for _, _, body in webhooks.told
        ] == [("task.failed", state)]


async def test_nobody_is_told_of_what_still_runs_or_was_not_asked_for() -> None:
    desk, webhooks = Desk(), FakeWebhooks()
    await desk.job("running", state=State.RUNNING, webhook=URL)
    await desk.jobs.put(
        (await desk.job("nobody", state=State.RUNNING)).ended(State.COMPLETED, 5)
    )
    await looked(teller(desk, webhooks))
    assert webhooks.told == []


async def test_who_fails_twice_is_told_a_third_time_under_the_same_id() -> None:
    desk, webhooks = Desk(), FakeWebhooks(Unavailable("500"), Unavailable("502"))
    job = await ended(desk)
    await looked(teller(desk, webhooks), 5)
    assert len(webhooks.told) == 3
    assert len({id for _, id, _ in webhooks.told}) == 1
    assert (
        kept(desk, job).delivery.attempts,
        kept(desk, job).delivery.delivered_at > 0,
    ) == (2, True)


async def test_after_a_failure_there_is_a_pause() -> None:
    desk, webhooks = Desk(), FakeWebhooks(Unavailable("the receiver answered 500"))
    job = await ended(desk)
    before = time.time_ns() // 1_000_000
    await looked(teller(desk, webhooks, LONG), 3)
    assert len(webhooks.told) == 1
    assert kept(desk, job).delivery.due_at >= before + 600_000
    assert (await desk.get(f"/jobs/{job.id}"))["webhook"] == {
        "url": URL,
        "state": "waiting",
        "attempts": 1,
        "error": "the receiver answered 500",
    }


async def test_nobody_is_told_for_ever() -> None:
    desk, webhooks = Desk(), FakeWebhooks(*[Unavailable("away")] * 100)
    job = await ended(desk)
    await looked(teller(desk, webhooks), 20)
    assert len(webhooks.told) == len(AT_ONCE) + 1
    assert (await desk.get(f"/jobs/{job.id}"))["webhook"] == {
        "url": URL,
        "state": "failed",
        "attempts": len(AT_ONCE) + 1,
        "error": "away",
    }


async def test_who_must_not_be_told_is_tried_once() -> None:
    desk, webhooks = (
        Desk(),
        FakeWebhooks(Permanent("in a network that is not to be reached")),
    )
    job = await ended(desk)
    await looked(teller(desk, webhooks), 3)
    assert len(webhooks.told) == 1
    assert (await desk.get(f"/jobs/{job.id}"))["webhook"]["state"] == "failed"


async def test_a_teller_that_dies_between_telling_and_noting_tells_again() -> None:
    class Dies(FakeWebhooks):
        async def deliver(self, url: str, id: str, body: bytes) -> None:
            await super().deliver(url, id, body)
            raise asyncio.CancelledError

    desk, first, second = Desk(), Dies(), FakeWebhooks()
    job = await ended(desk)
    await looked(teller(desk, first))
    assert kept(desk, job).delivery.due_at
    await looked(teller(desk, second))
    assert first.told == second.told and len(second.told) == 1


async def test_two_replicas_tell_once() -> None:
    class Slow(FakeWebhooks):
        def __init__(self) -> None:
            super().__init__()
            self.go_on = asyncio.Event()

        async def deliver(self, url: str, id: str, body: bytes) -> None:
            await super().deliver(url, id, body)
            await self.go_on.wait()

    desk, webhooks = Desk(), Slow()
    await ended(desk)
    one, other = teller(desk, webhooks), teller(desk, webhooks)
    await one.look()
    await looked(other, 2)
    webhooks.go_on.set()
    await one.settled()
    await looked(other)
    assert len(webhooks.told) == 1


async def test_a_group_is_told_of_when_the_last_of_it_has_ended() -> None:
    desk, webhooks = Desk(), FakeWebhooks()
    other = await desk.job("other", user="ben", state=State.RUNNING)
    job = await ended(desk, body={"companions": [other.id]})
    await looked(teller(desk, webhooks), 2)
    assert webhooks.told == []
    await desk.jobs.put(other.ended(State.FAILED, 5))
    await desk.jobs.update_delivery(
        replace(kept(desk, job), delivery=replace(kept(desk, job).delivery, due_at=1))
    )
    await looked(teller(desk, webhooks))
    assert [body["type"] for _, _, body in webhooks.told] == ["task.failed"]


async def test_a_job_replayed_while_it_is_told_stays_replayed_and_is_told_of_again() -> (
    None
):
    class Replays(FakeWebhooks):
        async def deliver(self, url: str, id: str, body: bytes) -> None:
            await super().deliver(url, id, body)
            if len(self.told) == 1:
                await desk.post(f"/jobs/{job.id}/replay")

    desk, webhooks = Desk(), Replays()
    job = await ended(desk, state=State.FAILED)
    await looked(teller(desk, webhooks), 2)
    assert (kept(desk, job).state, len(webhooks.told)) == (State.QUEUED, 1)
    await desk.jobs.put(
        kept(desk, job).ended(State.COMPLETED, kept(desk, job).updated_at)
    )
    await looked(teller(desk, webhooks))
    assert [body["type"] for _, _, body in webhooks.told] == [
        "task.failed",
        "task.completed",
    ]
    assert len({id for _, id, _ in webhooks.told}) == 2


async def test_what_does_not_answer_now_is_told_later() -> None:
    class Away:
        def __getattr__(self, name: str) -> Any:
            async def ask(*_: Any, **__: Any) -> Any:
                raise Unavailable("away")

            return ask

    desk, webhooks = Desk(), FakeWebhooks()
    job = await ended(desk)
    await looked(teller(desk, webhooks, leases=Away()))
    await looked(teller(desk, webhooks, jobs=Away()))
    assert (webhooks.told, kept(desk, job).delivery.due_at > 0) == ([], True)
    await looked(teller(desk, webhooks))
    assert len(webhooks.told) == 1


async def test_it_keeps_looking() -> None:
    desk, webhooks = Desk(), FakeWebhooks()
    keeping = asyncio.create_task(teller(desk, webhooks).keep_telling())
    await ended(desk, computed_id("late"))
    async with asyncio.timeout(60):
        while not webhooks.told:
            await asyncio.sleep(0.005)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
