"""Leases in memory, on the process's clock."""

from __future__ import annotations

import time


class FakeLeases:
    """The Leases port; `wipe` is what happens when Redis is emptied."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[int, float]] = {}
        self._last = 0

    async def acquire(self, name: str, seconds: float) -> int | None:
        if await self.held(name):
            return None
        self._last += 1
        self._held[name] = (self._last, time.monotonic() + seconds)
        return self._last

    async def renew(self, name: str, token: int, seconds: float) -> bool:
        if not await self.held(name) or self._held[name][0] != token:
            return False
        self._held[name] = (token, time.monotonic() + seconds)
        return True

    async def release(self, name: str, token: int) -> None:
        if name in self._held and self._held[name][0] == token:
            del self._held[name]

    async def held(self, name: str) -> bool:
        return name in self._held and time.monotonic() < self._held[name][1]

    def lose(self, name: str) -> None:
        """It runs out."""
        self._held.pop(name, None)

    def wipe(self) -> None:
        self._held.clear()
