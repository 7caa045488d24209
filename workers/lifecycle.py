"""From the start of a worker to its end, as Celery's signals tell it, and the process
that its tasks run in.

    a worker     logging ── its queue ── Redis is fit? ── load, share ── lower the priority
    a process    prepare ── tasks ── close
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

from billiard import get_start_method
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

from shared.adapters.celery_queue import queue_name
from shared.domain.job_payload import Queue
from shared.logs import set_up
from shared.wiring import require_usable_redis
from workers.alive import begin
from workers.app import settings
from workers.niceness import lower_priority
from workers.preload import freeze_loaded, load_before_fork
from workers.process import Process
from workers.shutdown import end_soon_on
from workers.time_limits import LAST_SECONDS, STOP_SECONDS

_processes: dict[int, Process] = {}
_served_queue = ""
"""Whose jobs the processes take; known before they are forked."""


def process() -> Process:
    """This process's own: a forked child does not inherit its parent's loop."""
    if os.getpid() not in _processes:
        _processes[os.getpid()] = Process(settings, _served_queue)
    return _processes[os.getpid()]


@setup_logging.connect  # type: ignore[untyped-decorator]
def _set_up_logging(**_: Any) -> None:
    set_up("worker", settings.log_level)


@celeryd_init.connect  # type: ignore[untyped-decorator]
def _note_queue(options: Mapping[str, Any], **_: Any) -> None:
    global _served_queue
    names = {queue_name(settings.prefix, queue): queue.value for queue in Queue}
    _served_queue = "".join(names.get(name, "") for name in options.get("queues") or ())
    begin(_served_queue)


@worker_init.connect  # type: ignore[untyped-decorator]
def _require_usable_redis(**_: Any) -> None:
    try:
        asyncio.run(require_usable_redis(settings))
    except ValueError as error:
        sys.exit(f"souvenir: {error}")


@worker_init.connect  # type: ignore[untyped-decorator]
def _share_with_children(sender: Any, **_: Any) -> None:
    forks = not issubclass(sender.pool_cls, Threads) and get_start_method() == "fork"
    if forks and _served_queue == Queue.TEXT:
        load_before_fork(settings)
    freeze_loaded()


@worker_init.connect  # type: ignore[untyped-decorator]
def _lower_priority(**_: Any) -> None:
    """After what is loaded: somebody may wait for the start."""
    lower_priority(_served_queue)


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
        end_soon_on(cold, process().abandon, STOP_SECONDS, LAST_SECONDS)


@worker_shutdown.connect  # type: ignore[untyped-decorator]
@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _close_process(**_: Any) -> None:
    own = _processes.pop(os.getpid(), None)
    if own is not None:
        own.close()
