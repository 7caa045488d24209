"""The worker process: Celery with all of its configuration, and what a process opens.

`python -m workers text` runs it. In a pool of threads one process runs several jobs, all
in its one event loop; time limits are kept here, since that pool knows none.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billiard import get_start_method
from billiard.util import get_pdeathsig
from celery import Celery
from celery.apps.worker import REMAP_SIGTERM
from celery.concurrency.thread import TaskPool as Threads
from celery.signals import (
    celeryd_init,
    setup_logging,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutdown,
)

from shared.adapters.celery_queue import NORMAL, broker_options, queue_name
from shared.domain.job_payload import Queue
from shared.domain.model_budget import Budget
from shared.domain.project_settings import ALL
from shared.embedding import batch_size, follow, wanted_embedder
from shared.errors import Transient
from shared.logs import bound, set_up
from shared.ports import ChatModel, Extractor
from shared.settings import Settings
from shared.tracing import span
from shared.wiring import (
    WorkerPorts,
    import_adapters,
    models_to_share,
    require_usable_redis,
    tracing,
    warn_of_models,
    wire_heartbeats,
    wire_worker,
)
from workers.alive import begin
from workers.heartbeat_writer import HeartbeatWriter, writing_heartbeats
from workers.loop import Loop
from workers.pipeline.job_models import JobModel, ModelAccounts
from workers.pipeline.runner import run_job
from workers.pipeline.warm_up import warm_up
from workers.pipeline.worker_context import (
    Document,
    InstructionSource,
    Limits,
    OnProgress,
    Parse,
    WorkerContext,
)
from workers.shutdown import end_soon_on

if TYPE_CHECKING:
    from workers.pipeline.extract.model.known_memories import KnownMemories

log = logging.getLogger(__name__)

TASK_SECONDS = 2 * 3600
"""The longest that a task may run: twenty scanned files of two hundred pages. Below the
broker's visibility timeout, see there.
"""
_KILL_GRACE_SECONDS = 60
"""From one limit to the next: the job is called off, the task interrupted, its process
killed.
"""
_SHORTEST_TURN_SECONDS = 600
_MODEL_WAITS = 8
"""A job that shows no sign of getting on may be waiting for a language model behind so
many others.
"""
_STOP_SECONDS = 4.0
_LAST_SECONDS = 3.0
"""From the calling off of all jobs to the end of a process of threads."""
_MAX_MEMORY_KB = 1_500_000
"""A worker process that is larger after a task is replaced."""
_NOT_READY_SECONDS = 5.0
"""Until a job is tried again whose process could not reach its services."""
_AFTER_TIMEOUT_S = 5.0
"""From the vision model's own limit of time to that of a description."""
_PASSAGES, _MODEL_PASSAGES = 24, 6
"""Passages that are read at once, and that a language model is shown at once: so each
answer is saved by itself.
"""
MAX_PICTURES = 16
"""Pictures of one file that the vision model is asked to describe, where there is one."""
NICENESS: Mapping[str, int] = {Queue.TEXT: 5, Queue.FILES: 10}
"""Of a worker of one queue. Somebody waits for a search, and a worker of text has a
process for every core: it gives way, and gets a quarter of a core that others want too,
so that nothing starves. A sentence goes before a book: a worker of files gets a quarter
of what one of text gets.
"""
_AUTOGROUP = Path("/proc/self/autogroup")


def build_celery(settings: Settings) -> Celery:
    """The Celery application of these settings. Nothing is connected."""
    celery = Celery("souvenir", broker=settings.redis_url, include=["workers.tasks"])
    celery.conf.update(
        # The job record is the truth, so no result is sent back, and a message is
        # acknowledged only when its work is done.
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,  # bounded: tries are counted in the job
        # For what the event loop cannot interrupt; `Process` has the first limit.
        task_time_limit=TASK_SECONDS + 2 * _KILL_GRACE_SECONDS,
        task_soft_time_limit=TASK_SECONDS + _KILL_GRACE_SECONDS,
        broker_transport_options=broker_options(settings.prefix),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # a worker outlives every absence of its broker
        task_default_queue=queue_name(settings.prefix, Queue.TEXT),
        task_default_priority=NORMAL,
        # A worker takes one message at a time: another worker may be free for the next.
        worker_prefetch_multiplier=1,
        worker_disable_rate_limits=True,
        worker_eta_task_limit=1000,
        worker_max_memory_per_child=_MAX_MEMORY_KB,
        # On SIGQUIT (SIGTERM too, where REMAP_SIGTERM=SIGQUIT is set) the task in hand
        # has this long; then its message goes back.
        worker_soft_shutdown_timeout=_STOP_SECONDS,
        task_serializer="json",
        accept_content=["json"],
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        task_send_sent_event=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )
    return celery


