"""How the system does: its processes, its traffic, what waits, what was remembered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from services.gateway.console.request_log import Period, RequestLog
from services.gateway.console.workers import workers_of
from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.console import (
    Health,
    Overview,
    Today,
    Traffic,
    UserCounts,
)
from services.gateway.wire.wire_times import now
from services.http.probes import release
from shared.domain.job import Job, State
from shared.domain.memory import Kind
from shared.errors import SouvenirError

PERIOD_MINUTES, PERIODS = 15, 96
"""A day, a quarter of an hour at a time."""
JOBS_READ = 500
"""Jobs that today's figures are counted from: the latest."""
PROBE_S = 2.0
_WAITING = (State.QUEUED, State.RUNNING)


async def overview(context: RequestContext, log: RequestLog) -> Overview:
    """All of it; a process that does not answer is said to, and fails nothing else."""
    project, jobs = context.project, context.ports.jobs
    health, workers, counts, latest, waiting, dead = await asyncio.gather(
        health_of(context),
        workers_of(context),
        context.ports.memories.counts(project),
        jobs.latest(project, JOBS_READ),
        jobs.latest(project, JOBS_READ, _WAITING),
        jobs.dead(project, JOBS_READ),
    )
    periods = log.periods(project, now(), PERIOD_MINUTES, PERIODS)
    return Overview(
        version=release(),
        embedder=context.ports.embedder.name,
        extractor=context.settings.extract_model,
        chat_model=context.settings.chat_model,
        health=health,
        workers=workers,
        users=len(counts),
        memories={kind: sum_of(counts.values(), kind) for kind in Kind},
        traffic=[traffic_of(period) for period in periods],
        today=today(latest, context.settings.timezone),
        waiting=len(waiting),
        oldest_waiting=min((job.created_at for job in waiting), default=None),
        dead=len(dead),
    )


async def health_of(context: RequestContext) -> list[Health]:
    """The gateway, what it keeps its data in, and the status service."""
    probes = {
        "redis": context.ports.progress_bus.read("ready"),
        "qdrant": context.ports.keys.find("ready"),
        "status": status_answers(context.status),
    }
    measured = await asyncio.gather(
        *(measure(name, probe) for name, probe in probes.items())
    )
    return [Health(name="gateway", state="ok", ms=0.0), *measured]


async def measure(name: str, probe: Any) -> Health:
    """How long a probe takes; "down" where it fails or takes too long."""
    started = time.perf_counter()
    try:
        async with asyncio.timeout(PROBE_S):
            await probe
    except (SouvenirError, httpx.HTTPError, TimeoutError):
        return Health(name=name, state="down", ms=None)
    ms = round((time.perf_counter() - started) * 1000, 1)
    return Health(name=name, state="ok", ms=ms)


async def status_answers(status: httpx.AsyncClient) -> None:
    """Raises `httpx.HTTPError` where the status service is not there."""
    (await status.get("/health")).raise_for_status()


def today(jobs: Iterable[Job], timezone: str) -> Today:
    """What jobs that were begun today, in a time zone, have made of what they read."""
    zone = ZoneInfo(timezone)
    midnight = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    begun = [job for job in jobs if job.created_at >= midnight.timestamp() * 1000]
    outcomes: dict[str, int] = {}
    for job in begun:
        for receipt in job.receipts:
            outcome = receipt.outcome.value
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return Today(tasks=len(begun), outcomes=outcomes)


def traffic_of(period: Period) -> Traffic:
    """A period as the wire has it."""
    return Traffic(
        at=period.at,
        counts=period.counts,
        failed=period.failed,
        p50=period.p50,
        p95=period.p95,
    )


def sum_of(counts: Iterable[dict[Kind, int]], kind: Kind) -> int:
    """The memories of one kind of all users."""
    return sum(of_user.get(kind, 0) for of_user in counts)


async def user_counts(context: RequestContext) -> list[UserCounts]:
    """Every user who has a memory or a message, the one with the most memories first."""
    counts, with_messages = await asyncio.gather(
        context.ports.memories.counts(context.project),
        context.ports.messages.users(context.project),
    )
    users = {user: counts.get(user, {}) for user in (*counts, *with_messages)}
    listed = [
        UserCounts(user_id=user, counts={kind: of_user.get(kind, 0) for kind in Kind})
        for user, of_user in users.items()
    ]
    return sorted(listed, key=lambda user: (-total(user), user.user_id))


def total(user: UserCounts) -> int:
    """All of a user's memories."""
    return sum(user.counts.values())
