"""The audit log."""

from __future__ import annotations

from collections.abc import Sequence

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import AUDIT, named
from shared.adapters.qdrant.filters import both, either, equal
from shared.adapters.qdrant.records import AUDIT_ENTRY, Payload
from shared.domain.audit import AuditEntry

_BATCH = 500


class QdrantAuditTrail:
    """`shared.ports.AuditTrail`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._table = Table(client, named(prefix, AUDIT))

    async def put(self, entries: Sequence[AuditEntry]) -> None:
        points = [
            q.PointStruct(id=entry.id, vector={}, payload=AUDIT_ENTRY.payload(entry))
            for entry in entries
        ]
        await self._table.put(points)

    async def latest(
        self, project: str, limit: int, before: int = 0, user: str = "", key: str = ""
    ) -> list[AuditEntry]:
        where: list[q.Condition] = [equal("project", project)]
        if before:
            where.append(q.FieldCondition(key="at", range=q.Range(lt=before)))
        if user:
            where.append(equal("users", user))
        if key:
            where.append(equal("key", key))
        payloads = await self._newest(where, limit)
        entries = map(AUDIT_ENTRY.value, payloads)
        return sorted(entries, key=lambda entry: (-entry.at, entry.id))

    async def trim(self, project: str, most: int) -> None:
        in_project = equal("project", project)
        if await self._table.count(both(in_project)) <= most:
            return
        beyond = await self._newest([in_project], 1, offset=most)
        for payload in beyond:
            await self.forget(project, int(payload["at"]))

    async def rename(self, project: str, user: str, alias: str) -> None:
        named = either([equal("users", user), equal("objects", user)])
        while payloads := await self._newest(
            [equal("project", project), named], _BATCH
        ):
            entries = map(AUDIT_ENTRY.value, payloads)
            await self.put([entry.renamed({user: alias}) for entry in entries])

    async def forget(self, project: str, until: int) -> None:
        older = q.FieldCondition(key="at", range=q.Range(lte=until))
        await self._table.delete(both(equal("project", project), older))

    async def _newest(
        self, where: Sequence[q.Condition], limit: int, offset: int = 0
    ) -> list[Payload]:
        return await self._table.ordered(
            "at", q.Direction.DESC, both(*where), limit, offset
        )
