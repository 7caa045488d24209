"""Progress for those who watch: the latest figures under a key, each change also published."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson

from shared.adapters.redis.client import answering
from shared.domain.job import Progress, State, Step

if TYPE_CHECKING:
    from redis.asyncio import Redis
    from redis.asyncio.client import PubSub

PROGRESS_SECONDS = 6 * 3600
CANCEL_SECONDS = 24 * 3600
_LISTEN_SECONDS = 30.0  # one wait for a message; only bounds how long a dead connection goes unnoticed


class RedisProgressBus:
    """The Board port. One key and one channel of the same name a job."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        self._redis, self._prefix = redis, prefix

    async def publish(self, progress: Progress) -> None:
        """Keep and tell how far a job is. Raises `Unavailable`."""
        name, text = self._progress(progress.job), orjson.dumps(asdict(progress))
        with answering():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.set(name, text, ex=PROGRESS_SECONDS)
                pipe.publish(name, text)
                await pipe.execute()

    async def read(self, job: str) -> Progress | None:
        """The latest figures, None where there are none any more."""
        with answering():
            kept = await self._redis.get(self._progress(job))
        return None if kept is None else _read(kept)

    async def watch(self, job: str) -> AsyncIterator[Progress]:
        """The figures as they are, then every change, to the end of the job.

        Reads them once the subscription is confirmed (again after a lost connection,
        and after long silence), so nothing falls between; the same may come twice.
        Waits for ever where nothing is published: give it a time limit. Raises
        `Unavailable`.
        """
        with answering():
            async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
                await channel.subscribe(self._progress(job))
                ended = False
                while not ended:
                    progress = await _told(channel) or await self.read(job)
                    if progress is not None:
                        ended = progress.state.final
                        yield progress

    async def cancel(self, job: str) -> None:
        """Ask whoever works on a job to stop. Raises `Unavailable`."""
        with answering():
            await self._redis.set(f"{self._prefix}:cancel:{job}", 1, ex=CANCEL_SECONDS)

    async def cancelled(self, job: str) -> bool:
        """Whether somebody asked for it."""
        with answering():
            return bool(await self._redis.exists(f"{self._prefix}:cancel:{job}"))

    def _progress(self, job: str) -> str:
        return f"{self._prefix}:progress:{job}"


async def _told(channel: PubSub) -> Progress | None:
    """The next that is published; None for the confirmation of a subscription, or after
    long silence.
    """
    message: Any = await channel.get_message(timeout=_LISTEN_SECONDS)
    return None if message is None else _read(message["data"])


def _read(text: bytes | str) -> Progress:
    values = orjson.loads(text)
    return Progress(
        **{**values, "state": State(values["state"]), "step": Step(values["step"])}
    )
