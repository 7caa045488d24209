"""API keys, of which only the SHA-256 is kept."""

from __future__ import annotations

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import KEYS, named
from shared.domain.identity import computed_id, digest


class QdrantKeys:
    """`shared.ports.Keys`. Keys are long and random, so one round of hashing hides them
    well enough.
    """

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._table = Table(client, named(prefix, KEYS))

    async def project_of(self, key: str) -> str | None:
        hashed = _hashed(key)
        for payload in await self._table.get([key_point_id(hashed)]):
            if payload.get("hash") == hashed:
                return str(payload["project"])
        return None

    async def put(self, key: str, project: str) -> None:
        hashed = _hashed(key)
        payload = key_payload(hashed, project)
        await self._table.put(
            [q.PointStruct(id=key_point_id(hashed), vector={}, payload=payload)]
        )


def _hashed(key: str) -> str:
    return digest(key.encode("utf-8", "replace"))


def key_payload(hashed: str, project: str) -> dict[str, str]:
    """What is stored of a key that may do everything in its project."""
    return {"hash": hashed, "project": project}


def key_point_id(hashed: str) -> str:
    """Where it is stored."""
    return computed_id("key", hashed)
