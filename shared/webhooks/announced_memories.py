"""Memories whose changes become events for webhooks: the one place that every write passes.

An event stands in the outbox before the change is made, due only after a
while; once the change is made it is due at once. So whatever dies in between, nothing
that happened is kept back, and the dispatcher asks the store whether it happened
(`services/status/event_dispatcher.py`).

A project without webhooks costs one read of its endpoints a second, while it is written.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

from shared.all_listed import all_listed
from shared.domain.filter import Filter
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Memory
from shared.domain.memory_list import MemoryList
from shared.domain.webhook_endpoint import MemoryEvent, OutboxEvent, WebhookEndpoint
from shared.errors import Unavailable
from shared.jobs.clock import now
from shared.ports import Memories, Outbox
from shared.webhooks.changes import changes, is_listed
from shared.webhooks.endpoint_cache import EndpointCache

log = logging.getLogger(__name__)

UNSURE_MS = 60_000
"""Milliseconds after which an event is looked into whose change may not have been made:
longer than a write takes.
"""

_Change = Callable[[], Awaitable[None]]


def announced(memories: Memories, endpoints: EndpointCache, outbox: Outbox) -> Memories:
    """The same memories, whose changes become events."""
    return cast(Memories, AnnouncedMemories(memories, endpoints, outbox))


class AnnouncedMemories:
    """`shared.ports.Memories`; reads are those of the memories themselves."""

    def __init__(
        self, memories: Memories, endpoints: EndpointCache, outbox: Outbox
    ) -> None:
        self._memories, self._endpoints, self._outbox = memories, endpoints, outbox

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memories, name)

    async def put(self, memories: Sequence[Embedded]) -> None:
        """Raises what the memories' own raises, as the next ones do."""
        lasting = [entry.memory for entry in memories if not entry.memory.fast]
        await self._write(lasting, partial(self._memories.put, memories))

    async def archive(self, memories: Sequence[Memory]) -> None:
        """No event of what is not there."""
        change = partial(self._memories.archive, memories)
        await self._write(memories, change, only_stored=True)

    async def update_detail(self, memories: Sequence[Memory]) -> None:
        """No event of what is not there."""
        change = partial(self._memories.update_detail, memories)
        await self._write(memories, change, only_stored=True)

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        """An event of every memory that was listed."""
        gone: list[Memory] = []
        if ids and await self._endpoints.active(project):
            gone = await self._memories.get(project, ids)
        await self._delete(project, gone, partial(self._memories.delete, project, ids))

    async def delete_where(
        self,
        project: str,
        user: str = "",
        filter: Filter | None = None,
        knowledge_base: str = "",
        source: str = "",
        fast_of_job: str = "",
    ) -> None:
        """The same; none of what is in a knowledge base, and of raw messages."""
        unlisted = knowledge_base or source or fast_of_job
        gone: list[Memory] = []
        if not unlisted and (user or filter) and await self._endpoints.active(project):
            gone = await self._listed(project, user, filter)
        deletion = partial(
            self._memories.delete_where,
            project,
            user,
            filter,
            knowledge_base,
            source,
            fast_of_job,
        )
        await self._delete(project, gone, deletion)

    async def _write(
        self, memories: Sequence[Memory], change: _Change, only_stored: bool = False
    ) -> None:
        """Make a change of memories, of one project or several, with their events."""
        events: list[OutboxEvent] = []
        for project in dict.fromkeys(memory.scope.project for memory in memories):
            if not await self._endpoints.active(project):
                continue
            own = [memory for memory in memories if memory.scope.project == project]
            stored = await self._memories.get(project, [memory.id for memory in own])
            before = {memory.id: memory for memory in stored}
            if only_stored:
                own = [memory for memory in own if memory.id in before]
            events += await self._events(project, changes(before, own))
        await self._with_events(events, change)

    async def _delete(
        self, project: str, gone: Sequence[Memory], change: _Change
    ) -> None:
        listed = [(MemoryEvent.DELETE, memory) for memory in gone if is_listed(memory)]
        await self._with_events(await self._events(project, listed), change)

    async def _with_events(
        self, events: Sequence[OutboxEvent], change: _Change
    ) -> None:
        """Raises `Unavailable` where the events cannot be written: nothing is changed
        then. Once the change is made, what cannot be written is looked into later.
        """
        if events:
            await self._outbox.put(events)
        await change()
        if not events:
            return
        # One after the other, so that the oldest few are found without reading all.
        at = now()
        due = [replace(event, due_at=at + n) for n, event in enumerate(events)]
        try:
            await self._outbox.put(due)
        except Unavailable as error:
            log.warning("webhook_events_late", extra={"error": error.message})

    async def _events(
        self, project: str, changed: Sequence[tuple[MemoryEvent, Memory]]
    ) -> list[OutboxEvent]:
        """One for each endpoint that wants it."""
        if not changed:
            return []
        at = now()
        events: list[OutboxEvent] = []
        for endpoint in await self._endpoints.active(project):
            events += [
                _outbox_event(endpoint, event, memory, at)
                for event, memory in changed
                if event in endpoint.events
            ]
        return events

    async def _listed(
        self, project: str, user: str, filter: Filter | None
    ) -> list[Memory]:
        """What a deletion by user or filter takes of users' lists."""
        wanted = MemoryList(project, user or None, filter=filter, expired=True)
        return await all_listed(self._memories, wanted)


def _outbox_event(
    endpoint: WebhookEndpoint, event: MemoryEvent, memory: Memory, at: int
) -> OutboxEvent:
    return OutboxEvent(
        computed_id("event", endpoint.id, event, memory.id, memory.updated_at),
        endpoint.project,
        endpoint.id,
        event,
        memory.id,
        memory.scope.user,
        memory.updated_at,
        at,
        at + UNSURE_MS,
    )
