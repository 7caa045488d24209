"""A progress bus in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection

from shared.domain.job import Progress


class FakeProgressBus:
    """The ProgressBus port. `published` holds all progress, in order; `wipe` is what
    happens when Redis is emptied.
    """

    def __init__(self) -> None:
        self.published: list[Progress] = []
        self._latest: dict[str, Progress] = {}
        self._cancelled: set[str] = set()
        self._watchers: dict[str, list[asyncio.Queue[Progress]]] = {}

    async def publish(self, progress: Progress) -> None:
        self.published.append(progress)
        self._latest[progress.job] = progress
        for watcher in self._watchers.get(progress.job, []):
            watcher.put_nowait(progress)

    async def report(self, progress: Progress) -> bool:
        await self.publish(progress)
        return await self.cancelled(progress.job)

    async def read(self, job: str) -> Progress | None:
        return self._latest.get(job)

    async def watch(self, job: str) -> AsyncIterator[Progress]:
        mine: asyncio.Queue[Progress] = asyncio.Queue()
        self._watchers.setdefault(job, []).append(mine)
        try:
            progress = self._latest.get(job) or await mine.get()
            while not progress.state.final:
                yield progress
                progress = await mine.get()
            yield progress
        finally:
            self._watchers[job].remove(mine)

    async def cancel(self, job: str) -> None:
        self._cancelled.add(job)

    async def take_back_cancel(self, job: str) -> None:
        self._cancelled.discard(job)

    async def cancelled(self, job: str) -> bool:
        return job in self._cancelled

    async def forget(self, jobs: Collection[str]) -> None:
        for job in jobs:
            self._latest.pop(job, None)

    def watchers(self, job: str) -> int:
        """How many watch a job now."""
        return len(self._watchers.get(job, []))

    def wipe(self) -> None:
        self._latest.clear()
        self._cancelled.clear()
