"""Sources in a dict."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from shared.domain.identity import digest
from shared.errors import NotFound

_NAME = re.compile("[0-9a-f]{64}")


class FakeSources:
    """`shared.ports.Sources`. `stored` shows what is kept, by SHA-256."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}

    async def put(self, data: bytes) -> str:
        name = digest(data)
        self.stored[name] = data
        return name

    async def get(self, name: str) -> bytes:
        try:
            return self.stored[_checked(name)]
        except KeyError:
            raise NotFound(f"no source {name}") from None

    async def size(self, name: str) -> int:
        return len(self.stored.get(_checked(name), b""))

    async def delete(self, name: str) -> None:
        self.stored.pop(_checked(name), None)

    async def names(self) -> AsyncIterator[str]:
        for name in sorted(self.stored):
            yield name


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NotFound(f"{name[:80]!r} is not the name of a source")
    return name
