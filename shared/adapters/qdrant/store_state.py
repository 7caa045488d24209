"""What a store says of itself: its schema, and whether a restore has begun."""

from __future__ import annotations

from typing import Any

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import SYSTEM, named
from shared.adapters.qdrant.filters import both, with_ids
from shared.domain.identity import computed_id

_SCHEMA = computed_id("system", "schema")
_RESTORE = computed_id("system", "restore")


class QdrantStoreState:
    """`shared.ports.StoreState`, of a prepared store."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._table = Table(client, named(prefix, SYSTEM))

    async def schema(self) -> int:
        for payload in await self._table.get([_SCHEMA]):
            return int(payload["number"])
        return 0

    async def set_schema(self, number: int) -> None:
        await self._put(_SCHEMA, {"about": "schema", "number": number})

    async def restore_under_way(self) -> tuple[str, bool]:
        for payload in await self._table.get([_RESTORE]):
            return str(payload["digest"]), bool(payload["is_cleared"])
        return "", False

    async def begin_restore(self, digest: str, is_cleared: bool) -> None:
        payload = {"about": "restore", "digest": digest, "is_cleared": is_cleared}
        await self._put(_RESTORE, payload)

    async def end_restore(self) -> None:
        await self._table.delete(both(with_ids([_RESTORE])))

    async def _put(self, id: str, payload: dict[str, Any]) -> None:
        await self._table.put([q.PointStruct(id=id, vector={}, payload=payload)])
