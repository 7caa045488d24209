"""tasks/{id}/undo: what a task added goes, what it changed comes back, what was changed
since stays and is named; whatever fails in between.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from services.gateway.jobs.plan_undo import (
    CHANGED_BY_HAND,
    CHANGED_SINCE,
    REPLACED_SINCE,
    SAID_AGAIN,
)
from services.gateway.memories import owner_hold
from shared.domain.job import Job, State
from shared.domain.job_payload import DocumentPayload
from shared.domain.memory import Memory
from shared.domain.memory_detail import CHANGES, LIKELY_CHANGES
from shared.domain.scope import Scope
from shared.errors import Unavailable
from shared.jobs.clock import now
from shared.jobs.owner_lease import owner_lease
from tests.api.read_world import ReadWorld
from tests.api.world import CLOUD, OTHER_KEY, World

BEIJING, SHANGHAI = "I live in Beijing.", "I live in Shanghai now."
TOKYO, DOG = "I live in Tokyo by now.", "I have a dog called Rex."
CAT = "Now I have a cat."
CHOIR, QUIT = "I work at Acme and I sing in a choir.", "I have left Acme."
MOVED_CHOIR = "These days my singing is at the cathedral."
SCRIPT: dict[tuple[str, str], Any] = {
    (BEIJING, SHANGHAI): "update",
    (SHANGHAI, TOKYO): "update",
    (CHOIR, QUIT): ("update", 0.8),
    (DOG, CAT): ("update", 0.6),
    (CHOIR, MOVED_CHOIR): ("update", 0.6),
}
HOUR = 3_600_000


@pytest.fixture
async def read(idle: World) -> AsyncIterator[ReadWorld]:
    yield ReadWorld(idle, SCRIPT)


async def undone(read: ReadWorld, task: str) -> dict[str, Any]:
    data = (await read.world.post(f"tasks/{task}/undo")).data
    assert data["task_id"] == task
    return dict(data)


def reasons(data: dict[str, Any]) -> dict[str, str]:
    return {left["memory_id"]: left["reason"] for left in data["left"]}


async def test_what_was_added_goes_and_what_was_archived_comes_back(
    read: ReadWorld,
) -> None:
    await read.say(BEIJING, "2025-01-10")
    before = dict(read.world.memories.stored)
    task = await read.say(f"{SHANGHAI}\n{DOG}", "2025-03-01")
    old, new, dog = (read.one(words) for words in ("Beijing", "Shanghai", "Rex"))
    data = await undone(read, task)
    assert (set(data["removed"]), data["restored"]) == ({new.id, dog.id}, [old.id])
    assert data["left"] == []
    assert read.world.memories.stored == before
    assert await read.found("home") == [BEIJING]


async def test_sent_again_it_answers_the_same_and_does_nothing(
    read: ReadWorld,
) -> None:
    task = await read.say(DOG, "2025-01-10")
    first = await undone(read, task)
    await read.say(DOG, "2025-01-11")
    assert await undone(read, task) == first
    assert await read.found("dog") == [DOG]


async def test_what_was_superseded_since_stays_with_what_it_superseded(
    read: ReadWorld,
) -> None:
    await read.say(BEIJING, "2025-01-10")
    task = await read.say(SHANGHAI, "2025-03-01")
    await read.say(TOKYO, "2025-05-01")
    data = await undone(read, task)
    assert (data["removed"], data["restored"]) == ([], [])
    assert reasons(data) == {
        read.one("Shanghai").id: CHANGED_SINCE,
        read.one("Beijing").id: REPLACED_SINCE,
    }
    assert await read.found("home") == [TOKYO]


async def test_what_was_said_again_stays(read: ReadWorld) -> None:
    task = await read.say(f"{DOG}\n{BEIJING}", "2025-01-10")
    dog = read.one("Rex")
    await read.say(DOG, "2025-01-10")
    data = await undone(read, task)
    assert reasons(data) == {dog.id: SAID_AGAIN}
    assert await read.found("dog") == [DOG]


async def test_what_was_said_again_stays_however_many_tasks_came_after(
    read: ReadWorld,
) -> None:
    task = await read.say(f"{DOG}\n{BEIJING}", "2025-01-10")
    again = await read.say(DOG, "2025-01-10")
    jobs = read.world.jobs
    record = replace(jobs.stored[again], receipts=())
    for number in range(1001):
        at = record.created_at + 1 + number
        await jobs.put(replace(record, id=str(uuid4()), created_at=at))
    assert set(reasons(await undone(read, task)).values()) == {SAID_AGAIN}
    assert await read.found("dog") == [DOG]


async def test_what_a_later_task_likely_changed_is_undone(read: ReadWorld) -> None:
    task = await read.say(DOG, "2025-01-10")
    await read.say(CAT, "2025-03-01")
    dog, cat = read.one("Rex"), read.one("cat")
    assert [note["by"] for note in dog.detail[LIKELY_CHANGES]] == [cat.id]
    data = await undone(read, task)
    assert (data["removed"], data["left"]) == ([dog.id], [])


async def test_what_was_said_later_of_it_outlives_an_undo(read: ReadWorld) -> None:
    await read.say(CHOIR, "2025-01-10")
    task = await read.say(QUIT, "2025-03-01")
    await read.say(MOVED_CHOIR, "2025-04-01")
    data = await undone(read, task)
    choir, moved = read.one("choir"), read.one("cathedral")
    assert data["restored"] == [choir.id]
    assert CHANGES not in choir.detail
    assert [note["by"] for note in choir.detail[LIKELY_CHANGES]] == [moved.id]


async def test_likely_changes_are_void_where_the_words_were_changed_by_hand(
    read: ReadWorld,
) -> None:
    await read.say(DOG, "2025-01-10")
    await read.say(CAT, "2025-03-01")
    dog = read.one(DOG)
    texts = await read.found("Rex")
    assert any(text.startswith("I have a dog called Rex [later, ") for text in texts)
    change = {"memory_id": dog.id, "content": "Our dog Rex is two."}
    assert (await read.world.post("update/memory", change)).data["success"]
    assert "Our dog Rex is two." in await read.found("Rex")
    assert LIKELY_CHANGES not in read.one("is two").detail


async def test_what_has_expired_is_quoted_no_more(read: ReadWorld) -> None:
    await read.say(CHOIR, "2025-01-10")
    await read.say(QUIT, "2025-03-01")
    assert "[changed" in (await read.found("choir"))[0]
    change = {"memory_id": read.one("left").id, "expiration_date": "2025-03-02"}
    assert (await read.world.post("update/memory", change)).data["success"]
    assert await read.found("choir") == [CHOIR]


async def test_what_was_changed_by_hand_stays(read: ReadWorld) -> None:
    task = await read.say(DOG)
    change = {"memory_id": read.one("Rex").id, "content": "I have a cat."}
    assert (await read.world.post("update/memory", change)).data["success"]
    assert list(reasons(await undone(read, task)).values()) == [CHANGED_BY_HAND]
    assert await read.found("pet") == ["I have a cat."]


async def test_a_note_on_a_part_is_taken_away(read: ReadWorld) -> None:
    await read.say(CHOIR, "2025-01-10")
    before = read.one("choir")
    task = await read.say(QUIT, "2025-03-01")
    noted = read.one("choir")
    assert noted.detail[CHANGES]
    data = await undone(read, task)
    assert data["restored"] == [noted.id]
    assert read.one("choir") == before


async def test_what_only_became_newer_is_as_old_as_before(read: ReadWorld) -> None:
    await read.say(DOG, "2025-01-10")
    before = read.one("Rex")
    task = await read.say(DOG, "2025-03-01")
    assert read.one("Rex").said_at > before.said_at
    assert (await undone(read, task))["restored"] == [before.id]
    assert read.one("Rex") == before


@pytest.mark.parametrize(
    "words", ["Forget that I have a dog called Rex.", "Replace Rex with Bello"]
)
async def test_feedback_is_undone_too(read: ReadWorld, words: str) -> None:
    await read.say(DOG, "2025-01-10")
    task = await read.correct(words)
    assert await read.found("dog") != [DOG]
    await undone(read, task)
    assert await read.found("dog") == [DOG]


async def test_it_is_undone_for_all_participants(read: ReadWorld) -> None:
    said = {"role": "user", "content": DOG}
    body = {"user_id": ["ann", "bob"], "messages": [said]}
    task = str((await read.world.post("add/message", body)).data["task_id"])
    for job in list(read.world.jobs.stored.values()):
        await read.work_off(job)
    assert await read.found("dog") == await read.found("dog", "bob") == [DOG]
    assert len((await undone(read, task))["removed"]) == 2
    assert await read.found("dog") == await read.found("dog", "bob") == []


async def test_what_cannot_be_undone_is_refused(read: ReadWorld) -> None:
    async def refused(task: str) -> tuple[int, int]:
        answer = await read.world.post(f"tasks/{task}/undo")
        return answer.status, answer.code

    body = {"user_id": "ann", "messages": [{"role": "user", "content": DOG}]}
    waiting = (await read.world.post("add/message", body)).data["task_id"]
    assert await refused(waiting) == (400, 40000)
    assert await refused("0a89db3a-2061-4c97-a1b8-45700f8745bc") == (404, 50131)
    assert await refused("no-task") == (404, 50131)
    document = Job(
        "00000000-0000-0000-0000-00000000000d",
        Scope("one", ""),
        DocumentPayload(),
        state=State.COMPLETED,
        updated_at=now(),
    )
    await read.world.jobs.put(document)
    assert await refused(document.id) == (400, 40000)
    others = await read.world.client.post(
        f"{CLOUD}/tasks/{waiting}/undo", headers={"Authorization": f"Token {OTHER_KEY}"}
    )
    assert others.status_code == 404


async def test_within_a_day(read: ReadWorld) -> None:
    task = await read.say(DOG)
    job = read.world.jobs.stored[task]
    old = replace(job, updated_at=now() - 24 * HOUR - 1)
    await read.world.jobs.put(old)
    answer = await read.world.post(f"tasks/{task}/undo")
    assert (answer.status, answer.code) == (400, 40000)
    assert "24 hours" in answer.message
    assert await read.found("dog") == [DOG]
    await read.world.jobs.put(replace(job, updated_at=now() - 24 * HOUR + HOUR))
    assert len((await undone(read, task))["removed"]) == 1


async def test_nobody_else_merges_meanwhile(
    read: ReadWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner_hold, "WAIT_S", 0.0)
    task = await read.say(DOG)
    name = owner_lease("one", "ann")
    token = await read.leases.acquire(name, 600.0)
    before = dict(read.world.memories.stored)
    answer = await read.world.post(f"tasks/{task}/undo")
    assert (answer.status, answer.code) == (503, 50004)
    assert read.world.memories.stored == before
    await read.leases.release(name, token)
    assert len((await undone(read, task))["removed"]) == 1
    assert not await read.leases.held(name)


Write = Callable[..., Awaitable[None]]


class Killed:
    """Lets so many writes through; the next one, and all after it, do not arrive."""

    def __init__(self, read: ReadWorld, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = 0
        for port in (read.world.memories, read.world.jobs):
            for name in ("put", "archive", "update_detail", "delete"):
                if hasattr(port, name):
                    monkeypatch.setattr(port, name, self._counted(getattr(port, name)))

    def _counted(self, write: Write) -> Write:
        async def counted(*given: Any) -> None:
            if self.left <= 0:
                raise Unavailable("killed")
            self.left -= 1
            await write(*given)

        return counted


def by_id(read: ReadWorld) -> dict[str, Memory]:
    """Without their vectors: what is embedded again in another company differs a little."""
    return {memory.id: memory for memory in read.memories()}


async def test_a_kill_between_any_two_writes_leaves_nothing_half_done(
    read: ReadWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    await read.say(f"{BEIJING}\n{CHOIR}\n{DOG}", "2025-01-10")
    before = by_id(read)
    task = await read.say(f"{SHANGHAI}\n{QUIT}\n{DOG}", "2025-03-01")
    memories, jobs = (
        dict(read.world.memories.stored),
        dict(read.world.jobs.stored),
    )
    killed, writes, kills = Killed(read, monkeypatch), 0, 0
    while True:
        read.world.memories.stored.clear()
        read.world.memories.stored.update(memories)
        read.world.jobs.stored.clear()
        read.world.jobs.stored.update(jobs)
        killed.left = writes
        answer = await read.world.post(f"tasks/{task}/undo")
        if answer.status == 200:
            break
        kills += 1
        assert answer.status == 503
        killed.left = 1000
        data = await undone(read, task)
        assert (len(data["removed"]), len(data["restored"])) == (2, 3)
        assert by_id(read) == before
        writes += 1
    assert kills >= 5  # the plan, two ways to restore, the removal, the end
    assert by_id(read) == before


async def test_a_replay_meanwhile_is_not_lost(
    read: ReadWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await read.say(DOG, "2025-03-01")
    delete = read.world.memories.delete

    async def replayed(*given: Any) -> None:
        await delete(*given)
        job = replace(read.world.jobs.stored[task], remarks=("it was away",))
        await read.world.jobs.put(job.replayed(now()))

    monkeypatch.setattr(read.world.memories, "delete", replayed)
    await undone(read, task)
    assert read.world.jobs.stored[task].state is State.QUEUED
    answer = await read.world.post(f"tasks/{task}/undo")
    assert answer.code == 40000
