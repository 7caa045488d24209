"""Two requests, or a request and a worker, write the same memory at a time: what was
deleted or forgotten does not come back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from services.gateway.memories import owner_hold
from shared.domain.memory import Memory, Status
from shared.jobs.owner_lease import owner_lease
from tests.api.world import World

MEM0 = "http://gateway/mem0/v1/memories"
CHANGED = "The user's PIN hint is the dog."


PROFILE = {
    "user_id": "ann",
    "profile_template_id": "t1",
    "metadata": {"age": {"value": 30}},
}
Meanwhile = Callable[[Callable[[], Awaitable[Any]]], None]


@pytest.fixture
def meanwhile(world: World, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Lets something happen while the embedder works for the first time."""
    embedder = world.app.state.ports.embedder
    passages = embedder.passages

    def happens(what: Callable[[], Awaitable[Any]]) -> None:
        async def interrupted(texts: Sequence[str]) -> Any:
            monkeypatch.setattr(embedder, "passages", passages)
            await what()
            return await passages(texts)

        monkeypatch.setattr(embedder, "passages", interrupted)

    return happens


async def update(world: World, id: str) -> int:
    body = {"memory_id": id, "content": CHANGED}
    return (await world.post("update/memory", body)).status


async def update_of_mem0(world: World, id: str) -> int:
    answer = await world.client.put(f"{MEM0}/{id}/", json={"text": CHANGED})
    return answer.status_code


UPDATES = pytest.mark.parametrize("change", [update, update_of_mem0])
Change = Callable[[World, str], Awaitable[int]]


@pytest.fixture
async def hint(world: World) -> Memory:
    return await world.remember("The user's PIN hint is the cat.")


def stored(world: World) -> list[tuple[str, Status]]:
    entries = world.memories.stored.values()
    return [(entry.memory.text, entry.memory.status) for entry in entries]


@UPDATES
@pytest.mark.parametrize("body", [{"memory_ids": True}, {"user_id": ["ann"]}])
async def test_what_is_deleted_meanwhile_stays_deleted(
    world: World, hint: Memory, change: Change, meanwhile: Meanwhile, body: Any
) -> None:
    body = {"memory_ids": [hint.id]} if "memory_ids" in body else body

    async def delete() -> None:
        assert (await world.post("delete/memory", body)).code == 0

    meanwhile(delete)
    assert await change(world, hint.id) == 404
    assert stored(world) == []


@UPDATES
async def test_what_is_forgotten_meanwhile_stays_forgotten(
    world: World, hint: Memory, change: Change, meanwhile: Meanwhile
) -> None:
    async def forget() -> None:
        await world.memories.archive([replace(hint, status=Status.FORGOTTEN)])

    meanwhile(forget)
    assert await change(world, hint.id) == 404
    assert stored(world) == [(hint.text, Status.FORGOTTEN)]


@UPDATES
async def test_what_a_worker_wrote_meanwhile_stays(
    world: World, hint: Memory, change: Change, meanwhile: Meanwhile
) -> None:
    async def archive() -> None:
        await world.memories.archive([replace(hint, status=Status.ARCHIVED)])

    meanwhile(archive)
    assert await change(world, hint.id) == 200
    assert all(status is Status.ARCHIVED for _, status in stored(world))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("update/memory", {"content": CHANGED}),
        ("update/memory", {"status": "deleted"}),
        ("delete/memory", {}),
        ("delete/memory", {"user_id": ["ann"], "memory_type": "fact"}),
        ("delete/memory", {"user_id": ["ann"]}),
        ("edit/profile", PROFILE),
    ],
)
async def test_nobody_writes_what_another_one_holds(
    world: World,
    hint: Memory,
    path: str,
    body: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(owner_hold, "WAIT_S", 0.1)
    if path.startswith("update"):
        body = {**body, "memory_id": hint.id}
    elif not body:
        body = {"memory_ids": [hint.id]}
    leases = world.app.state.ports.leases
    name = owner_lease(hint.scope.project, "ann")
    token = await leases.acquire(name, 60.0)
    assert (await world.post(path, body)).status == 503
    assert stored(world) == [(hint.text, Status.ACTIVATED)]
    await leases.release(name, token)
    assert (await world.post(path, body)).code == 0
    assert stored(world) != [(hint.text, Status.ACTIVATED)]
    assert not await leases.held(name)


async def test_a_thumb_keeps_what_a_worker_notes_meanwhile(
    world: World, hint: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases = world.app.state.ports.leases
    acquire = leases.acquire

    async def after_a_worker(*lease: Any) -> Any:
        monkeypatch.setattr(leases, "acquire", acquire)
        noted = replace(hint, detail={"present": [hint.id]})
        await world.memories.update_detail([noted])
        return await acquire(*lease)

    monkeypatch.setattr(leases, "acquire", after_a_worker)
    body = {"memory_id": hint.id, "feedback": "POSITIVE"}
    await world.client.post("http://gateway/mem0/v1/feedback/", json=body)
    detail = world.memories.stored[hint.id].memory.detail
    assert detail["present"] == [hint.id]
    assert detail["feedback"]["value"] == "POSITIVE"