class Process:
    """What one worker process has: an event loop, in it a heartbeat, and the context of
    all jobs, opened when the first job comes or before.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop = Loop()
        self._connections = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._opened: WorkerContext | None = None
        self._heartbeat = HeartbeatWriter(_served_queue)

    def prepare(self) -> None:
        """Show that the process runs and, where it serves sentences, begin to open the
        context, so that the first need not wait for models and dictionaries: a file can,
        and an idle process of files holds none of them. Returns at once.
        """
        self._loop.start(self._show_running())
        if _served_queue != Queue.FILES:
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


@asynccontextmanager
async def open_context(settings: Settings) -> AsyncIterator[WorkerContext]:
    """Ports, extractor, parser: everything that a job needs. Raises `Unavailable`."""
    async with tracing(settings, "worker"), wire_worker(settings) as ports:
        yield build_context(settings, ports)


def build_context(settings: Settings, ports: WorkerPorts) -> WorkerContext:
    """The context of all jobs on these ports. The extractors' and the fetcher's code is
    loaded here, in the process that uses it, and the parsers' with the first file.
    """
    from shared.adapters.url_fetch import fetch, refuse

    extract_model, vision = _job_models(settings, ports)
    extractor, recalled = _extractor(ports, extract_model)
    return WorkerContext(
        memories=ports.memories,
        messages=ports.messages,
        jobs=ports.jobs,
        knowledge_bases=ports.knowledge_bases,
        profile_templates=ports.profile_templates,
        sources=ports.sources,
        progress_bus=ports.progress_bus,
        leases=ports.leases,
        queue=ports.queue,
        tallies=ports.tallies,
        embedder=ports.embedder,
        extractor=extractor,
        reader=ports.reader,
        judge=ports.judge,
        spaces=ports.spaces,
        wanted_embedder=partial(wanted_embedder, settings),
        parse=_parser(MAX_PICTURES if vision else 0),
        fetch=partial(fetch, allow=settings.fetch_allow) if settings.fetch else refuse,
        known_memories=recalled,
        extract_model=extract_model,
        instructions=_instructions(settings, ports)
        if extract_model or vision
        else None,
        vision=vision,
        redact=settings.redact,
        limits=_limits(settings, with_model=extract_model is not None),
    )


def _extractor(
    ports: WorkerPorts, model: ChatModel | None
) -> tuple[Extractor, KnownMemories | None]:
    """Who extracts memories, and what a model gets of those that are known."""
    from workers.pipeline.extract.builtin_extractor import BuiltInExtractor

    built_in = BuiltInExtractor(ports.reader)
    if model is None:
        return built_in, None
    from workers.pipeline.extract.model.known_memories import KnownMemories
    from workers.pipeline.extract.model.model_extractor import ModelExtractor

    recalled = KnownMemories(ports.memories, ports.embedder)
    return ModelExtractor(model, built_in, recalled, ports.reader), recalled


def _parser(max_pictures: int) -> Parse:
    """Reads files in a process of its own. `max_pictures`: those that are described."""

    async def parse(
        data: bytes, name: str, max_pages: int, on_progress: OnProgress
    ) -> Document:
        from workers.parsers.isolation.sandbox import parse_safely
        from workers.parsers.parse_file import FileLimits

        limits = FileLimits(pages=max_pages, described_pictures=max_pictures)
        return await parse_safely(data, name, limits, on_progress)

    return parse


def _limits(settings: Settings, *, with_model: bool) -> Limits:
    longest = max(settings.extract.timeout_s, settings.vision.timeout_s)
    return Limits(
        attempts=settings.max_attempts,
        embed_batch=batch_size(settings) or Limits().embed_batch,
        description=settings.vision.timeout_s + _AFTER_TIMEOUT_S,
        waits_for_model=settings.extract_fallback == "wait",
        calls_at_once=settings.extract.calls if with_model else 1,
        passage_batch=_MODEL_PASSAGES if with_model else _PASSAGES,
        turn=max(_SHORTEST_TURN_SECONDS, TASK_SECONDS - 2 * longest),
        stall=max(Limits().stall, _MODEL_WAITS * longest),
    )


def _job_models(
    settings: Settings, ports: WorkerPorts
) -> tuple[ChatModel | None, ChatModel | None]:
    """The models that extract and that describe pictures, as jobs use them."""
    budget = Budget(settings.daily_tokens, settings.monthly_tokens)
    accounts = ModelAccounts(ports.projects, ports.model_usage, budget)

    def of_jobs(model: ChatModel | None, role: str) -> ChatModel | None:
        return JobModel(model, role, accounts) if model else None

    return (
        of_jobs(ports.extract_model, "extract"),
        of_jobs(ports.vision_model, "vision"),
    )


def _instructions(settings: Settings, ports: WorkerPorts) -> InstructionSource:
    """What holds for all projects, and what a project has set."""
    everywhere = {ALL: settings.extract_instructions}

    async def instructions(project: str) -> Sequence[Mapping[str, str]]:
        return [everywhere, (await ports.projects.get(project)).instructions]

    return instructions


def load_before_fork(settings: Settings) -> None:
    """Load what every process of a worker of text needs, once for all of them: one that
    takes the place of another is ready at once. Nothing is connected, and neither a
    thread nor a loop is left, which a forked process could not use.
    """

    async def load() -> None:
        await import_adapters(settings)
        models = models_to_share(settings)
        if models is not None:
            await warm_up(models.reader, models.judge, models.embedder)

    with contextlib.suppress(Exception):  # each process finds it out too, and says so
        asyncio.run(load())


# Celery's command line wants an application in the module that it is given, so the
# environment is read when this one is imported.
_settings = Settings.from_env()
_processes: dict[int, Process] = {}
_served_queue = ""
"""Whose jobs the processes take; known before they are forked."""
app = build_celery(_settings)


def process() -> Process:
    """This process's own: a forked child does not inherit its parent's loop."""
    if os.getpid() not in _processes:
        _processes[os.getpid()] = Process(_settings)
    return _processes[os.getpid()]


@setup_logging.connect  # type: ignore[untyped-decorator]
def _set_up_logging(**_: Any) -> None:
    set_up("worker", _settings.log_level)


@celeryd_init.connect  # type: ignore[untyped-decorator]
def _note_queue(options: Mapping[str, Any], **_: Any) -> None:
    global _served_queue
    names = {queue_name(_settings.prefix, queue): queue.value for queue in Queue}
    _served_queue = "".join(names.get(name, "") for name in options.get("queues") or ())
    begin(_served_queue)


@worker_init.connect  # type: ignore[untyped-decorator]
def _require_usable_redis(**_: Any) -> None:
    try:
        asyncio.run(require_usable_redis(_settings))
    except ValueError as error:
        sys.exit(f"souvenir: {error}")


@worker_init.connect  # type: ignore[untyped-decorator]
def _share_with_children(sender: Any, **_: Any) -> None:
    """What was imported and loaded stays in pages that forked processes share: the
    collector of neither writes into it.
    """
    forks = not issubclass(sender.pool_cls, Threads) and get_start_method() == "fork"
    if forks and _served_queue == Queue.TEXT:
        load_before_fork(_settings)
    with contextlib.suppress(OSError):
        get_pdeathsig()  # billiard's parser of C: 6 MB that each process would load
    gc.collect()
    gc.freeze()


@worker_init.connect  # type: ignore[untyped-decorator]
def _lower_priority(**_: Any) -> None:
    """After what is loaded: somebody may wait for the start."""
    if _served_queue not in NICENESS:
        return
    niceness = max(os.nice(0), NICENESS[_served_queue])
    os.setpriority(os.PRIO_PROCESS, 0, niceness)
    # Where the kernel shares the processor out by sessions, niceness alone counts only
    # within this one.
    with contextlib.suppress(OSError):
        _AUTOGROUP.write_text(str(niceness))


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _prepare_process(**_: Any) -> None:
    process().prepare()


@worker_ready.connect  # type: ignore[untyped-decorator]
def _prepare_threads(sender: Any, **_: Any) -> None:
    """A pool of threads is this very process. Sent after each connection to the broker."""
    if isinstance(sender.pool, Threads) and os.getpid() not in _processes:
        process().prepare()
        cold = [signal.SIGQUIT]
        if signal.SIGQUIT.name == REMAP_SIGTERM:
            cold.append(signal.SIGTERM)
        end_soon_on(cold, process().abandon, _STOP_SECONDS, _LAST_SECONDS)


@worker_shutdown.connect  # type: ignore[untyped-decorator]
@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _close_process(**_: Any) -> None:
    own = _processes.pop(os.getpid(), None)
    if own is not None:
        own.close()
