"""Who may ask the chat's model, and what happens to those who may not yet."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import pytest

from services.gateway.chat.answer_stream import events
from services.gateway.chat.turn_slots import ModelSlots, in_slot
from shared.contract import Code
from shared.errors import Overloaded, TooMany

LONG_S, NO_TIME_S = 30.0, 0.01


async def two_pieces() -> AsyncGenerator[tuple[str, str], None]:
    yield "text", "one"
    yield "text", "two"


async def is_free(slots: ModelSlots, project: str = "one") -> bool:
    try:
        async with slots.taken(project):
            return True
    except (TooMany, Overloaded):
        return False


async def test_a_project_holds_half_of_the_slots_and_others_the_rest() -> None:
    slots = ModelSlots(4, NO_TIME_S)
    async with AsyncExitStack() as held:
        for _ in range(2):
            await held.enter_async_context(slots.taken("one"))
        with pytest.raises(TooMany) as refused:
            await held.enter_async_context(slots.taken("one"))
        assert refused.value.code == Code.TOO_MANY_CALLS and refused.value.after > 0
        for _ in range(2):
            await held.enter_async_context(slots.taken("other"))
        with pytest.raises(Overloaded) as overloaded:
            await held.enter_async_context(slots.taken("third"))
        assert overloaded.value.after > 0
    for project in ("one", "other", "third"):
        assert await is_free(slots, project)


async def test_a_model_that_takes_one_call_has_a_slot() -> None:
    assert await is_free(ModelSlots(1, NO_TIME_S))


async def test_who_waits_gets_the_slot_that_comes_back() -> None:
    slots = ModelSlots(2, LONG_S)
    order: list[str] = []

    async def turn(project: str, name: str) -> None:
        async with slots.taken(project):
            order.append(name)

    async with slots.taken("one"):
        second = asyncio.create_task(turn("one", "second of one"))
        await asyncio.sleep(0)
        await turn("other", "first of other")
        assert order == ["first of other"], "past who waits for its own project"
    async with asyncio.timeout(5):
        await second
    assert order == ["first of other", "second of one"]


async def test_who_leaves_while_waiting_holds_nothing() -> None:
    slots = ModelSlots(1, LONG_S)
    async with slots.taken("one"):
        leaving = [asyncio.create_task(is_free(slots)) for _ in range(3)]
        await asyncio.sleep(0)
        leaving[0].cancel()
        await asyncio.wait({leaving[0]})
    leaving[1].cancel()  # it has been given the slot, and has not run since
    await asyncio.wait(leaving)
    assert await is_free(slots)


async def test_pieces_keep_their_slot_to_their_end() -> None:
    slots = ModelSlots(1, NO_TIME_S)
    held = await in_slot(slots.taken("one"), two_pieces())
    assert not await is_free(slots)
    assert [text async for _, text in held] == ["one", "two"]
    assert await is_free(slots)


async def test_an_answer_that_nobody_begins_to_read_gives_its_slot_back() -> None:
    slots = ModelSlots(1, LONG_S)
    unread = events(await in_slot(slots.taken("one"), two_pieces()))
    del unread
    gc.collect()
    async with asyncio.timeout(5):
        assert await is_free(slots)
