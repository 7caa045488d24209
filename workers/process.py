"""A worker process at work: what it opens, and how it comes from a message to a job.

In a pool of threads one process runs several jobs, all in its one event loop; time limits
are kept here, since that pool knows none.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import replace

from shared.domain.job_payload import Queue
from shared.embedding import follow
from shared.errors import Transient
from shared.logs import bound
from shared.settings import Settings
from shared.tracing import span
from shared.wiring import warn_of_models, wire_heartbeats
from workers.build_context import open_context
from workers.heartbeat_writer import HeartbeatWriter, writing_heartbeats
from workers.loop import Loop
from workers.pipeline.runner import run_job
from workers.pipeline.warm_up import warm_up
from workers.pipeline.worker_context import WorkerContext
from workers.time_limits import TASK_SECONDS

log = logging.getLogger(__name__)

_NOT_READY_SECONDS = 5.0
"""Until a job is tried again whose process could not reach its services."""


class Process:
    """What one worker process has: an event loop, in it a heartbeat, and the context of
    all jobs, opened when the first job comes or before.
    """

    def __init__(self, settings: Settings, queue: str) -> None:
        """`queue`: whose jobs it takes, "text" or "files"; empty: those of both."""
        self._settings, self._queue = settings, queue
        self._loop = Loop()
        self._connections = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._opened: WorkerContext | None = None
        self._heartbeat = HeartbeatWriter(queue)

    def prepare(self) -> None:
        """Show that the process runs and, where it serves sentences, begin to open the
        context, so that the first need not wait for models and dictionaries: a file can,
        and an idle process of files holds none of them. Returns at once.
        """
        self._loop.start(self._show_running())
        if self._queue != Queue.FILES:
            self._loop.start(self._open())
        self._loop.start(warn_of_models(self._settings, "extract", "vision"))

    def work_off(self, message: str, job: str, queue: str) -> float | None:
        """Work on the job whose turn it is in the queue, for a message that names `job`;
        it waits again where it should be tried again. Seconds after which the message
        should come again; None when it was used.
        """
        return self._loop.run(self._work_off(message, job, queue))

    def run_job(self, job: str) -> float | None:
        """Work on a job, to its end or to the end of a try. Seconds after which it should
        be tried again; None when there is nothing more to do.
        """
        return self._loop.run(self._run_job(job))

    def abandon(self) -> None:
        """Call off all jobs that run now: they release their leases, and somebody else
        goes on. Returns at once.
        """
        self._loop.cancel_all()

    def close(self) -> None:
        """Close every connection."""
        self._loop.run(self._connections.aclose())
        self._loop.close()

    async def _show_running(self) -> None:
        heartbeats = wire_heartbeats(self._settings)
        beating = writing_heartbeats(
            self._heartbeat, await self._connections.enter_async_context(heartbeats)
        )
        await self._connections.enter_async_context(beating)

    async def _open(self) -> None:
        try:
            context = await self._context()
        except Transient as error:
            log.warning("worker_not_ready", extra={"error": error.message})
            return
        try:
            await warm_up(context.reader, context.judge, context.embedder)
        except Transient as error:  # an embedder that is not on this machine
            log.warning("worker_not_warm", extra={"error": error.message})

    async def _work_off(self, message: str, job: str, queue: str) -> float | None:
        try:
            waiting = (await self._context()).queue
            taken = await waiting.take(message, job, queue)
        except Transient as error:
            log.warning("job_not_taken", extra={"error": error.message})
            return _NOT_READY_SECONDS
        if taken is None:
            return None
        with span("job", taken.trace, job=taken.job, queue=queue):
            seconds = await self._run_job(taken.job)
        try:
            if seconds is None:
                await waiting.done(message, queue)
            else:
                await waiting.put_back(message, queue, seconds)
        except Transient as error:  # the sweeper brings it back
            details = {"job": taken.job, "error": error.message}
            log.warning("job_not_put_back", extra=details)
        return None

    async def _run_job(self, job: str) -> float | None:
        with bound(job=job):
            try:
                context = await self._followed(await self._context())
            except Transient as error:
                log.warning("job_postponed", extra={"error": error.message})
                return _NOT_READY_SECONDS
            try:
                with self._heartbeat.working_on(job):
                    async with asyncio.timeout(TASK_SECONDS):
                        return await run_job(job, context)
            except TimeoutError:  # the sweeper brings it back, until its tries are used
                log.warning("job_took_too_long", extra={"seconds": TASK_SECONDS})
                return None

    async def _followed(self, context: WorkerContext) -> WorkerContext:
        """The context on the embedder that the store has now. Raises `Unavailable`."""
        if context.spaces is None:
            return context
        followed = await follow(context.spaces, context.embedder, self._settings)
        if followed is not None:
            embedder, memories = followed
            if context.known_memories:
                context.known_memories.follow(memories, embedder)
            context = replace(context, embedder=embedder, memories=memories)
            self._opened = context
        return context

    async def _context(self) -> WorkerContext:
        async with self._opening:
            if self._opened is None:
                opening = open_context(self._settings)
                self._opened = await self._connections.enter_async_context(opening)
            return self._opened
