"""Counts what a piece of work asks of Redis and Qdrant: one for each request that goes out
on a connection of this process, whichever adapter sends it.

    with RoundTrips() as trips:
        ...
    trips.counts        # {"redis EVALSHA": 3, "qdrant memories: /query/batch": 1, ...}

A pipeline is one round trip. A count does not depend on how busy the machine is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import httpx
from redis.asyncio.connection import AbstractConnection

_COLLECTION = re.compile(r"/collections/[^/]*?_([^/]+)/points(.*)")
_WORD = re.compile(rb"\$\d+\r\n([A-Za-z]+)\r\n")
_BARE = {"PUT": "/put", "POST": "/get"}
"""What a request for points without another word does."""
_HANDSHAKE = frozenset({"HELLO", "CLIENT", "SELECT", "PING", "AUTH", "SCRIPT"})
"""Once for each connection or script, not for each piece of work."""


class RoundTrips:
    """Counts while it is entered; `clear` begins anew."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def __enter__(self) -> RoundTrips:
        send_command = AbstractConnection.send_packed_command
        send_request = httpx.AsyncClient.send

        async def command(
            connection: Any, packed: Any, check_health: bool = True
        ) -> None:
            self._count_command(packed)
            await send_command(connection, packed, check_health)

        async def request(
            client: Any, sent: httpx.Request, **options: Any
        ) -> httpx.Response:
            self._count_request(sent)
            return await send_request(client, sent, **options)

        self._patches = (
            patch.object(AbstractConnection, "send_packed_command", command),
            patch.object(httpx.AsyncClient, "send", request),
        )
        for replaced in self._patches:
            replaced.start()
        return self

    def __exit__(self, *_: object) -> None:
        for replaced in self._patches:
            replaced.stop()

    def of(self, service: str) -> int:
        """How many went to "redis" or "qdrant"."""
        return of_service(self.counts, service)

    def clear(self) -> Counter[str]:
        """What was counted; from now on it is counted anew."""
        counted, self.counts = self.counts, Counter()
        return counted

    def _count_command(self, packed: Any) -> None:
        parts = (
            [packed] if isinstance(packed, bytes) else [bytes(part) for part in packed]
        )
        words = [word.decode().upper() for word in _WORD.findall(b"".join(parts))]
        if words and words[0] not in _HANDSHAKE:
            self.counts[f"redis {words[0]}"] += 1

    def _count_request(self, sent: httpx.Request) -> None:
        found = _COLLECTION.search(sent.url.path)
        if found:
            collection, action = found.groups()
            self.counts[f"qdrant {collection}: {action or _BARE[sent.method]}"] += 1


def of_service(counts: Mapping[str, int], service: str) -> int:
    """How many of some counts went to "redis" or "qdrant"."""
    return sum(
        count for name, count in counts.items() if name.startswith(f"{service} ")
    )
