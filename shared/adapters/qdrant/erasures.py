"""Receipts of deletions."""

from __future__ import annotations

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import ERASURES, named
from shared.adapters.qdrant.filters import both, equal
from shared.adapters.qdrant.records import Record, point_id
from shared.domain.erasure import ErasureReceipt

_RECEIPT = Record(ErasureReceipt)


class QdrantErasures:
    """`shared.ports.Erasures`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._table = Table(client, named(prefix, ERASURES))

    async def put(self, receipt: ErasureReceipt) -> None:
        payload = _RECEIPT.payload(receipt)
        id = point_id(receipt.id)
        await self._table.put([q.PointStruct(id=id, vector={}, payload=payload)])

    async def latest(
        self, project: str, limit: int, subject: str = ""
    ) -> list[ErasureReceipt]:
        where = [equal("project", project)]
        if subject:
            where.append(equal("subject", subject))
        newest = await self._table.ordered("at", q.Direction.DESC, both(*where), limit)
        receipts = map(_RECEIPT.value, newest)
        return sorted(receipts, key=lambda receipt: (-receipt.at, receipt.id))
