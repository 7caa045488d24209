"""Webhooks of projects: each event at least once, again after a failure, for a day; what
did not happen never, and what was deleted meanwhile without a word of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from services.status.event_dispatcher import KEPT_MS, EventDispatcher, EventPorts
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Memory, SparseVector, Status, Type
from shared.domain.memory_detail import CHANGES
from shared.domain.scope import Scope
from shared.domain.webhook_endpoint import (
    MemoryEvent,
    OldSecret,
    OutboxEvent,
    WebhookEndpoint,
)
from shared.errors import Permanent, Unavailable
from shared.jobs.clock import now
from tests.fakes.leases import FakeLeases
from tests.fakes.memories import FakeMemories
from tests.fakes.webhook_endpoints import FakeOutbox, FakeWebhookEndpoints
from tests.fakes.webhooks import FakeWebhooks

ADD, UPDATE, DELETE, CATEGORIZE = MemoryEvent
URL = "https://hooks.example/memory"
AT = 1_765_376_340_736


class Bench:
    """One webhook, and what stands around it."""

    def __init__(
        self, calls: FakeWebhooks | None = None, pauses: tuple[float, ...] = (0.0,)
    ) -> None:
        self.endpoints, self.outbox = FakeWebhookEndpoints(), FakeOutbox()
        self.memories, self.leases = FakeMemories(), FakeLeases()
        self.calls, self.pauses = calls or FakeWebhooks(), pauses
        self.hook = WebhookEndpoint(computed_id("hook"), "one", URL, "whsec_own")
        self.endpoints.stored[self.hook.id] = self.hook
        self.dispatcher = self.another()

    def another(self) -> EventDispatcher:
        ports = EventPorts(
            self.endpoints, self.outbox, self.memories, self.leases, self.calls
        )
        return EventDispatcher(ports, UTC, 0.01, self.pauses, CollectorRegistry())

    async def remember(self, name: str, **more: Any) -> Memory:
        memory = replace(
            Memory(computed_id(name), Scope("one", "ana"), Type.WORKING, name),
            created_at=AT,
            updated_at=AT,
            **more,
        )
        await self.memories.put([Embedded(memory, SparseVector((1,), (1.0,)))])
        return memory

    async def event(self, kind: MemoryEvent, name: str, **more: Any) -> OutboxEvent:
        made = OutboxEvent(
            computed_id("event", kind, name),
            "one",
            self.hook.id,
            kind,
            computed_id(name),
            "ana",
            AT,
            now(),
            now() - 1,
        )
        await self.outbox.put([replace(made, **more)])
        return made

    async def dispatch(self, times: int = 1) -> None:
        for _ in range(times):
            await self.dispatcher.dispatch_due()
            await self.dispatcher.wait_until_idle()

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, _, body in self.calls.deliveries]

    @property
    def state(self) -> WebhookEndpoint:
        return self.endpoints.stored[self.hook.id]


async def test_an_event_is_told_once_with_the_memory_as_it_is() -> None:
    bench = Bench()
    memory = await bench.remember("I like tea.", tags=("drinks",), info={"a": 1})
    event = await bench.event(ADD, "I like tea.")
    await bench.dispatch(3)
    ((url, id, body),) = bench.calls.deliveries
    assert (url, id, bench.outbox.stored) == (URL, f"msg_{event.id}", {})
    told = {"memory": "I like tea."}
    details = {"id": memory.id, "data": told, "event": "ADD"}
    assert (body["type"], body["project_id"]) == ("memory_add", "one")
    assert body["event_details"] == details
    assert body["data"] == {
        "id": memory.id,
        "user_id": "ana",
        "memory": "I like tea.",
        "memory_type": "WorkingMemory",
        "tags": ["drinks"],
        "info": {"a": 1},
        "created_at": "2025-12-10T14:19:00.736Z",
        "updated_at": "2025-12-10T14:19:00.736Z",
    }


async def test_a_deletion_has_the_id_and_nothing_of_what_was_said() -> None:
    bench = Bench()
    await bench.remember("I like tea.", status=Status.ARCHIVED)
    await bench.event(DELETE, "I like tea.")
    await bench.event(DELETE, "I like milk.")
    await bench.dispatch()
    assert len(bench.bodies) == 2
    for body in bench.bodies:
        assert body["data"].keys() == {"id", "user_id"}
        assert body["event_details"]["data"] == {"memory": None}
        assert body["event_details"]["event"] == "DELETE"


async def test_categories_come_in_the_form_that_mem0_documents() -> None:
    bench = Bench()
    memory = await bench.remember("I like tea.", tags=("mode:fine", "drinks", "hobby"))
    await bench.event(CATEGORIZE, "I like tea.")
    await bench.event(CATEGORIZE, "I like milk.")  # gone meanwhile
    await bench.dispatch()
    (body,) = bench.bodies
    assert (body["type"], body["data"]["id"]) == ("memory_categorize", memory.id)
    assert body["event_details"] == {
        "event": "CATEGORIZE",
        "memory_id": memory.id,
        "categories": ["drinks", "hobby"],
    }


@pytest.mark.parametrize(("expires_at", "is_quoted"), [(0, True), (AT, False)])
async def test_what_is_outdated_says_so(expires_at: int, is_quoted: bool) -> None:
    bench = Bench()
    newer = await bench.remember("I live in Oslo.", expires_at=expires_at)
    text = "I live in Rome."
    change = {
        "by": newer.id,
        "said_at": AT,
        "start": 0,
        "end": len(text),
        "was": text,
        "part": [0, len(newer.text)],
    }
    await bench.remember(text, detail={CHANGES: [change]})
    await bench.event(UPDATE, text)
    await bench.dispatch()
    (body,) = bench.bodies
    assert body["data"]["memory"].startswith(text)
    assert ("Oslo" in body["data"]["memory"]) is is_quoted


async def test_what_did_not_happen_is_dropped() -> None:
    bench = Bench()
    await bench.remember("I like tea.")
    await bench.event(DELETE, "I like tea.")
    await bench.event(ADD, "I like milk.")
    await bench.event(UPDATE, "I like wine.")
    await bench.dispatch()
    assert (bench.bodies, bench.outbox.stored) == ([], {})


async def test_what_may_still_happen_is_left_alone() -> None:
    bench = Bench()
    await bench.event(ADD, "I like tea.", due_at=now() + 60_000)
    await bench.dispatch()
    assert (bench.bodies, len(bench.outbox.stored)) == ([], 1)


async def test_after_failures_it_is_told_under_the_same_id() -> None:
    bench = Bench(FakeWebhooks(Unavailable("500"), Unavailable("502")))
    await bench.remember("I like tea.")
    await bench.event(ADD, "I like tea.")
    await bench.dispatch(2)
    assert (bench.state.failures, bench.state.error) == (2, "502")
    await bench.dispatch()
    assert len(bench.calls.deliveries) == 3
    assert len({id for _, id, _ in bench.calls.deliveries}) == 1
    assert (bench.outbox.stored, bench.state) == ({}, bench.hook)


async def test_after_a_failure_a_receiver_is_left_alone_for_longer_and_longer() -> None:
    bench = Bench(FakeWebhooks(*[Unavailable("away")] * 9), (600.0, 1200.0))
    await bench.remember("I like tea.")
    event = await bench.event(ADD, "I like tea.")
    before = now()
    await bench.dispatch(3)
    assert len(bench.calls.deliveries) == 1
    assert bench.state.retry_at >= before + 600_000
    assert bench.outbox.stored[event.id].due_at >= before + 600_000
    await bench.endpoints.put(replace(bench.state, retry_at=0))
    await bench.outbox.put([replace(event, attempts=1)])
    await bench.dispatch()
    assert (bench.state.failures, len(bench.calls.deliveries)) == (2, 2)
    assert bench.state.retry_at >= before + 1_200_000


async def test_what_a_receiver_cannot_take_stops_no_others() -> None:
    class Picky(FakeWebhooks):
        async def deliver(
            self, url: str, id: str, body: bytes, secret: str = ""
        ) -> None:
            await super().deliver(url, id, body, secret)
            if b"I like tea." in body:
                raise Unavailable("the receiver answered 500")

    bench = Bench(Picky(), (600.0,))
    bad = await bench.event(ADD, "I like tea.", due_at=1)
    await bench.remember("I like tea.")
    for number in range(40):
        await bench.remember(f"I like {number}.")
        await bench.event(ADD, f"I like {number}.")
    await bench.dispatch()
    assert list(bench.outbox.stored) == [bad.id]
    assert len(bench.calls.deliveries) == 41
    assert (bench.state.failures, bench.state.retry_at) == (0, 0)
    assert bench.state.error == "the receiver answered 500"


async def test_after_a_day_an_event_is_given_up() -> None:
    bench = Bench(FakeWebhooks(Unavailable("away")))
    await bench.remember("I like tea.")
    await bench.event(ADD, "I like tea.", created_at=now() - KEPT_MS - 1)
    await bench.dispatch()
    assert (len(bench.bodies), bench.outbox.stored) == (1, {})


async def test_a_receiver_that_wants_no_more_is_asked_no_more() -> None:
    bench = Bench(FakeWebhooks(Permanent("the receiver wants no more (410)")))
    for name in ("tea", "milk"):
        await bench.remember(name)
        await bench.event(ADD, name)
    await bench.dispatch(3)
    assert (bench.state.is_active, "410" in bench.state.error) == (False, True)
    assert bench.outbox.stored == {}


async def test_what_waits_for_an_endpoint_that_is_gone_or_off_is_dropped() -> None:
    for change in ("delete", "off"):
        bench = Bench()
        await bench.remember("tea")
        await bench.event(ADD, "tea")
        if change == "off":
            await bench.endpoints.put(replace(bench.hook, is_active=False))
        else:
            await bench.endpoints.delete("one", bench.hook.id)
        await bench.dispatch()
        assert (bench.bodies, bench.outbox.stored) == ([], {})


async def test_of_one_memory_events_are_told_in_their_order() -> None:
    bench = Bench()
    await bench.remember("tea")
    for kind in (ADD, UPDATE):
        await bench.event(kind, "tea", due_at=1 + (kind is UPDATE))
    await bench.dispatch()
    assert [body["type"] for body in bench.bodies] == ["memory_add", "memory_update"]


async def test_who_dies_between_telling_and_noting_tells_again() -> None:
    class Dies(FakeOutbox):
        async def delete(self, ids: Any) -> None:
            if list(ids):
                raise asyncio.CancelledError

    bench = Bench()
    await bench.remember("tea")
    event = await bench.event(ADD, "tea")
    survivor, bench.outbox = bench.outbox, Dies()
    bench.outbox.stored = survivor.stored
    bench.dispatcher = bench.another()
    await bench.dispatch()
    bench.outbox = survivor
    bench.dispatcher = bench.another()
    await bench.dispatch()
    assert [id for _, id, _ in bench.calls.deliveries] == [f"msg_{event.id}"] * 2


async def test_two_replicas_tell_once_and_a_slow_receiver_holds_up_nobody() -> None:
    class Slow(FakeWebhooks):
        go_on = asyncio.Event()

        async def deliver(
            self, url: str, id: str, body: bytes, secret: str = ""
        ) -> None:
            await super().deliver(url, id, body, secret)
            if url == URL:
                await self.go_on.wait()

    calls = Slow()
    bench = Bench(calls)
    await bench.remember("tea")
    await bench.event(ADD, "tea")
    quick = replace(bench.hook, id=computed_id("quick"), url="https://quick.example")
    await bench.endpoints.put(quick)
    await bench.dispatcher.dispatch_due()
    second = bench.another()
    await bench.event(ADD, "tea", id=computed_id("other"), endpoint=quick.id)
    await second.dispatch_due()
    await second.wait_until_idle()
    await _until(lambda: len(calls.deliveries) == 2)
    calls.go_on.set()
    await bench.dispatcher.wait_until_idle()
    assert sorted(url for url, _, _ in calls.deliveries) == [URL, quick.url]


class Secrets(FakeWebhooks):
    """Those that each try was signed with."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    async def deliver(self, url: str, id: str, body: bytes, secret: str = "") -> None:
        self.seen.append(secret)


