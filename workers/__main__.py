"""`python -m workers text` or `files`: the worker of one queue, the same in every mode.

A worker of text that asks a language model mostly waits: one process runs as many jobs
at a time as the model may be asked calls. Else a process runs one job at a time, and
what it does wrong ends with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from shared.settings import Settings

_QUEUES = ("text", "files")
_MOST_TEXT_PROCESSES = 4
"""That are started unasked."""
_CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")
"""Quota and period in microseconds, "max 100000" for none (Linux, cgroup v2)."""


def celery_arguments(queue: str, settings: Settings) -> list[str]:
    """To be run by Python. That it may run as root is for the operator to know, and
    Celery's words on it would be the only log line that is not JSON.
    """
    pool, concurrency = _pool(queue, settings)
    return [
        "-W",
        "ignore::UserWarning:celery.platforms",
        "-m",
        "celery",
        "--quiet",
        "-A",
        "workers.app",
        "worker",
        "-Q",
        f"{settings.prefix}.{queue}",
        "-n",
        f"{queue}@%h",
        "--pool",
        pool,
        "--concurrency",
        str(concurrency),
        "--loglevel",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
    ]


def _pool(queue: str, settings: Settings) -> tuple[str, int]:
    """Celery's name of the pool, and how many jobs it runs at a time."""
    if queue == "files":
        return "prefork", settings.files_concurrency
    if settings.extract_model and settings.endpoint(settings.extract).base_url:
        return "threads", max(settings.text_concurrency, settings.extract.calls)
    return "prefork", settings.text_concurrency or text_processes(usable_cores())


def text_processes(cores: int) -> int:
    """Processes of a text worker where the settings name none: each keeps a core busy,
    and gives way to those that answer callers (`workers.niceness.NICENESS`).
    """
    return min(cores, _MOST_TEXT_PROCESSES)


def usable_cores(limit: Path = _CGROUP_LIMIT) -> int:
    """Cores that this process may use: of the machine, or of its container."""
    cores = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    with suppress(OSError, ValueError):  # no such limit, or another kernel's words
        quota, period = map(int, limit.read_text().split())
        cores = min(cores, max(1, quota // period))
    return cores


def main(arguments: Sequence[str]) -> None:
    """Become Celery, under the same process id."""
    if len(arguments) != 1 or arguments[0] not in _QUEUES:
        sys.exit("usage: python -m workers text|files")
    command = celery_arguments(arguments[0], Settings.from_env_or_exit())
    os.execv(sys.executable, [sys.executable, *command])


if __name__ == "__main__":
    main(sys.argv[1:])
