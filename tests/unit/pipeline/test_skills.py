"""Procedures that worked more than once become skills."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from shared.domain.extraction import Draft
from shared.domain.memory import Embedded, Memory, SparseVector
from shared.domain.memory_detail import SKILL_VALUE
from shared.domain.scope import Scope
from tests.fakes.memories import FakeMemories
from tests.unit.extract.talks import run
from workers.pipeline.extract.tools.tool_memories import tool_memories
from workers.pipeline.skills import skills

HERE = Scope("p", "u", "second")
EARLIER = Scope("p", "u", "first")


def trip(goal: str, ask: str, booked: str = "booked") -> Draft:
    """A trajectory of a search and a booking."""
    search = ("search", {"to": goal, "class": "economy"}, "[1]")
    book = ("book", {"id": 1}, booked)
    return tool_memories(run(search, book, ("book", {"id": 2}, "booked"), ask=ask))[0]


async def learned(earlier: Draft, now: Draft, before: Scope = EARLIER) -> list[Draft]:
    """The skills after two runs."""
    memories = FakeMemories()
    await memories.put([Embedded(stored(earlier, before), SparseVector((), ()))])
    return await skills([now], HERE, memories)


def stored(draft: Draft, scope: Scope) -> Memory:
    """A trajectory as it is kept."""
    return Memory(
        str(UUID(int=1)),
        scope,
        draft.type,
        draft.text,
        title=draft.title,
        tools=draft.tools,
        detail=draft.detail,
    )


async def test_a_skill_says_when_it_helps_and_which_arguments_it_takes() -> None:
    failed = trip("Oslo", "A trip to Oslo", "Error: seat taken")
    [skill] = await learned(failed, trip("Rome", "A trip to Rome"))
    value = skill.detail[SKILL_VALUE]
    assert value["description"] == (
        "For requests such as “A trip to Rome” or “A trip to Oslo”: "
        "search, then book. It worked in 2 runs."
    )
    assert value["procedure"] == (
        '1. Call search with to, class = "economy".\n2. Call book with id.'
    )
    assert value["experience"] == [
        'book failed in 1 of 2 calls: seat taken (with {"id": 1}). '
        "It then worked with id 2 instead of 1."
    ]


async def test_a_skill_of_chinese_requests_is_chinese() -> None:
    [skill] = await learned(
        trip("奥斯陆", "订去奥斯陆的票"), trip("罗马", "订去罗马的票")
    )
    value = skill.detail[SKILL_VALUE]
    assert value["description"] == (
        "适用于“订去罗马的票”或“订去奥斯陆的票”这类请求：search，然后 book。已在 2 次任务中成功。"
    )
    assert value["procedure"].startswith(
        '1. 调用 search，参数：to、class = "economy"。'
    )


async def test_runs_of_one_conversation_make_no_skill() -> None:
    assert not await learned(trip("Oslo", "Oslo"), trip("Rome", "Rome"), HERE)


async def test_trajectories_without_their_arguments_make_a_skill_too() -> None:
    old = trip("Oslo", "A trip to Oslo")
    old = replace(old, detail={"steps": old.detail["steps"]})
    [skill] = await learned(old, trip("Rome", "A trip to Rome"))
    assert skill.detail[SKILL_VALUE]["procedure"].startswith("1. Call search with to,")
