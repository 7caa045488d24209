"""Locks that expire.

A lease is one key that holds its fencing token. The token is the server's clock in
microseconds, or one more than the last token where the clock stood still or went back:
it grows even when Redis was wiped in between.

A clock that is set forward ends all leases: their holders see it when they renew them.
One that is set back would make those of the dead last longer by as much; a token that is
ahead of the clock shows it, and what is left is cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.adapters.redis.client import answering

if TYPE_CHECKING:
    from redis.asyncio import Redis

_LAST_TOKEN_MS = 24 * 3600 * 1000
"""How long the last token of a name is remembered, in milliseconds."""

_SETTLE_MS = 30_000
"""What is left of a lease that was taken before the clock went back, in milliseconds: who
still holds it renews it meanwhile.
"""
_TICK_US = 1_000_000
"""Microseconds by which a token may be ahead of the clock without that it went back: it is
one more than the last one where holders follow each other closely.
"""

_COMMON = """
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

local function is_held(key, settle, tick)
  local token = redis.call('GET', key)
  if not token then return false end
  local went_back = tonumber(token) > now + tonumber(tick)
  if went_back and redis.call('PTTL', key) > tonumber(settle) then
    redis.call('PEXPIRE', key, settle)
  end
  return true
end
"""
_ACQUIRE = (
    _COMMON
    + """
if is_held(KEYS[1], ARGV[3], ARGV[4]) then return false end
local token = now
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
if token <= last then token = last + 1 end
local text = string.format('%.0f', token)
redis.call('SET', KEYS[1], text, 'PX', ARGV[1])
redis.call('SET', KEYS[2], text, 'PX', ARGV[2])
return text
"""
)
_HELD = (
    _COMMON
    + """
return is_held(KEYS[1], ARGV[1], ARGV[2]) and 1 or 0
"""
)
_RENEW = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""


class RedisLeases:
    """The Leases port. Only the holder can renew or release; every method raises `Unavailable`."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis, self._prefix = redis, prefix
        self._acquire = redis.register_script(_ACQUIRE)
        self._renew = redis.register_script(_RENEW)
        self._release = redis.register_script(_RELEASE)
        self._held = redis.register_script(_HELD)

    async def acquire(self, name: str, seconds: float) -> int | None:
        key = self._key(name)
        with answering():
            token = await self._acquire(
                keys=[key, f"{key}:last"],
                args=[_milliseconds(seconds), _LAST_TOKEN_MS, _SETTLE_MS, _TICK_US],
            )
        return None if token is None else int(token)

    async def renew(self, name: str, token: int, seconds: float) -> bool:
        with answering():
            renewed = await self._renew(
                keys=[self._key(name)], args=[token, _milliseconds(seconds)]
            )
        return bool(renewed)

    async def release(self, name: str, token: int) -> None:
        with answering():
            await self._release(keys=[self._key(name)], args=[token])

    async def held(self, name: str) -> bool:
        with answering():
            held = await self._held(keys=[self._key(name)], args=[_SETTLE_MS, _TICK_US])
        return bool(held)

    def _key(self, name: str) -> str:
        # braces: both keys of a lease live in one slot of a cluster
        return f"{self._prefix}:lease:{{{name}}}"


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
