"""Requests accepted lately, by fingerprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.adapters.redis.client import answering

if TYPE_CHECKING:
    from redis.asyncio import Redis

_CLAIM = """
local owner = redis.call('GET', KEYS[1])
if owner then return owner end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
"""  # not SET NX GET, which servers before Redis 7 refuse


class RedisInFlight:
    """The InFlight port; every method raises `Unavailable`."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis, self._prefix = redis, prefix
        self._claim = redis.register_script(_CLAIM)

    async def claim(self, fingerprint: str, job: str, seconds: float) -> str:
        milliseconds = max(1, round(seconds * 1000))
        with answering():
            owner = await self._claim(
                keys=[self._key(fingerprint)], args=[job, milliseconds]
            )
        return owner.decode() if isinstance(owner, bytes) else str(owner)

    async def forget(self, fingerprint: str) -> None:
        with answering():
            await self._redis.delete(self._key(fingerprint))

    def _key(self, fingerprint: str) -> str:
        return f"{self._prefix}:in-flight:{fingerprint}"
