"""Webhooks: view at least once, again after a failure, not for ever, and never of a
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
from tests.unit.status.status_bench import StatusBench

URL = "https://hooks.example/souvenir"
NO_PAUSES = (0.0, 0.0, 0.0)
LONG = (600.0,)


def dispatcher(
    bench: StatusBench,
    webhooks: Any,
    pauses: tuple[float, ...] = NO_PAUSES,
    **ports: Any,
) -> WebhookDispatcher:
    return WebhookDispatcher(
        replace(bench.ports, **ports), webhooks, 0.01, pauses, CollectorRegistry()
    )


async def ended(
    bench: StatusBench, name: str = "job", state: State = State.COMPLETED, **more: Any
) -> Job:
    job = (await bench.job(name, webhook=URL, state=State.RUNNING, **more)).ended(
        state, 1_765_376_340_736
    )
    await bench.jobs.put(job)
    return job


async def dispatch(dispatcher: WebhookDispatcher, times: int = 1) -> None:
    for _ in range(times):
        await dispatcher.dispatch_due()
        await dispatcher.wait_until_idle()


def stored(bench: StatusBench, job: Job) -> Job:
    return bench.jobs.stored[job.id]


async def test_the_end_is_delivered_once() -> None:
    bench, webhooks = StatusBench(), FakeWebhooks()
    job = await ended(bench)
    await dispatch(dispatcher(bench, webhooks), 3)
    ((url, id, body),) = webhooks.deliveries
    assert (url, id.startswith("msg_")) == (URL, True)
    assert (body["type"], body["timestamp"]) == (
        "task.completed",
        "2025-12-10T14:19:00.736Z",
    )
    assert body["data"].keys() == (await bench.get(f"/jobs/{job.id}")).keys()
    assert (body["data"]["task_id"], body["data"]["status"], body["data"]["state"]) == (
        job.id,
        "completed",
        "completed",
    )
    assert (await bench.get(f"/jobs/{job.id}"))["webhook"] == {
        "url": URL,
        "state": "delivered",
        "attempts": 0,
        "error": "",
    }


async def test_a_bad_end_is_delivered_as_one() -> None:
    for state in (State.FAILED, State.DEAD, State.CANCELLED):
        bench, webhooks = StatusBench(), FakeWebhooks()
        await ended(bench, state=state)
        await dispatch(dispatcher(bench, webhooks))
        assert [
            (body["type"], body["data"]["state"]) for _, _, body in webhooks.deliveries
        ] == [("task.failed", state)]


async def test_what_still_runs_or_was_not_asked_for_is_not_delivered() -> None:
    bench, webhooks = StatusBench(), FakeWebhooks()
    await bench.job("running", state=State.RUNNING, webhook=URL)
    await bench.jobs.put(
        (await bench.job("nobody", state=State.RUNNING)).ended(State.COMPLETED, 5)
    )
    await dispatch(dispatcher(bench, webhooks))
    assert webhooks.deliveries == []


async def test_after_two_failures_it_is_delivered_under_the_same_id() -> None:
    bench, webhooks = (
        StatusBench(),
        FakeWebhooks(Unavailable("500"), Unavailable("502")),
    )
    job = await ended(bench)
    await dispatch(dispatcher(bench, webhooks), 5)
    assert len(webhooks.deliveries) == 3
    assert len({id for _, id, _ in webhooks.deliveries}) == 1
    assert (
        stored(bench, job).delivery.attempts,
        stored(bench, job).delivery.delivered_at > 0,
    ) == (2, True)


async def test_after_a_failure_there_is_a_pause() -> None:
    bench, webhooks = (
        StatusBench(),
        FakeWebhooks(Unavailable("the receiver answered 500")),
    )
    job = await ended(bench)
    before = time.time_ns() // 1_000_000
    await dispatch(dispatcher(bench, webhooks, LONG), 3)
    assert len(webhooks.deliveries) == 1
    assert stored(bench, job).delivery.due_at >= before + 600_000
    assert (await bench.get(f"/jobs/{job.id}"))["webhook"] == {
        "url": URL,
        "state": "waiting",
        "attempts": 1,
        "error": "the receiver answered 500",
    }


async def test_a_delivery_is_given_up_at_last() -> None:
    bench, webhooks = StatusBench(), FakeWebhooks(*[Unavailable("away")] * 100)
    job = await ended(bench)
    await dispatch(dispatcher(bench, webhooks), 20)
    assert len(webhooks.deliveries) == len(NO_PAUSES) + 1
    assert (await bench.get(f"/jobs/{job.id}"))["webhook"] == {
        "url": URL,
        "state": "failed",
        "attempts": len(NO_PAUSES) + 1,
        "error": "away",
    }


async def test_what_is_refused_for_good_is_tried_once() -> None:
    bench, webhooks = (
        StatusBench(),
        FakeWebhooks(Permanent("in a network that is not to be reached")),
    )
    job = await ended(bench)
    await dispatch(dispatcher(bench, webhooks), 3)
    assert len(webhooks.deliveries) == 1
    assert (await bench.get(f"/jobs/{job.id}"))["webhook"]["state"] == "failed"


async def test_who_dies_between_delivering_and_noting_delivers_again() -> None:
    class Dies(FakeWebhooks):
        async def deliver(
            self, url: str, id: str, body: bytes, secret: str = ""
        ) -> None:
            await super().deliver(url, id, body)
            raise asyncio.CancelledError

    bench, first, second = StatusBench(), Dies(), FakeWebhooks()
    job = await ended(bench)
    await dispatch(dispatcher(bench, first))
    assert stored(bench, job).delivery.due_at
    await dispatch(dispatcher(bench, second))
    assert first.deliveries == second.deliveries and len(second.deliveries) == 1


async def test_two_replicas_deliver_once() -> None:
    class Slow(FakeWebhooks):
        def __init__(self) -> None:
            super().__init__()
            self.go_on = asyncio.Event()

        async def deliver(
            self, url: str, id: str, body: bytes, secret: str = ""
        ) -> None:
            await super().deliver(url, id, body)
            await self.go_on.wait()

    bench, webhooks = StatusBench(), Slow()
    await ended(bench)
    first, second = dispatcher(bench, webhooks), dispatcher(bench, webhooks)
    await first.dispatch_due()
    await dispatch(second, 2)
    webhooks.go_on.set()
    await first.wait_until_idle()
    await dispatch(second)
    assert len(webhooks.deliveries) == 1


async def test_a_group_is_delivered_when_its_last_job_has_ended() -> None:
    bench, webhooks = StatusBench(), FakeWebhooks()
    other = await bench.job("other", user="ben", state=State.RUNNING)
    job = await ended(bench, companions=(other.id,))
    await dispatch(dispatcher(bench, webhooks), 2)
    assert webhooks.deliveries == []
    await bench.jobs.put(other.ended(State.FAILED, 5))
    await bench.jobs.update_delivery(
        replace(
            stored(bench, job), delivery=replace(stored(bench, job).delivery, due_at=1)
        )
    )
    await dispatch(dispatcher(bench, webhooks))
    assert [body["type"] for _, _, body in webhooks.deliveries] == ["task.failed"]


async def test_a_job_replayed_during_its_delivery_stays_replayed_and_is_delivered_again() -> (
    None
):
    class Replays(FakeWebhooks):
        async def deliver(
            self, url: str, id: str, body: bytes, secret: str = ""
        ) -> None:
            await super().deliver(url, id, body)
            if len(self.deliveries) == 1:
                await bench.post(f"/jobs/{job.id}/replay")

    bench, webhooks = StatusBench(), Replays()
    job = await ended(bench, state=State.FAILED)
    await dispatch(dispatcher(bench, webhooks), 2)
    assert (stored(bench, job).state, len(webhooks.deliveries)) == (State.QUEUED, 1)
    await bench.jobs.put(
        stored(bench, job).ended(State.COMPLETED, stored(bench, job).updated_at)
    )
    await dispatch(dispatcher(bench, webhooks))
    assert [body["type"] for _, _, body in webhooks.deliveries] == [
        "task.failed",
        "task.completed",
    ]
    assert len({id for _, id, _ in webhooks.deliveries}) == 2


async def test_what_does_not_answer_now_is_delivered_later() -> None:
    class Away:
        def __getattr__(self, name: str) -> Any:
            async def ask(*_: Any, **__: Any) -> Any:
                raise Unavailable("away")

            return ask

    bench, webhooks = StatusBench(), FakeWebhooks()
    job = await ended(bench)
    await dispatch(dispatcher(bench, webhooks, leases=Away()))
    await dispatch(dispatcher(bench, webhooks, jobs=Away()))
    assert (webhooks.deliveries, stored(bench, job).delivery.due_at > 0) == ([], True)
    await dispatch(dispatcher(bench, webhooks))
    assert len(webhooks.deliveries) == 1


async def test_it_keeps_looking() -> None:
    bench, webhooks = StatusBench(), FakeWebhooks()
    keeping = asyncio.create_task(dispatcher(bench, webhooks).run())
    await ended(bench, computed_id("late"))
    async with asyncio.timeout(60):
        while not webhooks.deliveries:
            await asyncio.sleep(0.005)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def test_a_job_that_cannot_be_told_is_put_off_and_given_up() -> None:
    bench, webhooks = StatusBench(), FakeWebhooks()
    job = await ended(bench)
    await bench.jobs.put(replace(job, updated_at=10**17))
    serving = dispatcher(bench, webhooks, LONG)
    await dispatch(serving, 2)
    delivery = stored(bench, job).delivery
    assert (delivery.attempts, delivery.due_at > 0) == (1, True)
    await bench.jobs.put(
        replace(stored(bench, job), delivery=replace(delivery, due_at=1))
    )
    await dispatch(serving)
    assert (stored(bench, job).delivery.due_at, webhooks.deliveries) == (0, [])
