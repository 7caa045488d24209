"""Delivers events of memories to the webhooks of projects, at least once each, for a day
where a receiver does not answer.

What is due stands in the outbox (`shared/webhooks/announced_memories.py`). An event
holds nothing of its memory, which is read when it is delivered: what was deleted meanwhile is
sent to nobody, and an event whose change was never made is dropped. A lease keeps
replicas apart; a receiver that is slow or away holds up nobody but itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial
from itertools import chain, groupby

from prometheus_client import CollectorRegistry, Counter

from services.status.dispatch_loop import PERIOD_S, DispatchLoop
from services.status.event_body import event_body
from shared.domain.memory import Memory
from shared.domain.webhook_endpoint import MemoryEvent, OutboxEvent, WebhookEndpoint
from shared.errors import Permanent, Unavailable
from shared.jobs.clock import now
from shared.language.change_notes import newer_ids, with_news
from shared.ports import Leases, Memories, Outbox, WebhookEndpoints, Webhooks
from shared.webhooks.changes import is_listed

log = logging.getLogger(__name__)

PAUSES_S = (5.0, 30.0, 120.0, 600.0, 3600.0)
"""Seconds after each try that failed, of an event and of its endpoint; the last one
again and again.
"""
KEPT_MS = 24 * 3600 * 1000
"""Milliseconds after which an event that could not be delivered is given up."""
ENDPOINTS_AT_ONCE = 20
CALLS_AT_ONCE = 8
"""To one receiver."""
_PAGE = 32
_LEASE_S = 150.0
"""Longer than a page takes whose every call runs into its time limit."""


_Body = Callable[[], bytes]


class _Unsendable(Unavailable):
    """An event that cannot be sent: a fault of this side, not of the receiver."""


@dataclass(frozen=True, slots=True)
class EventPorts:
    """What delivering needs."""

    endpoints: WebhookEndpoints
    outbox: Outbox
    memories: Memories
    leases: Leases
    calls: Webhooks


class EventDispatcher(DispatchLoop):
    """`zone`: whose days notes of changes name; `period`: seconds between two looks for
    what is due.
    """

    def __init__(
        self,
        ports: EventPorts,
        zone: tzinfo,
        period: float = PERIOD_S,
        pauses: Sequence[float] = PAUSES_S,
        registry: CollectorRegistry | None = None,
    ) -> None:
        lease = ("events", _LEASE_S)
        super().__init__(ports.leases, period, ENDPOINTS_AT_ONCE, "webhook", lease)
        self._endpoints, self._outbox = ports.endpoints, ports.outbox
        self._memories, self._calls = ports.memories, ports.calls
        self._pauses, self._zone = pauses, zone
        self._count = Counter(
            "souvenir_webhook_events",
            "Tries to deliver an event to a webhook of a project",
            ("outcome",),
            registry=registry,
        )

    async def _due(self) -> Sequence[str]:
        return await self._outbox.due_endpoints(now())

    async def _serve_under_lease(self, id: str, lease: str, token: int) -> None:
        while await self._deliver_page(id):
            if not await self._leases.renew(lease, token, _LEASE_S):
                return

    async def _deliver_page(self, id: str) -> bool:
        """Deliver to an endpoint what is due longest; whether to go on at once."""
        endpoint = await self._endpoints.get(None, id)
        if endpoint is None or not endpoint.is_active:
            await self._outbox.delete_of(id)
            return False
        if endpoint.retry_at > now():
            return False
        events = await self._outbox.due(id, now(), _PAGE)
        if not events:
            return False
        memories, newer = await self._read(endpoint.project, events)
        happened = [event for event in events if _happened(event, memories)]
        for_nothing = [event.id for event in events if event not in happened]
        await self._outbox.delete(for_nothing)
        bodies = [
            (event, partial(_body, event, memories, newer, self._zone))
            for event in happened
        ]
        errors = await self._deliver(endpoint, bodies)
        return await self._note(endpoint, happened, errors)

    async def _read(
        self, project: str, events: Iterable[OutboxEvent]
    ) -> tuple[dict[str, Memory], dict[str, Memory]]:
        """The memories that there still are, and those that tell news of them, by id."""
        ids = dict.fromkeys(event.memory for event in events)
        memories = await self._memories.get(project, list(ids))
        newer_of = list(chain.from_iterable(map(_newer_ids, memories)))
        newer = await self._memories.get(project, newer_of) if newer_of else []
        by_id = {memory.id: memory for memory in newer if not memory.has_expired(now())}
        return {memory.id: memory for memory in memories}, by_id

    async def _deliver(
        self,
        endpoint: WebhookEndpoint,
        events: Sequence[tuple[OutboxEvent, _Body]],
    ) -> dict[str, Exception | None]:
        """How each event went that was tried, by its id. Those of one memory are
        delivered one after the other, those of several some at once.
        """
        outcomes: dict[str, Exception | None] = {}
        at_once = asyncio.Semaphore(CALLS_AT_ONCE)

        async def deliver_of(own: Sequence[tuple[OutboxEvent, _Body]]) -> None:
            for event, body in own:
                async with at_once:
                    error = await self._call(endpoint, event, body)
                outcomes[event.id] = error
                if error is not None:
                    return

        ordered = sorted(events, key=_memory_of)
        groups = groupby(ordered, key=_memory_of)
        async with asyncio.TaskGroup() as tasks:
            for own in [list(group) for _, group in groups]:
                tasks.create_task(deliver_of(own))
        return outcomes

    async def _call(
        self, endpoint: WebhookEndpoint, event: OutboxEvent, body: _Body
    ) -> Exception | None:
        secrets = " ".join(endpoint.signing_secrets(now()))
        try:
            await self._calls.deliver(endpoint.url, f"msg_{event.id}", body(), secrets)
        except (Permanent, Unavailable) as error:
            self._count.labels("failed").inc()
            return error
        except Exception as error:  # a fault with one event stops no other
            log.exception("webhook_event_broke", extra={"webhook": endpoint.id})
            self._count.labels("failed").inc()
            return _Unsendable(f"the event cannot be sent ({type(error).__name__})")
        self._count.labels("delivered").inc()
        return None

    async def _note(
        self,
        endpoint: WebhookEndpoint,
        events: Sequence[OutboxEvent],
        outcomes: Mapping[str, Exception | None],
    ) -> bool:
        """Write down what came of a page; whether to go on at once."""
        delivered = [id for id, error in outcomes.items() if error is None]
        errors = [error for error in outcomes.values() if error is not None]
        refusals = [error for error in errors if isinstance(error, Permanent)]
        if refusals:
            await self._turn_off(endpoint, refusals[0])
            return False
        await self._outbox.delete(delivered)
        failed = [event for event in events if outcomes.get(event.id) is not None]
        await self._retry_later(failed)
        if all(isinstance(error, _Unsendable) for error in errors):
            if endpoint.failures and (delivered or not errors):
                well = replace(endpoint, failures=0, retry_at=0, error="")
                await self._endpoints.update_state(well)
            return bool(delivered) or not errors
        # One event that a receiver cannot take stops no others.
        failures = 0 if delivered else endpoint.failures + 1
        pause = self._pause(failures - 1) if failures else 0
        await self._endpoints.update_state(
            replace(
                endpoint,
                failures=failures,
                retry_at=now() + pause if pause else 0,
                error=str(errors[0]),
            )
        )
        return bool(delivered)

    async def _retry_later(self, failed: Sequence[OutboxEvent]) -> None:
        at = now()
        old = [event for event in failed if at - event.created_at > KEPT_MS]
        if old:
            for event in old:
                log.warning("webhook_event_given_up", extra={"webhook": event.endpoint})
            self._count.labels("given up").inc(len(old))
            await self._outbox.delete([event.id for event in old])
        again = [
            replace(
                event,
                due_at=at + self._pause(event.attempts),
                attempts=event.attempts + 1,
            )
            for event in failed
            if event not in old
        ]
        if again:
            await self._outbox.put(again)

    async def _turn_off(self, endpoint: WebhookEndpoint, reason: Exception) -> None:
        """Nothing is sent there any more until the endpoint is changed."""
        details = {"webhook": endpoint.id, "error": str(reason)}
        log.warning("webhook_turned_off", extra=details)
        off = replace(endpoint, is_active=False, error=str(reason))
        await self._endpoints.update_state(off)
        await self._outbox.delete_of(endpoint.id)

    def _pause(self, failures: int) -> int:
        """Milliseconds after one more failure."""
        return round(self._pauses[min(failures, len(self._pauses) - 1)] * 1000)


def _memory_of(entry: tuple[OutboxEvent, _Body]) -> str:
    return entry[0].memory


def _newer_ids(memory: Memory) -> list[str]:
    """The memories that tell news of one; none where its notes cannot be read."""
    try:
        return list(map(str, newer_ids([memory])))
    except Exception:  # its own event fails when it is sent; others are sent
        log.exception("news_not_read", extra={"memory": memory.id})
        return []


def _body(
    event: OutboxEvent,
    memories: Mapping[str, Memory],
    newer: Mapping[str, Memory],
    zone: tzinfo,
) -> bytes:
    """What is sent of an event: the memory as it is returned."""
    memory = memories.get(event.memory)
    return event_body(event, memory and with_news(memory, newer, zone))


def _happened(event: OutboxEvent, memories: Mapping[str, Memory]) -> bool:
    """Whether the store is as the event says: a process may have died before it made
    the change, and more may have happened since, which has an event of its own.
    """
    gone = not is_listed(memories.get(event.memory))
    return gone if event.event is MemoryEvent.DELETE else not gone
