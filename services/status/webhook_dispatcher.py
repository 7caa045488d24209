"""Tells webhooks how their tasks ended: at least once each, for as long as the receiver
is worth trying.

Whoever ends a job writes down in its record that its webhook is due; here due ones are
found, told, and noted as told. So nothing is lost with a process: one that dies between
telling and noting tells again, under the same `webhook-id`. A lease keeps replicas
apart.

    {"type": "task.completed" | "task.failed", "timestamp": when it ended, "data": what
    GET tasks/{id} answers}
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import orjson
from prometheus_client import CollectorRegistry, Counter

from services.status import job_actions as actions
from services.status.task_schemas import Told
from shared.domain.identity import computed_id
from shared.domain.job import Job, WebhookDelivery
from shared.errors import Permanent, Unavailable
from shared.ports import Webhooks
from shared.wiring import Ports

log = logging.getLogger(__name__)

PAUSES = (5.0, 30.0, 120.0, 600.0, 3600.0, 3 * 3600.0, 6 * 3600.0, 12 * 3600.0)
"""Seconds after each try that failed; after one more, about 23 hours after the end,
nobody is told any more.
"""
PERIOD = 1.0
AT_ONCE = 20
_LEASE_SECONDS = 60.0
_COMPANIONS_MS = 3000  # until the other jobs of a group chat are looked at again


class WebhookDispatcher:
    """`period`: seconds between two looks for what is due."""

    def __init__(
        self,
        ports: Ports,
        webhooks: Webhooks,
        period: float = PERIOD,
        pauses: Sequence[float] = PAUSES,
        registry: CollectorRegistry | None = None,
    ) -> None:
        self._ports, self._webhooks, self._period, self._pauses = (
            ports,
            webhooks,
            period,
            pauses,
        )
        self._telling: dict[str, asyncio.Task[None]] = {}
        self._count = Counter(
            "souvenir_webhooks",
            "Tries to tell a webhook",
            ("outcome",),
            registry=registry,
        )

    async def keep_telling(self) -> None:
        """Until it is cancelled; what is being told then is told again by the next process."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(self._period)
        finally:
            for task in self._telling.values():
                task.cancel()
            await self.settled()

    async def look(self) -> None:
        """Begin to tell what is due. A slow receiver holds up nobody else."""
        try:
            due = await self._ports.jobs.due_deliveries(_now(), AT_ONCE)
        except Unavailable as error:
            log.warning("no webhook is told: %s", error)
            return
        for job in due:
            if job.id not in self._telling and len(self._telling) < AT_ONCE:
                self._telling[job.id] = asyncio.create_task(self._one(job.id))

    async def settled(self) -> None:
        """Wait until everything begun has come to an end."""
        await asyncio.gather(*self._telling.values(), return_exceptions=True)

    async def _one(self, id: str) -> None:
        try:
            token = await self._ports.leases.acquire(f"tell:{id}", _LEASE_SECONDS)
            if token is None:
                return
            try:
                await self._if_due(id)
            finally:
                await self._ports.leases.release(f"tell:{id}", token)
        except Unavailable as error:
            log.warning("the webhook of %s is told later: %s", id, error)
        except Exception:
            log.exception("telling the webhook of %s broke", id)
        finally:
            del self._telling[id]

    async def _if_due(self, id: str) -> None:
        """The record decides: another replica may have told it a moment ago."""
        job = await self._ports.jobs.get(None, id)
        if job is None or not 0 < job.delivery.due_at <= _now():
            return
        told = await actions.shown_whole(self._ports, job)
        delivery = (
            await self._tried(job, told)
            if told["status"] != "running"
            else replace(job.delivery, due_at=_now() + _COMPANIONS_MS)
        )
        await self._ports.jobs.update_delivery(replace(job, delivery=delivery))

    async def _tried(self, job: Job, told: Told) -> WebhookDelivery:
        try:
            await self._webhooks.deliver(
                job.webhook,
                f"msg_{computed_id('webhook', job.id, job.updated_at)}",
                body(job, told),
            )
        except Permanent as error:
            return self._given_up(job, error.message)
        except Unavailable as error:
            return self._again(job, error.message)
        self._count.labels("told").inc()
        return replace(job.delivery, due_at=0, delivered_at=_now())

    def _again(self, job: Job, error: str) -> WebhookDelivery:
        attempts = job.delivery.attempts
        if attempts >= len(self._pauses):
            return self._given_up(job, error)
        self._count.labels("failed").inc()
        return WebhookDelivery(
            due_at=_now() + round(self._pauses[attempts] * 1000),
            attempts=attempts + 1,
            error=error,
        )

    def _given_up(self, job: Job, error: str) -> WebhookDelivery:
        log.warning("the webhook of %s is not told any more: %s", job.id, error)
        self._count.labels("given up").inc()
        return WebhookDelivery(attempts=job.delivery.attempts + 1, error=error)


def body(job: Job, told: Told) -> bytes:
    """What is told."""
    at = (
        datetime.fromtimestamp(job.updated_at / 1000, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )
    return orjson.dumps(
        {"type": f"task.{told['status']}", "timestamp": at, "data": told}
    )


def _now() -> int:
    return time.time_ns() // 1_000_000
