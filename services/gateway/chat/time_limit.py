"""How long an answer may take, from its first words until its last ones are read: a client
that reads it slowly keeps a place that others wait for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from services.gateway.chat.answer_stream import Piece
from shared.errors import TookTooLong


async def limited(
    pieces: AsyncGenerator[Piece, None], seconds: float
) -> AsyncGenerator[Piece, None]:
    """The pieces that are asked for within so many seconds. Raises `TookTooLong` then."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    over = TookTooLong(
        f"the answer took longer than {seconds:g} s and ends here (SOUVENIR_MAX_ANSWER_S)"
    )
    async with aclosing(pieces):
        while True:
            # What is there already comes without a wait, in which a timeout would end it.
            if loop.time() >= end:
                raise over
            limit = asyncio.timeout_at(end)
            try:
                # One for each piece: each may be asked for by another task.
                async with limit:
                    piece = await anext(pieces)
            except StopAsyncIteration:
                return
            except TimeoutError:
                if limit.expired():
                    raise over from None
                raise
            yield piece
