"""API keys in a dict."""

from __future__ import annotations


class FakeKeys:
    """`shared.ports.Keys`. `FakeKeys({"a-key": "a-project"})` knows a key from the start."""

    def __init__(self, keys: dict[str, str] | None = None) -> None:
        self.stored = dict(keys or {})

    async def project_of(self, key: str) -> str | None:
        return self.stored.get(key)

    async def put(self, key: str, project: str) -> None:
        self.stored[key] = project
