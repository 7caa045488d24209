"""API keys in a dict."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.api_key import ApiKey, key_id
from shared.domain.identity import digest


class FakeKeys:
    """`shared.ports.Keys`. `FakeKeys({"a-key": "a-project"})` knows a key from the start,
    which may do everything. `stored` holds the keys by their hash.
    """

    def __init__(self, keys: dict[str, str] | None = None) -> None:
        self.stored: dict[str, ApiKey] = {}
        for secret, project in (keys or {}).items():
            hashed = hash_of(secret)
            key = ApiKey(key_id(hashed), project, hashed)
            self.stored[hashed] = key

    async def find(self, secret: str) -> ApiKey | None:
        return self.stored.get(hash_of(secret))

    async def put(self, key: ApiKey) -> None:
        self.stored[key.hash] = key

    async def of_project(self, project: str) -> list[ApiKey]:
        keys = [key for key in self.stored.values() if key.project == project]
        return sorted(keys, key=lambda key: (key.created_at, key.id))

    async def delete(self, project: str, id: str) -> None:
        for key in await self.of_project(project):
            if key.id == id:
                del self.stored[key.hash]

    async def expire(self, project: str, id: str, at: int) -> None:
        for key in await self.of_project(project):
            if key.id == id:
                self.stored[key.hash] = replace(key, expires_at=at)

    async def mark_used(self, project: str, id: str, at: int) -> None:
        for key in await self.of_project(project):
            if key.id == id:
                self.stored[key.hash] = replace(key, last_used_at=at)


def hash_of(secret: str) -> str:
    return digest(secret.encode("utf-8", "replace"))
