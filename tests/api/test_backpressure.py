"""While too many tasks wait, new ones are refused, and told so; what was accepted stays
accepted.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.domain.turn import Lane, QueueBounds, Turn
from tests.api.world import OTHER_KEY, Answer, Broken, World
from tests.fakes.embedder import FakeEmbedder


def add(text: str, **more: Any) -> dict[str, Any]:
    return {
        "user_id": "ann",
        "messages": [{"role": "user", "content": text}],
        **more,
    }


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Nobody works; two tasks of a project may wait, three in all."""
    async with World(FakeEmbedder(), working=False, sync_wait_s=0.05) as world:
        world.bounds = QueueBounds(in_all=3, of_project=2)
        world.app.state.ports = world.ports
        yield world


def assert_refused(answer: Answer, status: int, code: int) -> None:
    assert (answer.status, answer.code) == (status, code)
    assert answer.body["data"] is None
    assert int(answer.response.headers["retry-after"]) > 0


async def test_a_project_that_has_too_many_tasks_is_told_to_wait(world: World) -> None:
    accepted = [await world.post("add/message", add(str(n))) for n in range(2)]
    assert [answer.status for answer in accepted] == [200, 200]
    stored = len(world.jobs.stored), len(world.messages.stored)
    refused = await world.post("add/message", add("more"))
    assert_refused(refused, 429, 40300)
    assert (len(world.jobs.stored), len(world.messages.stored)) == stored
    await world.work_off()
    assert (await world.post("add/message", add("more"))).status == 200


async def test_another_project_still_has_its_room(world: World) -> None:
    for number in range(2):
        await world.post("add/message", add(str(number)))
    other = {"headers": {"Authorization": f"Token {OTHER_KEY}"}}
    assert (await world.post("add/message", add("a"), **other)).status == 200
    assert_refused(await world.post("add/message", add("b"), **other), 503, 50004)


async def test_what_is_sent_again_is_answered_as_the_first_time(world: World) -> None:
    first = await world.post("add/message", add("0"))
    await world.post("add/message", add("1"))
    again = await world.post("add/message", add("0"))
    assert again.data["task_id"] == first.data["task_id"]
    assert_refused(await world.post("add/message", add("2")), 429, 40300)
    assert_refused(await world.post("add/message", add("2")), 429, 40300)


async def test_a_group_is_accepted_whole_or_not_at_all(world: World) -> None:
    await world.post("add/message", add("0"))
    group = add("hello", user_id=["ann", "ben"])
    assert_refused(await world.post("add/message", group), 429, 40300)
    assert len(world.jobs.stored) == 1
    await world.work_off()
    assert (await world.post("add/message", group)).status == 200


async def test_an_import_that_fills_its_project_refuses_no_single_add(
    world: World,
) -> None:
    for number in range(2):
        await world.post("add/message", add(str(number)))
    assert_refused(await world.post("add/message", add("2")), 429, 40300)
    single = add("now", user_id="ben", async_mode=False)
    assert (await world.post("add/message", single)).status == 200
    feedback = {"user_id": "ann", "conversation_id": "c", "feedback_content": "no"}
    assert (await world.post("add/feedback", feedback)).status == 200
    for number in range(6):
        await world.post("add/feedback", feedback | {"feedback_content": str(number)})
    assert_refused(
        await world.post("add/feedback", feedback | {"feedback_content": "x"}),
        429,
        40300,
    )


async def test_a_request_larger_than_the_bound_has_room_where_nothing_waits(
    world: World,
) -> None:
    group = add("hello", user_id=["ann", "ben", "cy", "dan"])
    assert (await world.post("add/message", group)).status == 200


async def test_documents_are_refused_before_any_is_stored(world: World) -> None:
    made = await world.post("create/knowledgebase", {"knowledgebase_name": "k"})
    base = made.data["id"]
    for number in range(2):
        await world.post("add/message", add(str(number)))
    files = [{"content": "aGVsbG8=", "name": f"{n}.txt"} for n in range(2)]
    body = {"knowledgebase_id": base, "file": files}
    assert_refused(await world.post("add/knowledgebase-file", body), 429, 40300)
    assert not await world.knowledge_bases.files("one", knowledge_base=base)


async def test_without_bounds_nobody_is_refused(world: World) -> None:
    world.bounds = QueueBounds()
    world.app.state.ports = world.ports
    for number in range(5):
        assert (await world.post("add/message", add(str(number)))).status == 200


async def test_while_the_backlog_is_not_known_nobody_is_refused(world: World) -> None:
    await world.queue.enqueue("a", "text", Turn(Lane.BULK, "one", "ann"))
    world.queue = Broken()  # type: ignore[assignment]
    world.app.state.ports = world.ports
    for number in range(4):
        assert (await world.post("add/message", add(str(number)))).status == 200
