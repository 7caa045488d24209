"""Which memories searches gave, for decay: written after the answer, once a day for each
memory at most, so that a search does not wait for it and most write nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Sequence
from itertools import chain
from typing import Any

from services.gateway.recall.recall import Recalled
from services.gateway.recall.recall_request import RecallRequest
from shared.domain.memory import Memory
from shared.errors import Unavailable
from shared.ports import Memories

log = logging.getLogger(__name__)

Start = Callable[[Coroutine[Any, Any, None]], None]

DAY_MS = 24 * 3600 * 1000
"""Milliseconds of a day."""


class RecallMarks:
    """Marks memories as recalled."""

    def __init__(self, start: Start) -> None:
        """`start` lets something go on after the answer."""
        self._start = start
        self._under_way: set[str] = set()

    def mark(
        self, memories: Memories, request: RecallRequest, recalled: Recalled
    ) -> None:
        """Mark what was recalled of the user's own memories, unless it has been today."""
        matches = chain.from_iterable(recalled.matches.values())
        ids = [
            match.memory.id
            for match in matches
            if _is_due(match.memory, request) and match.memory.id not in self._under_way
        ]
        if ids:
            self._under_way.update(ids)
            project = request.reach.project
            self._start(self._write(memories, project, ids, request.now))

    async def _write(
        self, memories: Memories, project: str, ids: Sequence[str], at: int
    ) -> None:
        try:
            await memories.mark_recalled(project, ids, at)
        except Unavailable as error:  # the next search that gives them tries again
            log.warning("recall_not_marked", extra={"error": error.message})
        finally:
            self._under_way.difference_update(ids)


def _is_due(memory: Memory, request: RecallRequest) -> bool:
    is_own = memory.scope.user == request.reach.user
    return (
        is_own and not memory.is_shared and request.now - memory.recalled_at >= DAY_MS
    )