async def test_each_endpoint_has_its_own_secret() -> None:
    calls = Secrets()
    bench = Bench(calls)
    await bench.remember("tea")
    await bench.event(ADD, "tea")
    await bench.dispatch()
    assert calls.seen == ["whsec_own"]


async def test_an_old_secret_signs_too_until_its_time_is_over() -> None:
    calls = Secrets()
    bench = Bench(calls)
    at = now()
    ended, running = (
        OldSecret("whsec_ended", at - 1),
        OldSecret("whsec_old", at + 60_000),
    )
    await bench.endpoints.put(replace(bench.hook, old_secrets=(running, ended)))
    await bench.remember("tea")
    await bench.event(ADD, "tea")
    await bench.dispatch()
    assert calls.seen == ["whsec_own whsec_old"]


async def test_what_does_not_answer_now_is_told_later() -> None:
    class Away(FakeOutbox):
        async def due_endpoints(self, at: int) -> list[str]:
            raise Unavailable("away")

    bench = Bench()
    await bench.remember("tea")
    await bench.event(ADD, "tea")
    kept, bench.outbox = bench.outbox, Away()
    bench.dispatcher = bench.another()
    await bench.dispatch()
    bench.outbox = kept
    keeping = asyncio.create_task(bench.another().run())
    await _until(lambda: bool(bench.bodies))
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


