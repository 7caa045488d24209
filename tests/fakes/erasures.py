"""Receipts of deletions, in memory."""

from __future__ import annotations

from shared.domain.erasure import ErasureReceipt


class FakeErasures:
    """`shared.ports.Erasures`. `stored` shows all of them."""

    def __init__(self) -> None:
        self.stored: dict[str, ErasureReceipt] = {}

    async def put(self, receipt: ErasureReceipt) -> None:
        self.stored[receipt.id] = receipt

    async def latest(
        self, project: str, limit: int, subject: str = ""
    ) -> list[ErasureReceipt]:
        receipts = [
            receipt
            for receipt in self.stored.values()
            if receipt.project == project and subject in ("", receipt.subject)
        ]
        return sorted(receipts, key=lambda receipt: (-receipt.at, receipt.id))[:limit]
