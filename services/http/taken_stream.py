"""An answer in pieces that ends where its client does not read it: what stands behind the
pieces (a slot of the chat's model, a subscription, a backup) is held until they end.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterable
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Message, Send

log = logging.getLogger(__name__)

TAKEN_WITHIN_S = 60.0
"""Seconds within which a client has to take a piece once the buffers before it are full.
Proxies wait for a reader as long; who has read nothing by then does not come back.
"""


class _NotTaken(Exception):
    """The client reads nothing, or too slowly."""


class TakenStream(StreamingResponse):
    """All pieces, or those that were taken in time; then the connection is closed, so that
    the client sees that it has not everything.
    """

    def __init__(
        self,
        pieces: AsyncIterable[bytes] | AsyncIterable[str],
        *,
        whole_within_s: float = math.inf,
        **more: Any,
    ) -> None:
        """`whole_within_s`: seconds within which all of it has to be taken."""
        super().__init__(pieces, **more)
        self._whole_within_s = whole_within_s

    async def stream_response(self, send: Send) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._whole_within_s

        async def send_in_time(message: Message) -> None:
            if loop.time() >= end:
                log.warning(
                    "client_reads_slowly", extra={"seconds": self._whole_within_s}
                )
                raise _NotTaken
            try:
                async with asyncio.timeout(TAKEN_WITHIN_S):
                    await send(message)
            except TimeoutError as error:
                log.warning("client_reads_nothing", extra={"seconds": TAKEN_WITHIN_S})
                raise _NotTaken from error

        try:
            await super().stream_response(send_in_time)
        except _NotTaken:
            close = getattr(self.body_iterator, "aclose", None)
            if close is not None:
                await close()
