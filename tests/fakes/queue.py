"""A Queue in memory."""

from __future__ import annotations


class FakeQueue:
    """The Queue port. `waiting` holds (job, queue) in the order in which a worker would
    take them; `wipe` loses it.
    """

    def __init__(self) -> None:
        self._urgent: list[tuple[str, str]] = []
        self._normal: list[tuple[str, str]] = []

    @property
    def waiting(self) -> list[tuple[str, str]]:
        return [*self._urgent, *self._normal]

    async def enqueue(self, job: str, queue: str, *, urgent: bool = False) -> None:
        (self._urgent if urgent else self._normal).append((job, queue))

    async def waiting_in(self, queue: str) -> frozenset[str]:
        return frozenset(job for job, name in self.waiting if name == queue)

    def wipe(self) -> None:
        self._urgent.clear()
        self._normal.clear()
