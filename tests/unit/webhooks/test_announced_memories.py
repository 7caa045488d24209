"""Every change of what a user's lists show leaves an event in the outbox, before it is
made; what is none leaves none, and costs nothing where nobody listens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from shared.domain.filter import Condition
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Memory, SparseVector, Status, Type
from shared.domain.memory_detail import FEEDBACK, NOTES
from shared.domain.scope import Scope
from shared.domain.webhook_endpoint import MemoryEvent, WebhookEndpoint
from shared.errors import Unavailable
from shared.jobs.clock import now
from shared.ports import Memories
from shared.webhooks.announced_memories import UNSURE_MS, announced
from shared.webhooks.endpoint_cache import EndpointCache
from tests.fakes.memories import FakeMemories
from tests.fakes.webhook_endpoints import FakeOutbox, FakeWebhookEndpoints
from tests.support.leaving_memories import let_leave

ADD, UPDATE, DELETE, CATEGORIZE = MemoryEvent


def memory(name: str = "tea", user: str = "ana", **more: Any) -> Memory:
    made = Memory(
        computed_id(name), Scope("one", user), Type.WORKING, f"I like {name}."
    )
    return replace(made, **{"created_at": 1, "updated_at": 1, **more})


def embedded(*memories: Memory) -> list[Embedded]:
    vector = SparseVector((1,), (1.0,))
    return [Embedded(each, vector, (1.0, 0.0)) for each in memories]


class Bench:
    """The memories of a process, with one webhook of project "one"."""

    def __init__(self, *events: MemoryEvent, memories: Memories | None = None) -> None:
        self.stored = FakeMemories()
        self.endpoints, self.outbox = FakeWebhookEndpoints(), FakeOutbox()
        if events:
            hook = WebhookEndpoint(
                computed_id("hook"), "one", "https://h.example", "s", events=events
            )
            self.endpoints.stored[hook.id] = hook
        cache = EndpointCache(self.endpoints, 60)
        self.memories = announced(memories or self.stored, cache, self.outbox)

    @property
    def told(self) -> list[tuple[MemoryEvent, str]]:
        names = {computed_id(name): name for name in ("tea", "milk", "wine", "old")}
        return sorted((e.event, names[e.memory]) for e in self.outbox.stored.values())

    def forget(self) -> None:
        self.outbox.stored.clear()


async def test_adding_changing_archiving_and_deleting_are_told() -> None:
    bench = Bench(ADD, UPDATE, DELETE)
    await bench.memories.put(embedded(memory("tea"), memory("milk")))
    assert bench.told == [(ADD, "milk"), (ADD, "tea")]
    bench.forget()
    changed = memory("tea", text="I like green tea.", updated_at=2)
    await bench.memories.put(embedded(changed))
    assert bench.told == [(UPDATE, "tea")]
    bench.forget()
    await bench.memories.archive([changed.archived(3)])
    assert bench.told == [(DELETE, "tea")]
    bench.forget()
    await bench.memories.delete("one", [memory("tea").id, memory("milk").id])
    assert bench.told == [(DELETE, "milk")]


async def test_what_comes_back_from_the_archive_is_added() -> None:
    bench = Bench(ADD, UPDATE, DELETE)
    archived = memory("tea", status=Status.FORGOTTEN)
    await bench.memories.put(embedded(archived))
    assert bench.told == []
    await bench.memories.archive([replace(archived, status=Status.ACTIVATED)])
    assert bench.told == [(ADD, "tea")]


@pytest.mark.parametrize("key", NOTES)
async def test_a_note_on_what_changed_is_told_a_thumb_is_not(key: str) -> None:
    bench = Bench(ADD, UPDATE, DELETE)
    await bench.stored.put(embedded(memory("tea")))
    rated = memory("tea", detail={FEEDBACK: {"value": "POSITIVE"}}, updated_at=2)
    await bench.memories.update_detail([rated])
    await bench.memories.mark_recalled("one", [rated.id], 5)
    await bench.memories.put(embedded(replace(rated, said_at=9)))
    assert bench.told == []
    noted = replace(rated, detail={key: [{"by": "x", "said_at": 1}]})
    await bench.memories.update_detail([noted])
    assert bench.told == [(UPDATE, "tea")]


async def test_who_asks_for_it_is_told_what_got_categories_or_others() -> None:
    bench = Bench(CATEGORIZE)
    plain, tagged = memory("milk", tags=("mode:fine",)), memory("tea", tags=("drinks",))
    await bench.memories.put(embedded(plain, tagged))
    assert bench.told == [(CATEGORIZE, "tea")]
    bench.forget()
    reworded = replace(tagged, text="I like it.", tags=("mode:fine", "drinks"))
    await bench.memories.put(embedded(reworded))
    await bench.memories.archive([plain.archived(2)])
    assert bench.told == []
    await bench.memories.put(embedded(replace(reworded, tags=("food",), updated_at=2)))
    assert bench.told == [(CATEGORIZE, "tea")]
    bench.forget()
    await bench.memories.put(embedded(replace(reworded, tags=(), updated_at=3)))
    assert bench.told == [(CATEGORIZE, "tea")]


async def test_categories_are_told_after_the_memory_that_has_them() -> None:
    bench = Bench(*MemoryEvent)
    await bench.memories.put(embedded(memory("tea", tags=("drinks",))))
    due = sorted(bench.outbox.stored.values(), key=lambda event: event.due_at)
    assert [event.event for event in due] == [ADD, CATEGORIZE]


async def test_raw_messages_and_documents_are_not_told() -> None:
    bench = Bench(ADD, UPDATE, DELETE)
    raw, passage = memory("tea", fast=True), memory("milk", knowledge_base="kb")
    await bench.memories.put(embedded(raw, passage))
    await bench.memories.delete_where("one", fast_of_job="job")
    await bench.memories.delete_where("one", knowledge_base="kb")
    assert bench.told == []
    assert raw.id in bench.stored.stored and passage.id not in bench.stored.stored


async def test_deleting_a_user_or_by_a_filter_tells_each_memory() -> None:
    bench = Bench(ADD, UPDATE, DELETE)
    await bench.stored.put(
        embedded(
            memory("tea", expires_at=2),
            memory("milk", tags=("drinks",)),
            memory("wine", user="ben"),
            memory("old", status=Status.ARCHIVED),
        )
    )
    condition = Condition("tags", "contains", "drinks")
    await bench.memories.delete_where("one", filter=condition)
    assert bench.told == [(DELETE, "milk")]
    bench.forget()
    await bench.memories.delete_where("one", "ana")
    assert bench.told == [(DELETE, "tea")]
    assert set(bench.stored.stored) == {memory("wine").id}


async def test_only_what_an_endpoint_wants_and_only_of_its_project() -> None:
    bench = Bench(DELETE)
    other = replace(memory("milk"), scope=Scope("two", "ana"))
    await bench.memories.put(embedded(memory("tea"), other))
    await bench.memories.delete("two", [other.id])
    assert bench.told == []
    await bench.memories.delete("one", [memory("tea").id])
    assert bench.told == [(DELETE, "tea")]


async def test_what_has_been_deleted_meanwhile_is_not_told_as_archived() -> None:
    bench = Bench(ADD, UPDATE, DELETE)
    await bench.memories.archive([memory("tea").archived(2)])
    assert bench.told == []


async def test_an_event_is_there_before_the_change_and_due_after_it() -> None:
    seen: list[int] = []

    class Watching(FakeMemories):
        async def put(self, memories: Sequence[Embedded]) -> None:
            (event,) = bench.outbox.stored.values()
            seen.append(event.due_at)
            await super().put(memories)

    bench = Bench(ADD, memories=Watching())
    before = now()
    await bench.memories.put(embedded(memory()))
    (event,) = bench.outbox.stored.values()
    assert seen[0] >= before + UNSURE_MS > now() >= event.due_at


async def test_of_a_change_that_broke_off_the_event_stays_to_be_looked_into() -> None:
    class Breaks(FakeMemories):
        async def put(self, memories: Sequence[Embedded]) -> None:
            raise Unavailable("away")

    bench = Bench(ADD, memories=Breaks())
    with pytest.raises(Unavailable):
        await bench.memories.put(embedded(memory()))
    assert [e.due_at > now() for e in bench.outbox.stored.values()] == [True]


async def test_where_events_cannot_be_written_nothing_is_changed() -> None:
    class Full(FakeOutbox):
        async def put(self, events: Sequence[Any]) -> None:
            raise Unavailable("away")

    bench = Bench(ADD)
    cache = EndpointCache(bench.endpoints, 60)
    memories = announced(bench.stored, cache, Full())
    with pytest.raises(Unavailable):
        await memories.put(embedded(memory()))
    assert bench.stored.stored == {}


async def test_without_webhooks_nothing_is_read_of_memories_and_nothing_written() -> (
    None
):
    class Counts(FakeMemories):
        reads = 0

        async def get(self, project: str, ids: Sequence[str]) -> list[Memory]:
            self.reads += 1
            return await super().get(project, ids)

        async def page(self, *given: Any, **more: Any) -> Any:
            self.reads += 1
            return await super().page(*given, **more)

    stored = Counts()
    bench = Bench(memories=stored)
    await bench.memories.put(embedded(memory("tea", fast=True)))
    assert bench.endpoints.reads == 0
    await bench.memories.put(embedded(memory("tea")))
    await bench.memories.archive([memory("tea").archived(2)])
    await bench.memories.update_detail([memory("tea")])
    await bench.memories.delete("one", [memory("milk").id])
    await bench.memories.delete_where("one", "ben")
    # the fake's own deletion reads once
    assert (stored.reads, bench.endpoints.reads, bench.outbox.stored) == (1, 1, {})


async def test_an_endpoint_that_is_off_hears_nothing() -> None:
    bench = Bench(ADD)
    (hook,) = bench.endpoints.stored.values()
    await bench.endpoints.put(replace(hook, is_active=False))
    await bench.memories.put(embedded(memory()))
    assert bench.told == []


async def test_endpoints_are_read_again_after_a_while() -> None:
    endpoints = FakeWebhookEndpoints()
    cache = EndpointCache(endpoints, 0)
    assert await cache.active("one") == []
    hook = WebhookEndpoint(computed_id("hook"), "one", "https://h.example", "s")
    await endpoints.put(hook)
    assert await cache.active("one") == [hook]


async def test_what_goes_while_a_deletion_is_listed_takes_no_event_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = Bench(DELETE)
    many = [memory(str(number), created_at=number) for number in range(600)]
    await bench.stored.put(embedded(*many))
    let_leave(monkeypatch, bench.stored)
    await bench.memories.delete_where("one", user="ana")
    told = {event.memory for event in bench.outbox.stored.values()}
    assert told == {each.id for each in many}
