"""API keys, of which only the SHA-256 is kept."""

from __future__ import annotations

import secrets
from typing import Any

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import KEYS, named
from shared.adapters.qdrant.filters import both, equal, with_ids
from shared.adapters.qdrant.records import KEY, point_ids
from shared.domain.api_key import ApiKey, key_id
from shared.domain.identity import digest


class QdrantKeys:
    """`shared.ports.Keys`. Keys are long and random, so one round of hashing hides them
    well enough. The point of a key is computed from its hash: older releases stored no
    more than hash and project, and such a key may do everything.
    """

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._table = Table(client, named(prefix, KEYS))

    async def find(self, secret: str) -> ApiKey | None:
        hashed = digest(secret.encode("utf-8", "replace"))
        for payload in await self._table.get([key_id(hashed)]):
            if secrets.compare_digest(str(payload.get("hash")), hashed):
                return _key(payload)
        return None

    async def put(self, key: ApiKey) -> None:
        point = q.PointStruct(id=key_id(key.hash), vector={}, payload=KEY.payload(key))
        await self._table.put([point])

    async def of_project(self, project: str) -> list[ApiKey]:
        payloads = await self._table.all(both(equal("project", project)))
        keys = [_key(payload) for payload in payloads]
        return sorted(keys, key=lambda key: (key.created_at, key.id))

    async def delete(self, project: str, id: str) -> None:
        await self._table.delete(both(with_ids([id]), equal("project", project)))

    async def expire(self, project: str, id: str, at: int) -> None:
        await self._set(project, id, {"expires_at": at})

    async def mark_used(self, project: str, id: str, at: int) -> None:
        await self._set(project, id, {"last_used_at": at})

    async def _set(self, project: str, id: str, fields: dict[str, Any]) -> None:
        for point in point_ids([id]):
            await self._table.set([(point, equal("project", project), fields)])


def _key(payload: dict[str, Any]) -> ApiKey:
    return KEY.value({**payload, "id": key_id(str(payload["hash"]))})
