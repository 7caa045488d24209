"""A memory is changed by hand while the task that is to read its words is still at work:
the change stands, and all else that was said is read.
"""

from __future__ import annotations

import base64
from typing import Any

import pytest

from shared.domain.job import Job, State
from shared.domain.memory import Memory, Status
from tests.api.read_world import ReadWorld
from tests.api.world import World
from workers.pipeline import sequence
from workers.pipeline.steps.embed import embed

PIN, TEA, DOG = "My PIN is 4711.", "I like tea.", "我有一只狗。"
NEW = "My PIN is 9999."


def user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def talk(*texts: str) -> list[dict[str, Any]]:
    """Turns that are answered."""
    answer = {"role": "assistant", "content": "OK."}
    return [message for text in texts for message in (user(text), answer)]


async def said(world: World, messages: list[dict[str, Any]]) -> str:
    body = {"user_id": "ann", "conversation_id": "c", "messages": messages}
    return str((await world.post("add/message", body)).data["task_id"])


def raw(world: World, words: str) -> Memory:
    entries = world.memories.stored.values()
    (memory,) = [e.memory for e in entries if words in e.memory.text and e.memory.fast]
    return memory


def known(world: World) -> set[str]:
    entries = [entry.memory for entry in world.memories.stored.values()]
    assert not any(memory.fast for memory in entries)
    assert not any("mode:fast" in memory.tags for memory in entries)
    return {m.text for m in entries if m.status is Status.ACTIVATED}


def waiting(world: World) -> list[Job]:
    return [job for job in world.jobs.stored.values() if not job.state.final]


async def read_all(world: World) -> None:
    worker = ReadWorld(world, {})
    for job in waiting(world):
        await worker.work_off(job)


async def change(world: World, memory: Memory, **more: Any) -> None:
    body = {"memory_id": memory.id, **more}
    assert (await world.post("update/memory", body)).data["success"]


@pytest.mark.parametrize(
    "more, left",
    [
        ({"content": NEW}, {NEW}),
        ({"status": "archived"}, set()),
        ({"status": "deleted"}, set()),
    ],
)
async def test_what_is_changed_does_not_come_back(
    idle: World, more: dict[str, Any], left: set[str]
) -> None:
    task = await said(idle, [user(PIN)])
    await change(idle, raw(idle, PIN), **more)
    assert idle.jobs.stored[task].state is State.CANCELLED
    await read_all(idle)
    assert known(idle) == left


async def test_neither_does_what_mem0_changes(idle: World) -> None:
    await said(idle, [user(PIN)])
    path = f"/mem0/v1/memories/{raw(idle, PIN).id}/"
    assert (await idle.client.put(path, json={"text": NEW})).status_code == 200
    await read_all(idle)
    assert known(idle) == {NEW}


async def test_the_other_turns_are_found_meanwhile_and_read(idle: World) -> None:
    task = await said(idle, talk(TEA, PIN, DOG))
    tea = raw(idle, TEA)
    await change(idle, raw(idle, PIN), content=NEW)
    assert raw(idle, TEA).id == tea.id and raw(idle, DOG).fast
    (job,) = waiting(idle)
    assert job.id != task and job.id in idle.jobs.stored[task].error_message
    assert job.id in [id for id, _ in idle.queue.waiting]
    assert await said(idle, talk(TEA, PIN, DOG)) == job.id, "sent again"
    await change(idle, tea, content="I like coffee.")
    await read_all(idle)
    assert known(idle) == {NEW, "I like coffee.", DOG, "OK."}


async def test_a_file_beside_the_words_is_read(idle: World) -> None:
    data = base64.b64encode(b"The office is in Rome.").decode()
    file = {"type": "file", "file": {"file_data": data, "filename": "a.txt"}}
    words = {"type": "text", "text": PIN}
    await said(idle, [{"role": "user", "content": [words, file]}])
    await change(idle, raw(idle, PIN), content=NEW)
    await read_all(idle)
    assert known(idle) == {NEW, "The office is in Rome."}


async def test_the_pieces_of_a_long_turn_stay(idle: World) -> None:
    pages = [f"{name} " * 300 for name in ("alpha", "bravo", "charlie")]
    await said(idle, [user(f"{PIN} {' '.join(pages)}")])
    pieces = {m.memory.text for m in idle.memories.stored.values()}
    first = raw(idle, PIN)
    await change(idle, first, content=NEW)
    await read_all(idle)
    assert len(pieces) > 1
    assert known(idle) == (pieces - {first.text}) | {NEW}


async def test_what_was_read_of_it_already_goes(
    idle: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a long talk a first batch is stored when the change comes."""
    lines = [f"Fact number {n}." for n in range(40)]
    task = await said(idle, [*talk(PIN), *map(user, lines)])
    batches = 0

    async def changed_meanwhile(*arguments: Any, **more: Any) -> Any:
        nonlocal batches
        batches += 1
        if batches == 2:
            assert PIN in {e.memory.text for e in idle.memories.stored.values()}
            await change(idle, raw(idle, PIN), content=NEW)
        return await embed(*arguments, **more)

    monkeypatch.setattr(sequence, "embed", changed_meanwhile)
    await ReadWorld(idle, {}).begin(idle.jobs.stored[task])
    monkeypatch.undo()
    assert idle.jobs.stored[task].state is State.CANCELLED
    await read_all(idle)
    assert known(idle) == {NEW, *lines}
