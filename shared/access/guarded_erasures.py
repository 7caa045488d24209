"""The erasure receipts that one request may read."""

from __future__ import annotations

from shared.access.access import Access
from shared.domain.erasure import ErasureReceipt
from shared.ports import Erasures


class GuardedErasures:
    """`shared.ports.Erasures`."""

    def __init__(self, receipts: Erasures, access: Access) -> None:
        self._receipts, self._access = receipts, access

    async def put(self, receipt: ErasureReceipt) -> None:
        self._access.require_project(receipt.project)
        await self._receipts.put(receipt)

    async def latest(
        self, project: str, limit: int, subject: str = ""
    ) -> list[ErasureReceipt]:
        self._access.require_whole_project(project)
        return await self._receipts.latest(project, limit, subject)
