"""The audit log in a dict."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.audit import AuditEntry


class FakeAuditTrail:
    """`shared.ports.AuditTrail`."""

    def __init__(self) -> None:
        self.stored: dict[str, AuditEntry] = {}

    async def put(self, entries: Sequence[AuditEntry]) -> None:
        self.stored.update({entry.id: entry for entry in entries})

    async def latest(
        self, project: str, limit: int, before: int = 0, user: str = "", key: str = ""
    ) -> list[AuditEntry]:
        fitting = [
            entry
            for entry in self._newest_first(project)
            if (not before or entry.at < before)
            and (not user or user in entry.users)
            and (not key or entry.key == key)
        ]
        return fitting[:limit]

    async def trim(self, project: str, most: int) -> None:
        beyond = self._newest_first(project)[most : most + 1]
        for last in beyond:
            await self.forget(project, last.at)

    async def rename(self, project: str, user: str, alias: str) -> None:
        for entry in self._newest_first(project):
            self.stored[entry.id] = entry.renamed({user: alias})

    async def forget(self, project: str, until: int) -> None:
        for entry in self._newest_first(project):
            if entry.at <= until:
                del self.stored[entry.id]

    def _newest_first(self, project: str) -> list[AuditEntry]:
        own = [entry for entry in self.stored.values() if entry.project == project]
        return sorted(own, key=lambda entry: (-entry.at, entry.id))
