"""How much projects have stored.

Counting goes through all messages of a project, so it is done for projects with a quota
only, and what was counted holds for some minutes: what is added meanwhile in this
process is added up, what other processes add is seen late. A project may exceed its
quota by that much.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass

from shared.contract import MEGABYTE
from shared.domain.quota import Quota, Stored
from shared.ports import Sources
from shared.settings import Settings
from shared.wiring import Ports

COUNTED_S = 60.0
"""Seconds for which a count of memories holds."""
WEIGHED_S = 300.0
"""The same for bytes."""
MOST_PROJECTS = 1000
"""Projects whose figures are remembered, those that asked last."""
_SIZES_AT_ONCE = 16


@dataclass(slots=True)
class _Figures:
    memories: int = 0
    counted_at: float = float("-inf")
    stored_bytes: int = 0
    weighed_at: float = float("-inf")


class Usage:
    """What projects have stored, as far as it was counted lately."""

    def __init__(self) -> None:
        self._by_project: OrderedDict[str, _Figures] = OrderedDict()

    async def stored(self, ports: Ports, project: str, quota: Quota) -> Stored:
        """The figures that a quota needs; the others may be older. Raises `Unavailable`."""
        figures = self._by_project.setdefault(project, _Figures())
        self._by_project.move_to_end(project)
        if len(self._by_project) > MOST_PROJECTS:
            self._by_project.popitem(last=False)
        at = time.monotonic()
        if quota.memories and at - figures.counted_at > COUNTED_S:
            figures.memories = await memories_of(ports, project)
            figures.counted_at = at
        if quota.stored_bytes and at - figures.weighed_at > WEIGHED_S:
            figures.stored_bytes = await bytes_of(ports, project)
            figures.weighed_at = at
        return Stored(figures.memories, figures.stored_bytes)

    def add(self, project: str, memories: int, stored_bytes: int) -> None:
        """What is being stored now."""
        figures = self._by_project.get(project)
        if figures is not None:
            figures.memories += memories
            figures.stored_bytes += stored_bytes

    def forget(self, project: str) -> None:
        """Count anew when it is asked for."""
        self._by_project.pop(project, None)


def quota_of(own: Quota, settings: Settings) -> Quota:
    """A project's quota, or that of all projects where it has no own."""
    everybody = Quota(settings.max_memories, settings.max_stored_mb * MEGABYTE)
    return own.or_else(everybody)


async def memories_of(ports: Ports, project: str) -> int:
    """Memories of all users of a project."""
    counts = await ports.memories.counts(project)
    return sum(sum(of_user.values()) for of_user in counts.values())


async def bytes_of(ports: Ports, project: str) -> int:
    """Bytes of the texts and files of all messages, and of the documents of knowledge
    bases. A file that both name counts twice.
    """
    (texts, sources), files = await asyncio.gather(
        ports.messages.footprint(project), ports.knowledge_bases.files(project)
    )
    documents = sum(file.size for file in files)
    return texts + documents + await _sizes(ports.sources, sorted(sources))


async def _sizes(sources: Sources, names: list[str]) -> int:
    total = 0
    for first in range(0, len(names), _SIZES_AT_ONCE):
        some = names[first : first + _SIZES_AT_ONCE]
        total += sum(await asyncio.gather(*map(sources.size, some)))
    return total
