"""Celery and all of its configuration.

celery -A workers.app worker -Q souvenir.text
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import (
    celeryd_init,
    setup_logging,
    worker_process_init,
    worker_process_shutdown,
)

from shared.adapters.celery_queue import NORMAL, broker_options, queue_name
from shared.domain.message import Message
from shared.domain.passage import Talk
from shared.domain.scope import Scope
from shared.errors import Transient
from shared.logs import bound, set_up
from shared.ports import Embedder
from shared.settings import Settings
from shared.wiring import WorkerPorts, wire_worker
from workers.loop import Loop
from workers.pipeline.runner import run_job
from workers.pipeline.worker_context import Document, Limits, WorkerContext

log = logging.getLogger(__name__)

SECONDS = 2 * 3600
"""The longest that a task may run: twenty scanned files of two hundred pages. Below the
visibility timeout, see there.
"""
_GRACE = 60
_STOP_SECONDS = 4.0
_MOST_MEMORY_KB = 1_500_000
_UNREACHED_SECONDS = 5.0
SHOWN = 16
"""Pictures of one file that the vision model is asked to describe, where there is one."""
NICENESS = 5
"""Of a worker that reads files only: a sentence goes before a book wherever both want
the processor. It still gets a quarter of one that others want too, so that nothing
starves.
"""


def configured(settings: Settings) -> Celery:
    """The Celery application of these settings. Nothing is connected."""
    celery = Celery("souvenir", broker=settings.redis_url, include=["workers.tasks"])
    celery.conf.update(
        # The job record is the truth, so nothing comes back, and a message is gone only
        # when its work is done.
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,  # bounded: tries are counted in the job
        task_time_limit=SECONDS + _GRACE,
        task_soft_time_limit=SECONDS,
        broker_transport_options=broker_options(settings.prefix),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # a worker outlives every absence of its broker
        task_default_queue=queue_name(settings.prefix, "text"),
        task_default_priority=NORMAL,
        # A worker takes one message at a time: another worker may be free for the next.
        worker_prefetch_multiplier=1,
        worker_disable_rate_limits=True,
        worker_eta_task_limit=1000,
        worker_max_memory_per_child=_MOST_MEMORY_KB,
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
    """What one worker process has: an event loop, and in it the workshop, furnished
    when the process starts or, at the latest, when the first job comes.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop = Loop()
        self._open = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._workshop: WorkerContext | None = None

    def prepare(self) -> None:
        """Begin to furnish it, so that the first job need not wait for models and
        dictionaries. Returns at once.
        """
        self._loop.begin(self._prepare())

    def work_on(self, job: str) -> float | None:
        """Seconds after which the job should be tried again; None when there is nothing
        more to do.
        """
        return self._loop.run(self._work_on(job))

    def close(self) -> None:
        """Close every connection."""
        self._loop.run(self._open.aclose())
        self._loop.close()

    async def _prepare(self) -> None:
        try:
            worker = await self._context()
        except Transient as error:
            log.warning("not ready yet: %s", error)
            return
        await _warmed(worker.embedder)

    async def _work_on(self, job: str) -> float | None:
        with bound(job=job):
            try:
                worker = await self._context()
            except Transient as error:
                log.warning("later: %s", error)
                return _UNREACHED_SECONDS
            return await run_job(job, worker)

    async def _context(self) -> WorkerContext:
        async with self._opening:
            if self._workshop is None:
                self._workshop = await self._open.enter_async_context(
                    context(self._settings)
                )
            return self._workshop


@asynccontextmanager
async def context(settings: Settings) -> AsyncIterator[WorkerContext]:
    """Ports, extractor, parsers: everything that a job needs. Raises `Unavailable`."""
    async with wire_worker(settings) as ports:
        yield build_context(settings, ports)


def build_context(settings: Settings, ports: WorkerPorts) -> WorkerContext:
    """A workshop on these ports. The parsers' and extractors' code is loaded here, in
    the process that uses it.
    """
    from shared.adapters.url_fetch import fetch
    from workers.pipeline.extract.model_extractor import ModelExtractor
    from workers.pipeline.extract.rules_extractor import RulesExtractor

    rules = RulesExtractor(ports.embedder)
    return WorkerContext(
        memories=ports.memories,
        messages=ports.messages,
        jobs=ports.jobs,
        knowledge_bases=ports.knowledge_bases,
        sources=ports.sources,
        progress_bus=ports.progress_bus,
        leases=ports.leases,
        embedder=ports.embedder,
        extractor=ModelExtractor(ports.extract_model, rules)
        if ports.extract_model
        else rules,
        parse=partial(_parse, SHOWN if ports.vision_model else 0),
        fetch=partial(fetch, allow=settings.fetch_allow),
        model=ports.extract_model,
        vision=ports.vision_model,
        limits=Limits(attempts=settings.max_attempts),
    )


async def _warmed(embedder: Embedder) -> None:
    """Let everything that loads at first use load now: the embedder's model, the
    dictionaries and dates of both languages.
    """
    from workers.pipeline.extract.rules_extractor import RulesExtractor

    texts = (
        "Two weeks ago I moved to a flat near the river.",
        "我上个月搬到了河边的公寓。",
    )
    at = datetime.now(UTC)
    said = [
        Message(
            id=text,
            scope=Scope("", ""),
            role="user",
            text=text,
            content=text,
            spoken_at=at,
            arrived_at=0,
            position=0,
            job="",
        )
        for text in texts
    ]
    await RulesExtractor(embedder).from_talk(Talk(tuple(said)))
    await embedder.passages(texts)


async def _parse(
    shown: int, data: bytes, name: str, pages: int, progress: Any
) -> Document:
    from workers.parsers.isolation.sandbox import parse_safely
    from workers.parsers.parse import Limits as OfOneFile

    return await parse_safely(data, name, OfOneFile(pages=pages, shown=shown), progress)


_settings = Settings.from_env()
_processes: dict[int, Process] = {}
app = configured(_settings)


def process() -> Process:
    """This process's own: a forked child does not inherit its parent's loop."""
    if os.getpid() not in _processes:
        _processes[os.getpid()] = Process(_settings)
    return _processes[os.getpid()]


@setup_logging.connect  # type: ignore[untyped-decorator]
def _log_as_we_do(**_: Any) -> None:
    set_up("worker", _settings.log_level)


@celeryd_init.connect  # type: ignore[untyped-decorator]
def _step_back(options: Mapping[str, Any], **_: Any) -> None:
    if list(options.get("queues") or ()) == [queue_name(_settings.prefix, "files")]:
        niceness = max(os.nice(0), NICENESS)
        os.setpriority(os.PRIO_PROCESS, 0, niceness)
        with contextlib.suppress(
            OSError
        ):  # where the kernel shares the processor out by sessions, niceness alone counts only within ours
            Path("/proc/self/autogroup").write_text(str(niceness))


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _prepare(**_: Any) -> None:
    process().prepare()


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _close(**_: Any) -> None:
    own = _processes.pop(os.getpid(), None)
    if own is not None:
        own.close()
