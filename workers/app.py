"""The Celery application of the workers, with all of its configuration.

`python -m workers text` runs it.
"""

from __future__ import annotations

from celery import Celery

from shared.adapters.celery_queue import NORMAL, broker_options, queue_name
from shared.domain.job_payload import Queue
from shared.settings import Settings
from workers.time_limits import KILL_GRACE_SECONDS, STOP_SECONDS, TASK_SECONDS

_LOADED = ("workers.tasks", "workers.lifecycle")
"""Modules that a worker imports before its first signal: what is a task, and what hears
signals, says so to Celery by itself.
"""
_MAX_MEMORY_KB = 1_500_000
"""A worker process that is larger after a task is replaced."""


def build_celery(settings: Settings) -> Celery:
    """The Celery application of these settings. Nothing is connected."""
    celery = Celery("souvenir", broker=settings.redis_url, include=_LOADED)
    celery.conf.update(
        # The job record is the truth, so no result is sent back, and a message is
        # acknowledged only when its work is done.
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,  # bounded: tries are counted in the job
        # For what the event loop cannot interrupt; `workers.process` has the first limit.
        task_time_limit=TASK_SECONDS + 2 * KILL_GRACE_SECONDS,
        task_soft_time_limit=TASK_SECONDS + KILL_GRACE_SECONDS,
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
        worker_soft_shutdown_timeout=STOP_SECONDS,
        task_serializer="json",
        accept_content=["json"],
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        task_send_sent_event=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )
    return celery


# Celery's command line wants an application in the module that it is given, so the
# environment is read when this one is imported.
settings = Settings.from_env()
app = build_celery(settings)
