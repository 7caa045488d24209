"""The order in which waiting jobs are worked on: by lane, then round by projects, within
a project round by users, within a user as they came.

All of it is in Redis and may be lost: the sweeper enqueues what was. Below
`<prefix>:fair:{<queue>}` (braces: one slot of a cluster) stand

    :jobs                             hash, job id -> lane, project, user, trace
    :waiting                          hash, lane, and project, -> how many
    :<lane>                           sorted set, projects by when their turn came, us
    :<lane>:<project>                 sorted set, users by when theirs came
    :<lane>:<project>\\0<user>        list, ids of jobs
    :later                            sorted set, jobs for another try, by due time, ms
    :taken:<message>                  what a message has been exchanged for
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import orjson

from shared.adapters.redis.client import answering
from shared.domain.turn import Backlog, Lane, Taken, Turn

if TYPE_CHECKING:
    from redis.asyncio import Redis

QUEUES = ("text", "files")
KEEP_S = 7 * 24 * 3600
"""Seconds without a change after which a list goes."""
TURN_S = 30
"""Seconds by which one whose turn it was stands behind those who come meanwhile: else
the next of an import would go before the single add that came while the last one ran.
However many come, one of the import is taken in that time (start-time fair queuing, with
the time as the cost of a turn).
"""
LONGEST_LATER_S = 3600
"""Seconds after which what was put back is due at the latest. What lies further ahead was
put back before the clock was set back, and is due too.
"""
_LANE, _PROJECT = "lane:", "project:"
"""Start the names of the figures in `:waiting`."""

_COMMON = """
local base, keep, lanes = KEYS[1], tonumber(ARGV[1]), {'sync', 'feedback', 'bulk'}
local jobs, waiting, later = base .. ':jobs', base .. ':waiting', base .. ':later'
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local milliseconds = time[1] * 1000 + math.floor(time[2] / 1000)

local function expire(...)
  for _, key in ipairs({...}) do redis.call('EXPIRE', key, keep) end
end

local function count(record, amount)
  for _, name in ipairs({'lane:' .. record[1], 'project:' .. record[2]}) do
    if redis.call('HINCRBY', waiting, name, amount) <= 0 then
      redis.call('HDEL', waiting, name)
    end
  end
end

local function line_up(job, record, push)
  local projects = base .. ':' .. record[1]
  local users = projects .. ':' .. record[2]
  local own = users .. '\\0' .. record[3]
  redis.call(push, own, job)
  redis.call('ZADD', users, 'NX', string.format('%.0f', now), record[3])
  redis.call('ZADD', projects, 'NX', string.format('%.0f', now), record[2])
  expire(projects, users, own)
end

local function note(job, text)
  if redis.call('HSETNX', jobs, job, text) == 0 then return false end
  count(cjson.decode(text), 1)
  expire(jobs, waiting)
  return true
end

local function strike_out(job)
  local text = redis.call('HGET', jobs, job)
  if not text then return nil end
  redis.call('HDEL', jobs, job)
  redis.call('ZREM', later, job)
  count(cjson.decode(text), -1)
  return text
end
"""
_PUSH = (
    _COMMON
    + """
if not note(ARGV[2], ARGV[3]) then return 0 end
line_up(ARGV[2], cjson.decode(ARGV[3]), 'RPUSH')
return 1
"""
)
_TAKE = (
    _COMMON
    + """
local message, own_job, taken_s = base .. ':taken:' .. ARGV[2], ARGV[3], ARGV[4]
local too_late = '(' .. string.format('%.0f', milliseconds + tonumber(ARGV[6]) * 1000)
local after_turn = string.format('%.0f', now + tonumber(ARGV[5]) * 1000000)
local before = redis.call('GET', message)
if before then return before end

local function line_up_due(from, to)
  for _, job in ipairs(redis.call('ZRANGEBYSCORE', later, from, to, 'LIMIT', 0, 100)) do
    redis.call('ZREM', later, job)
    local text = redis.call('HGET', jobs, job)
    if text then line_up(job, cjson.decode(text), 'LPUSH') end
  end
end
line_up_due(0, milliseconds)
line_up_due(too_late, '+inf')

local function next_of(lane)
  local projects = base .. ':' .. lane
  local project = redis.call('ZPOPMIN', projects)[1]
  while project do
    local users = projects .. ':' .. project
    local user, job = redis.call('ZPOPMIN', users)[1], false
    if user then
      local own = users .. '\\0' .. user
      job = redis.call('LPOP', own)
      if redis.call('EXISTS', own) == 1 then
        redis.call('ZADD', users, after_turn, user)
      end
    end
    if redis.call('EXISTS', users) == 1 then
      redis.call('ZADD', projects, after_turn, project)
    end
    expire(projects, users)
    local text = job and strike_out(job)
    if text then return job, text end
    project = redis.call('ZPOPMIN', projects)[1]
  end
end

local job, text
for _, lane in ipairs(lanes) do
  job, text = next_of(lane)
  if job then break end
