"""Recent requests in memory, on the process's clock."""

from __future__ import annotations

import time


class FakeInFlight:
    """The InFlight port."""

    def __init__(self) -> None:
        self._owners: dict[str, tuple[str, float]] = {}

    async def claim(self, fingerprint: str, job: str, seconds: float) -> str:
        owner, until = self._owners.get(fingerprint, ("", 0.0))
        if owner and time.monotonic() < until:
            return owner
        self._owners[fingerprint] = (job, time.monotonic() + seconds)
        return job

    async def forget(self, fingerprint: str) -> None:
        self._owners.pop(fingerprint, None)
