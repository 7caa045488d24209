"""Thumbs whose question has no vector of the embedder in use get one, after the answer of
a search that came upon them: those that were given while the embedder was away, and all
of them once another embedder has taken its place. Until then they count by words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any

from services.gateway.memories.owner_hold import hold_owner, lease_of
from services.gateway.recall.recall import EMBEDDER, Recalled
from shared.access.access import Access
from shared.domain.memory import Memory
from shared.domain.thumb import Thumb, packed
from shared.errors import Unavailable
from shared.ports import Embedder
from shared.wiring import GatewayPorts

log = logging.getLogger(__name__)

MOST_AT_ONCE = 10
"""Memories whose thumbs are renewed after one search."""

Start = Callable[[Coroutine[Any, Any, None]], None]


class ThumbRenewal:
    """Renews thumbs."""

    def __init__(self, start: Start) -> None:
        """`start` lets something go on after the answer."""
        self._start = start
        self._under_way: set[str] = set()

    def renew(self, ports: GatewayPorts, access: Access, recalled: Recalled) -> None:
        """Renew what a search came upon. What others see too waits for a search by a key
        of the whole project, which may write all of its thumbs.
        """
        if EMBEDDER in recalled.lacking:
            return
        outdated = (
            memory
            for memory in _memories(recalled)
            if memory.id not in self._under_way
            and not (access.owner and memory.is_shared)
            and any(_is_outdated(thumb, ports.embedder) for thumb in memory.thumbs)
        )
        for memory in islice(outdated, MOST_AT_ONCE):
            self._under_way.add(memory.id)
            self._start(self._renewed(ports, memory))

    async def _renewed(self, ports: GatewayPorts, memory: Memory) -> None:
        embedder, name = ports.embedder, lease_of(memory)
        project = memory.scope.project
        try:
            async with hold_owner(ports.leases, name):
                for stored in await ports.memories.get(project, [memory.id]):
                    thumbs = [
                        await _renewed(thumb, embedder) for thumb in stored.thumbs
                    ]
                    renewed = replace(stored, thumbs=tuple(thumbs))
                    await ports.memories.update_thumbs([renewed])
        except Unavailable as error:  # the next search that finds it tries again
            log.warning("thumbs_not_renewed", extra={"error": error.message})
        finally:
            self._under_way.discard(memory.id)


def _memories(recalled: Recalled) -> Iterator[Memory]:
    """All that the store brought up: a thumb may be why a memory was not given."""
    for candidates in recalled.candidates:
        kinds = chain(candidates.whole.values(), candidates.rest.values())
        yield from (candidate.memory for candidate in chain.from_iterable(kinds))


def _is_outdated(thumb: Thumb, embedder: Embedder) -> bool:
    return bool(thumb.query) and thumb.embedder != embedder.name


async def _renewed(thumb: Thumb, embedder: Embedder) -> Thumb:
    if not _is_outdated(thumb, embedder):
        return thumb
    vector = packed(await embedder.query(thumb.query))
    return replace(thumb, embedder=embedder.name, vector=vector)