end
if not job and redis.call('ZSCORE', later, own_job) then
  job, text = own_job, strike_out(own_job)
end
if not job and redis.call('EXISTS', later) == 0 then redis.call('DEL', jobs, waiting) end
if not job then return false end
local given = cjson.encode({job, text})
redis.call('SET', message, given, 'EX', taken_s)
return given
"""
)
_PUT_BACK = (
    _COMMON
    + """
local message = base .. ':taken:' .. ARGV[2]
local delay = math.min(tonumber(ARGV[3]), tonumber(ARGV[4]) * 1000)
local given = redis.call('GET', message)
if not given then return false end
redis.call('DEL', message)
local job, text = unpack(cjson.decode(given))
if not note(job, text) then return false end
redis.call('ZADD', later, milliseconds + delay, job)
expire(later)
return job
"""
)
_LINED_UP = """
local base, time = KEYS[1], redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local latest = string.format('%.0f', now + tonumber(ARGV[1]) * 1000)
local later = redis.call('ZCOUNT', base .. ':later', '(' .. now, latest)
return redis.call('HLEN', base .. ':jobs') - later
"""


class FairLists:
    """The waiting jobs of all queues; every method raises `Unavailable`."""

    def __init__(self, redis: Redis, prefix: str, taken_s: int = 3 * 3600) -> None:
        """`taken_s`: seconds for which it is remembered what a message was exchanged
        for, so that the same message given out again means the same job.
        """
        self._redis, self._prefix, self._taken_s = redis, prefix, taken_s
        self._push = redis.register_script(_PUSH)
        self._take = redis.register_script(_TAKE)
        self._put_back = redis.register_script(_PUT_BACK)
        self._lined_up = redis.register_script(_LINED_UP)

    async def push(self, job: str, queue: str, turn: Turn, trace: str = "") -> bool:
        """Let a job wait; False where it waits already."""
        record = orjson.dumps([turn.lane, turn.project, turn.user, trace])
        with answering():
            pushed = await self._push(
                keys=[self._base(queue)], args=[KEEP_S, job, record]
            )
        return bool(pushed)

    async def take(self, message: str, job: str, queue: str) -> Taken | None:
        """The job whose turn it is, for a message that was sent with `job`; None where
        nothing waits. A message that is given out again gets the same.
        """
        with answering():
            given = await self._take(
                keys=[self._base(queue)],
                args=[KEEP_S, message, job, self._taken_s, TURN_S, LONGEST_LATER_S],
            )
        if given is None:
            return None
        taken, record = orjson.loads(given)
        return Taken(taken, orjson.loads(record)[3])

    async def done(self, message: str, queue: str) -> None:
        """Forget what a message was exchanged for."""
        with answering():
            await self._redis.delete(f"{self._base(queue)}:taken:{message}")

    async def put_back(self, message: str, queue: str, seconds: float) -> str | None:
        """Let the job wait again that a message was exchanged for, and be taken after
        `seconds`, before the others of its user. The job; None where it waits already.
        """
        with answering():
            job = await self._put_back(
                keys=[self._base(queue)],
                args=[
                    KEEP_S,
                    message,
                    max(0, round(seconds * 1000)),
                    LONGEST_LATER_S,
                ],
            )
        return None if job is None else _text(job)

    async def waiting_in(self, queue: str) -> frozenset[str]:
        """The ids of the jobs that wait."""
        with answering():
            ids = await self._redis.hkeys(f"{self._base(queue)}:jobs")
        return frozenset(_text(id) for id in ids)

    async def lined_up(self, queue: str) -> int:
        """How many of them can be taken now."""
        with answering():
            lined_up = await self._lined_up(
                keys=[self._base(queue)], args=[LONGEST_LATER_S]
            )
        return int(lined_up)

    async def backlog(self, project: str | None = None) -> Backlog:
        """How many wait: with a project named, of the projects only that one."""
        with answering():
            async with self._redis.pipeline(transaction=False) as pipe:
                for queue in QUEUES:
                    key = f"{self._base(queue)}:waiting"
                    if project is None:
                        pipe.hgetall(key)
                    else:
                        names = [_LANE + lane for lane in Lane]
                        pipe.hmget(key, [*names, _PROJECT + project])
                answers = await pipe.execute()
        by_lane, by_project = Counter[tuple[str, Lane]](), Counter[str]()
        for queue, answer in zip(QUEUES, answers, strict=True):
            if project is not None:
                names = [*(_LANE + lane for lane in Lane), _PROJECT + project]
                answer = dict(zip(names, answer, strict=True))
            for name, value in answer.items():
                text = _text(name)
                if text.startswith(_LANE):
                    by_lane[queue, Lane(text.removeprefix(_LANE))] += int(value or 0)
                else:
                    by_project[text.removeprefix(_PROJECT)] += int(value or 0)
        return Backlog(by_lane, by_project)

    def _base(self, queue: str) -> str:
        return f"{self._prefix}:fair:{{{queue}}}"


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