async def _until(seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not seen():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


@pytest.mark.parametrize(
    "broken",
    [
        {"detail": {CHANGES: [7]}},
        {"detail": {CHANGES: [{"by": [], "said_at": "x"}]}},
        {"created_at": 10**16},
    ],
)
async def test_an_event_that_breaks_stops_no_other_and_is_given_up(broken: Any) -> None:
    bench = Bench(pauses=(600.0,))
    good = await bench.remember("I like tea.")
    bad = await bench.remember("I like milk.")
    entry = bench.memories.stored[bad.id]
    broken_memory = replace(entry.memory, **broken)
    bench.memories.stored[bad.id] = replace(entry, memory=broken_memory)
    event = await bench.event(ADD, "I like milk.", due_at=1)
    await bench.event(ADD, "I like tea.")
    await bench.dispatch(3)
    assert [body["data"]["id"] for body in bench.bodies] == [good.id]
    assert bench.state == bench.hook, "the receiver is not to blame"
    assert bench.outbox.stored[event.id].attempts == 1
    old = now() - KEPT_MS - 1
    await bench.outbox.put([replace(event, due_at=1, created_at=old)])
    await bench.dispatch(2)
    assert bench.outbox.stored == {}


async def test_a_look_that_breaks_ends_no_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()
    await bench.remember("I like tea.")
    await bench.event(ADD, "I like tea.")

    async def breaks(*_: Any) -> list[str]:
        monkeypatch.undo()
        raise ValueError("a record that cannot be read")

    monkeypatch.setattr(bench.outbox, "due_endpoints", breaks)
    running = asyncio.create_task(bench.dispatcher.run())
    async with asyncio.timeout(5):
        while not bench.calls.deliveries:
            await asyncio.sleep(0.01)
    running.cancel()
