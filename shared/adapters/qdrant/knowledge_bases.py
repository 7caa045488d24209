"""Knowledge bases and their files."""

from __future__ import annotations

from collections.abc import Sequence

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import FILES, KNOWLEDGE_BASES, named
from shared.adapters.qdrant.filters import both, equal, with_ids
from shared.adapters.qdrant.records import FILE, point_id
from shared.adapters.qdrant.records import SHELF_RECORD as KNOWLEDGE_BASE
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile


class QdrantKnowledgeBases:
    """`shared.ports.KnowledgeBases`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._knowledge_bases = Table(client, named(prefix, KNOWLEDGE_BASES))
        self._files = Table(client, named(prefix, FILES))

    async def put(self, knowledge_base: KnowledgeBase) -> None:
        payload = KNOWLEDGE_BASE.payload(knowledge_base)
        id = point_id(knowledge_base.id)
        await self._knowledge_bases.put(
            [q.PointStruct(id=id, vector={}, payload=payload)]
        )

    async def get(self, project: str, id: str) -> KnowledgeBase | None:
        for payload in await self._knowledge_bases.get([id]):
            knowledge_base = KNOWLEDGE_BASE.value(payload)
            if knowledge_base.project == project:
                return knowledge_base
        return None

    async def all(self, project: str) -> list[KnowledgeBase]:
        payloads = await self._knowledge_bases.all(both(equal("project", project)))
        return sorted(map(KNOWLEDGE_BASE.value, payloads), key=_by_age)

    async def delete(self, project: str, id: str) -> None:
        in_project = equal("project", project)
        await self._files.delete(both(in_project, equal("knowledge_base", id)))
        await self._knowledge_bases.delete(both(in_project, with_ids([id])))

    async def put_file(self, file: KnowledgeFile) -> None:
        payload = FILE.payload(file)
        await self._files.put(
            [q.PointStruct(id=point_id(file.id), vector={}, payload=payload)]
        )

    async def update_file(self, file: KnowledgeFile) -> None:
        same_job = equal("job", file.job)
        await self._files.set([(file.id, same_job, FILE.payload(file))])

    async def files(
        self, project: str, ids: Sequence[str] = (), knowledge_base: str = ""
    ) -> list[KnowledgeFile]:
        where = [equal("project", project)]
        if ids:
            where.append(with_ids(ids))
        if knowledge_base:
            where.append(equal("knowledge_base", knowledge_base))
        payloads = await self._files.all(both(*where))
        return sorted(map(FILE.value, payloads), key=_by_age)

    async def delete_files(self, project: str, ids: Sequence[str]) -> None:
        await self._files.delete(both(equal("project", project), with_ids(ids)))


def _by_age(record: KnowledgeBase | KnowledgeFile) -> tuple[int, str]:
    """Oldest first; of one moment by id."""
    return record.created_at, record.id
