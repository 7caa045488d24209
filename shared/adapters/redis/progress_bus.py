"""Progress of running jobs: the latest figures under a key, each change also published
on a channel of the same name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

from shared.adapters.redis.client import answering
from shared.domain.job import Progress, State, Step

if TYPE_CHECKING:
    from redis.asyncio import Redis

PROGRESS_SECONDS = 6 * 3600
CANCEL_SECONDS = 24 * 3600
_LISTEN_SECONDS = 30.0
"""One wait for a message: bounds how long a dead connection goes unnoticed."""


class RedisProgressBus:
    """The ProgressBus port; every method raises `Unavailable`."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis, self._prefix = redis, prefix

    async def publish(self, progress: Progress) -> None:
        name, text = self._progress(progress.job), orjson.dumps(asdict(progress))
        with answering():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(name, text, ex=PROGRESS_SECONDS)
                pipe.publish(name, text)
                await pipe.execute()

    async def report(self, progress: Progress) -> bool:
        name, text = self._progress(progress.job), orjson.dumps(asdict(progress))
        with answering():
            # No transaction: in a cluster the keys lie in different places.
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.set(name, text, ex=PROGRESS_SECONDS)
                pipe.publish(name, text)
                pipe.exists(self._cancel(progress.job))
                *_, asked_to_stop = await pipe.execute()
        return bool(asked_to_stop)

    async def read(self, job: str) -> Progress | None:
        with answering():
            latest = await self._redis.get(self._progress(job))
        return None if latest is None else _decode(latest)

    async def watch(self, job: str) -> AsyncIterator[Progress]:
        """Reads the latest figures when the subscription is confirmed (again after a
        lost connection, and after a long silence), so that no change is missed.
        """
        with answering():
            async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
                await channel.subscribe(self._progress(job))
                ended = False
                while not ended:
                    message: Any = await channel.get_message(timeout=_LISTEN_SECONDS)
                    # None: the subscription is confirmed, or there was a long silence.
                    progress = (
                        await self.read(job)
                        if message is None
                        else _decode(message["data"])
                    )
                    if progress is not None:
                        ended = progress.state.final
                        yield progress

    async def cancel(self, job: str) -> None:
        with answering():
            await self._redis.set(self._cancel(job), 1, ex=CANCEL_SECONDS)

    async def take_back_cancel(self, job: str) -> None:
        with answering():
            await self._redis.delete(self._cancel(job))

    async def cancelled(self, job: str) -> bool:
        with answering():
            return bool(await self._redis.exists(self._cancel(job)))

    async def forget(self, jobs: Collection[str]) -> None:
        with answering():
            for job in jobs:  # one by one: in a cluster they lie in different places
                await self._redis.delete(self._progress(job))

    def _progress(self, job: str) -> str:
        return f"{self._prefix}:progress:{job}"

    def _cancel(self, job: str) -> str:
        return f"{self._prefix}:cancel:{job}"


def _decode(text: bytes | str) -> Progress:
    values = orjson.loads(text)
    values["state"] = State(values["state"])
    values["step"] = Step(values["step"])
    return Progress(**values)
