"""Amounts used in a minute, counted over a sliding window made of two fixed ones.

Of the amount of the last fixed window (a whole minute of the clock) that share counts
which the sliding one still covers: nobody gets twice the limit where two windows meet,
and three numbers with a time to live are all that is stored. The time is the server's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.adapters.redis.client import answering

if TYPE_CHECKING:
    from redis.asyncio import Redis

WINDOW = 60
"""Seconds."""

_ROLLED = """
local window, amount = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local turn = math.floor(now / window)
local into = now / window - turn
local kept = redis.call('HMGET', KEYS[1], 'turn', 'here', 'before')
local age = turn - tonumber(kept[1] or '0')
local here, before = tonumber(kept[2] or '0'), tonumber(kept[3] or '0')
if age == 1 then here, before = 0, here elseif age ~= 0 then here, before = 0, 0 end
local function keep()
  redis.call('HSET', KEYS[1], 'turn', turn, 'here', here, 'before', before)
  redis.call('EXPIRE', KEYS[1], window * 2)
end
"""
_TAKE = (
    _ROLLED
    + """
local limit = tonumber(ARGV[3])
local used = here + before * (1 - into)
if used + amount <= limit or used == 0 then
  here = here + amount
  keep()
  return '0'
end
local room, wait = limit - amount, 1 - into
if here <= room then
  wait = (1 - (room - here) / before) - into
elseif here > 0 then
  wait = wait + math.min(1, math.max(0, 1 - room / here))
end
return string.format('%.3f', wait * window)
"""
)
_GIVE_BACK = (
    _ROLLED
    + """
local rest = math.max(0, amount - here)
here, before = math.max(0, here - amount), math.max(0, before - rest)
keep()
return '0'
"""
)


class RedisRates:
    """The Rates port; every method raises `Unavailable`."""

    def __init__(self, redis: Redis, prefix: str, window: int = WINDOW) -> None:
        """`window`: seconds of one fixed window."""
        self._prefix = prefix
        self._window = window
        self._take = redis.register_script(_TAKE)
        self._give_back = redis.register_script(_GIVE_BACK)

    async def take(self, name: str, amount: int, limit: int) -> float:
        with answering():
            wait = await self._take(
                keys=[self._key(name)], args=[self._window, amount, limit]
            )
        return float(wait)

    async def give_back(self, name: str, amount: int) -> None:
        with answering():
            await self._give_back(keys=[self._key(name)], args=[self._window, amount])

    def _key(self, name: str) -> str:
        return f"{self._prefix}:rate:{name}"
