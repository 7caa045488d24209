"""Delivers to webhooks how their tasks ended: at least once each, for as long as the
receiver is worth trying.

Whoever ends a job writes down in its record that its webhook is due; here due ones are
found, delivered, and noted as delivered. So nothing is lost with a process: one that
dies between delivering and noting delivers again, under the same `webhook-id`. A lease
keeps replicas apart.

    {"type": "task.completed" | "task.failed", "timestamp": when it ended, "data": what
    GET tasks/{id} answers}
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import orjson
from prometheus_client import CollectorRegistry, Counter

from services.status import job_actions as actions
from services.status.dispatch_loop import PERIOD_S, DispatchLoop
from services.status.task_views import TaskView
from shared.contract import WireStatus
from shared.domain.identity import computed_id
from shared.domain.job import Job, WebhookDelivery
from shared.errors import Permanent, Unavailable
from shared.jobs.clock import now
from shared.ports import Webhooks
from shared.wiring import Ports

log = logging.getLogger(__name__)

PAUSES_S = (5.0, 30.0, 120.0, 600.0, 3600.0, 3 * 3600.0, 6 * 3600.0, 12 * 3600.0)
"""Seconds after each try that failed; after one more, about 23 hours after the end, the
delivery is given up.
"""
CONCURRENT_DELIVERIES = 20
_LEASE_S = 60.0
_COMPANIONS_MS = 3000
"""Milliseconds until the other jobs of a group chat are read again."""


class WebhookDispatcher(DispatchLoop):
    """`period`: seconds between two looks for what is due."""

    def __init__(
        self,
        ports: Ports,
        webhooks: Webhooks,
        period: float = PERIOD_S,
        pauses: Sequence[float] = PAUSES_S,
        registry: CollectorRegistry | None = None,
    ) -> None:
        lease = ("tell", _LEASE_S)
        super().__init__(ports.leases, period, CONCURRENT_DELIVERIES, "job", lease)
        self._ports, self._webhooks = ports, webhooks
        self._pauses = pauses
        self._count = Counter(
            "souvenir_webhooks",
            "Tries to tell a webhook",
            ("outcome",),
            registry=registry,
        )

    async def _due(self) -> Sequence[str]:
        jobs = await self._ports.jobs.due_deliveries(now(), CONCURRENT_DELIVERIES)
        return [job.id for job in jobs]

    async def _serve_under_lease(self, id: str, lease: str, token: int) -> None:
        job = await self._ports.jobs.get(None, id)
        # The record decides: another replica may have delivered a moment ago.
        if job is not None and 0 < job.delivery.due_at <= now():
            delivery = await self._outcome(job)
            await self._ports.jobs.update_delivery(replace(job, delivery=delivery))

    async def _outcome(self, job: Job) -> WebhookDelivery:
        """What came of one try. A job of which nothing can be sent is put off too: else
        it would be the longest due for ever, and keep others from their turn.
        """
        try:
            return await self._try(job)
        except Unavailable:  # of the store: no fault of the job
            raise
        except Exception as error:
            log.exception("webhook_broke", extra={"job": job.id})
            return self._later(job, f"it cannot be sent ({type(error).__name__})")

    async def _try(self, job: Job) -> WebhookDelivery:
        """One try, unless the other jobs of a group chat are not over yet."""
        view = await actions.view_full_task(self._ports, job)
        if view["status"] == WireStatus.RUNNING:
            return replace(job.delivery, due_at=now() + _COMPANIONS_MS)
        message_id = f"msg_{computed_id('webhook', job.id, job.updated_at)}"
        try:
            await self._webhooks.deliver(job.webhook, message_id, body(job, view))
        except Permanent as error:
            return self._given_up(job, error.message)
        except Unavailable as error:
            return self._later(job, error.message)
        self._count.labels("told").inc()
        return replace(job.delivery, due_at=0, delivered_at=now())

    def _later(self, job: Job, error: str) -> WebhookDelivery:
        """Another try after a pause, while there are tries left."""
        attempts = job.delivery.attempts
        if attempts >= len(self._pauses):
            return self._given_up(job, error)
        self._count.labels("failed").inc()
        due_at = now() + round(self._pauses[attempts] * 1000)
        return WebhookDelivery(due_at, attempts + 1, error=error)

    def _given_up(self, job: Job, error: str) -> WebhookDelivery:
        log.warning("webhook_given_up", extra={"job": job.id, "error": error})
        self._count.labels("given up").inc()
        return WebhookDelivery(attempts=job.delivery.attempts + 1, error=error)


def body(job: Job, view: TaskView) -> bytes:
    """The JSON that a webhook is sent."""
    moment = datetime.fromtimestamp(job.updated_at / 1000, UTC)
    timestamp = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return orjson.dumps(
        {"type": f"task.{view['status']}", "timestamp": timestamp, "data": view}
    )
