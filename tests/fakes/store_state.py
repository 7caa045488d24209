"""What a store says of itself, in memory."""

from __future__ import annotations


class FakeStoreState:
    """`shared.ports.StoreState`."""

    def __init__(self) -> None:
        self.number = 0
        self.restoring = "", False

    async def schema(self) -> int:
        return self.number

    async def set_schema(self, number: int) -> None:
        self.number = number

    async def restore_under_way(self) -> tuple[str, bool]:
        return self.restoring

    async def begin_restore(self, digest: str, is_cleared: bool) -> None:
        self.restoring = digest, is_cleared

    async def end_restore(self) -> None:
        self.restoring = "", False
