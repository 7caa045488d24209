"""The audit log as it is written: what was done is noted when it has been answered and
written some entries at a time, so that no request waits for it. What a process noted in
its last half second is lost when it is killed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.context.request_context import ACCESS, KEY
from services.gateway.context.route_access import ADMIN, need_of
from shared.access.access import MOST_NOTED, Access
from shared.domain.api_key import ApiKey, KeyScope
from shared.domain.audit import AuditEntry
from shared.domain.identity import computed_id
from shared.errors import SouvenirError
from shared.jobs.clock import now
from shared.logs import bound_to
from shared.ports import AuditTrail
from shared.wiring import GatewayPorts

log = logging.getLogger(__name__)

OFF, CHANGES, ALL = "off", "changes", "all"
"""What is written: nothing, what changes something and what is refused, or all."""
FLUSH_S = 0.5
SETTLED_S = 4 * FLUSH_S
"""After a deletion: by then other processes have written what they had noted."""
MOST_WAITING = 10_000
"""Entries that wait while the store does not answer; the oldest go first."""
TRIM_EVERY = 500
"""Entries of a project that one process writes between two looks at how many there are."""
MOST_ID = 128
"""Characters of an id of the path that are written."""

Start = Callable[[Coroutine[Any, Any, None]], None]


class AuditWriter:
    """Collects entries and writes them together."""

    def __init__(self, start: Start, most: int) -> None:
        """`start` begins work beside the request; `most`: entries that stay of a project."""
        self._start, self._most = start, most
        self._waiting: list[AuditEntry] = []
        self._is_begun = False
        self._written: dict[str, int] = {}

    def add(self, entry: AuditEntry, trail: Callable[[], AuditTrail]) -> None:
        """Write an entry soon."""
        self._waiting.append(entry)
        if len(self._waiting) > MOST_WAITING:
            log.error("audit_entries_lost", extra={"count": 1})
            del self._waiting[0]
        if not self._is_begun:
            self._is_begun = True
            self._start(self._soon(trail))

    def rename(
        self, project: str, aliases: Mapping[str, str], trail: Callable[[], AuditTrail]
    ) -> None:
        """The same in what waits here and, soon, in what waits in other processes."""
        self._waiting = [
            entry.renamed(aliases) if entry.project == project else entry
            for entry in self._waiting
        ]
        self._start(self._rename_soon(project, aliases, trail))

    def forget(self, project: str, trail: Callable[[], AuditTrail]) -> None:
        """Drop what waits here of a deleted project and, soon, what other processes had
        noted of it until now.
        """
        self._waiting = [entry for entry in self._waiting if entry.project != project]
        self._start(self._forget_soon(project, now(), trail))

    async def flush(self, trail: AuditTrail) -> None:
        """Write what waits. What cannot be written now waits on."""
        entries, self._waiting = self._waiting, []
        if not entries:
            return
        try:
            await trail.put(entries)
            await self._trim(trail, entries)
        except SouvenirError as error:
            log.warning("audit_not_written", extra={"error": error.message})
            self._waiting = [*entries, *self._waiting]

    async def _soon(self, trail: Callable[[], AuditTrail]) -> None:
        await asyncio.sleep(FLUSH_S)
        self._is_begun = False
        await self.flush(trail())

    async def _rename_soon(
        self, project: str, aliases: Mapping[str, str], trail: Callable[[], AuditTrail]
    ) -> None:
        await asyncio.sleep(SETTLED_S)
        for user, alias in aliases.items():
            await trail().rename(project, user, alias)

    async def _forget_soon(
        self, project: str, until: int, trail: Callable[[], AuditTrail]
    ) -> None:
        await asyncio.sleep(SETTLED_S)
        await trail().forget(project, until)

    async def _trim(self, trail: AuditTrail, entries: list[AuditEntry]) -> None:
        for entry in entries:
            count = self._written.get(entry.project, TRIM_EVERY - 1) + 1
            self._written[entry.project] = count % TRIM_EVERY
            if count >= TRIM_EVERY:
                await trail.trim(entry.project, self._most)


class Auditing:
    """Middleware: an entry for each request whose key was known and that changed
    something or was refused; with `all` for the others too.
    """

    def __init__(self, app: ASGIApp, writer: AuditWriter, what: str) -> None:
        self._app, self._writer, self._what = app, writer, what

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        status = 0

        async def send_and_watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        state = scope.setdefault("state", {})
        try:
            await self._app(scope, receive, send_and_watch)
        finally:
            if KEY in state:
                self._note(scope, state[KEY], state[ACCESS], status)

    def _note(self, scope: Scope, key: ApiKey, access: Access, status: int) -> None:
        app = scope["app"]

        def trail() -> AuditTrail:
            ports: GatewayPorts = app.state.ports
            return ports.audit

        if access.aliases:
            self._writer.rename(key.project, access.aliases, trail)
        for project in access.deleted_projects:
            self._writer.forget(project, trail)
        is_wanted = self._what == ALL or is_change(scope, access, status)
        if self._what != OFF and is_wanted:
            self._writer.add(entry_of(scope, key, access, status), trail)


def is_change(scope: Scope, access: Access, status: int) -> bool:
    """Whether a request could change something, did so, or was refused."""
    need = need_of(scope["method"], scope["route"].path) or ADMIN
    is_read = need.scope is KeyScope.READ or scope["method"] == "GET"
    return not is_read or bool(access.objects) or status == 403


def entry_of(scope: Scope, key: ApiKey, access: Access, status: int) -> AuditEntry:
    """What the audit log says of a request."""
    at, request = now(), bound_to("request")
    path_ids = _path_ids(scope.get("path_params", {}))
    objects = list(dict.fromkeys([*path_ids, *access.objects]))
    action = f"{scope['method']} {scope['route'].path}"
    return AuditEntry(
        id=computed_id("audit", key.project, key.id, action, at, request),
        project=key.project,
        at=at,
        action=action,
        status=status,
        key=key.id,
        key_name=key.name,
        users=tuple(access.users),
        objects=tuple(objects[:MOST_NOTED]),
        request=request,
    ).renamed(access.aliases)


def _path_ids(parameters: Mapping[str, Any]) -> list[str]:
    return [str(value)[:MOST_ID] for value in parameters.values()]
