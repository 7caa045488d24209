"""The audit log that one request may read."""

from __future__ import annotations

from collections.abc import Sequence

from shared.access.access import Access
from shared.domain.audit import AuditEntry
from shared.ports import AuditTrail


class GuardedAuditTrail:
    """`shared.ports.AuditTrail`."""

    def __init__(self, trail: AuditTrail, access: Access) -> None:
        self._trail, self._access = trail, access

    async def put(self, entries: Sequence[AuditEntry]) -> None:
        for entry in entries:
            self._access.require_project(entry.project)
        await self._trail.put(entries)

    async def latest(
        self, project: str, limit: int, before: int = 0, user: str = "", key: str = ""
    ) -> list[AuditEntry]:
        self._access.require_whole_project(project)
        return await self._trail.latest(project, limit, before, user, key)

    async def trim(self, project: str, most: int) -> None:
        self._access.require_whole_project(project)
        await self._trail.trim(project, most)

    async def rename(self, project: str, user: str, alias: str) -> None:
        self._access.require_user(project, user)
        await self._trail.rename(project, user, alias)

    async def forget(self, project: str, until: int) -> None:
        self._access.require_whole_project(project)
        await self._trail.forget(project, until)
