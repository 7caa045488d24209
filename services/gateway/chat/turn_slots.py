"""How many turns ask a model at a time: as many as it takes calls, of one project half of
them, so that no project keeps the others from the chat. Who finds no slot waits a moment
and is refused then; nobody waits without end.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager

from services.gateway.chat.answer_stream import Piece
from shared.contract import Code
from shared.errors import Overloaded, SouvenirError, TooMany
from shared.ports import ChatModel

WAIT_S = 10.0
"""Seconds for which a turn waits for a slot: clients give up after 30, and the model has
to answer in the rest.
"""
RETRY_AFTER_S = 10.0
"""What a refused client is asked to wait: about as long as an answer takes."""


class ModelSlots:
    """Those of one model that takes so many `calls` at a time; `wait_s` is how long a turn
    waits for one, seconds.
    """

    def __init__(self, calls: int, wait_s: float) -> None:
        self._calls, self._of_project = calls, (calls + 1) // 2
        self._wait_s = wait_s
        self._held: Counter[str] = Counter()
        self._waiting: dict[asyncio.Future[None], str] = {}
        """Projects, in the order in which their turns came."""

    @asynccontextmanager
    async def taken(self, project: str) -> AsyncIterator[None]:
        """A slot, held within. Raises `TooMany` where the project's slots are taken for
        too long, `Overloaded` where all are.
        """
        await self._take(project)
        try:
            yield
        finally:
            self._give_back(project)

    async def _take(self, project: str) -> None:
        place = asyncio.get_running_loop().create_future()
        self._waiting[place] = project
        self._admit()
        try:
            await asyncio.wait({place}, timeout=self._wait_s)
        except asyncio.CancelledError:  # the client has left
            if place.done():
                self._give_back(project)
            raise
        finally:
            self._waiting.pop(place, None)
        if not place.done():
            raise self._refusal(project)

    def _admit(self) -> None:
        """Slots to those who wait, the first first, past those whose project has its
        share.
        """
        for place, project in list(self._waiting.items()):
            if self._has_room(project):
                self._held[project] += 1
                del self._waiting[place]
                place.set_result(None)

    def _give_back(self, project: str) -> None:
        self._held[project] -= 1
        self._held += Counter()  # without the projects that hold none
        self._admit()

    def _has_room(self, project: str) -> bool:
        is_free = self._held.total() < self._calls
        return is_free and self._held[project] < self._of_project

    def _refusal(self, project: str) -> SouvenirError:
        if self._held[project] < self._of_project:
            return Overloaded(
                "too many chats are being answered: ask again when some have ended",
                after=RETRY_AFTER_S,
            )
        return TooMany(
            f"{self._of_project} chats of this project are being answered, no more may"
            " at a time: ask again when one has ended",
            code=Code.TOO_MANY_CALLS,
            after=RETRY_AFTER_S,
        )


class TurnSlots:
    """Those of all models, by their names."""

    def __init__(self) -> None:
        self._by_model: dict[str, ModelSlots] = {}

    def of(self, model: ChatModel) -> ModelSlots:
        """Those of one."""
        slots = self._by_model.get(model.name)
        if slots is None:
            slots = self._by_model[model.name] = ModelSlots(model.calls, WAIT_S)
        return slots


async def in_slot(
    slot: AbstractAsyncContextManager[None], pieces: AsyncGenerator[Piece, None]
) -> AsyncGenerator[Piece, None]:
    """The pieces, which have the slot now and keep it until they end or are closed.
    Raises what taking it raises.
    """
    held = _within(slot, pieces)
    await anext(held)
    return held


async def _within(
    slot: AbstractAsyncContextManager[None], pieces: AsyncGenerator[Piece, None]
) -> AsyncGenerator[Piece, None]:
    """Begins with an empty piece, for `in_slot`: of a generator that has begun the event
    loop runs the end even when a client leaves before the first event, so that the slot
    comes back; one that has not is only dropped.
    """
    async with slot, aclosing(pieces):
        yield "text", ""
        async for piece in pieces:
            yield piece
