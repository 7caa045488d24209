"""Knowledge bases and their files."""

from __future__ import annotations

from collections.abc import Sequence

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import FILES, SHELVES, named
from shared.adapters.qdrant.filters import both, equal, with_ids
from shared.adapters.qdrant.records import FILE, SHELF_RECORD, point_id
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile


class QdrantKnowledgeBases:
    """`shared.ports.KnowledgeBases`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._shelves = Table(client, named(prefix, SHELVES))
        self._files = Table(client, named(prefix, FILES))

    async def put(self, knowledge_base: KnowledgeBase) -> None:
        """Write a knowledge base."""
        await self._shelves.put(
            [
                q.PointStruct(
                    id=point_id(knowledge_base.id),
                    vector={},
                    payload=SHELF_RECORD.payload(knowledge_base),
                )
            ]
        )

    async def get(self, project: str, id: str) -> KnowledgeBase | None:
        """A knowledge base of the project by id."""
        found = [
            SHELF_RECORD.value(payload) for payload in await self._shelves.get([id])
        ]
        return next(
            (
                knowledge_base
                for knowledge_base in found
                if knowledge_base.project == project
            ),
            None,
        )

    async def all(self, project: str) -> list[KnowledgeBase]:
        """The project's knowledge bases, oldest first."""
        found = [
            SHELF_RECORD.value(payload)
            for payload in await self._shelves.all(both(equal("project", project)))
        ]
        return sorted(
            found,
            key=lambda knowledge_base: (knowledge_base.created_at, knowledge_base.id),
        )

    async def delete(self, project: str, id: str) -> None:
        """Remove a knowledge base and the records of its files (its memories are
        `Memories`' to remove).
        """
        await self._files.delete(
            both(equal("project", project), equal("knowledge_base", id))
        )
        await self._shelves.delete(both(equal("project", project), with_ids([id])))

    async def put_file(self, file: KnowledgeFile) -> None:
        """Write a file's record."""
        await self._files.put(
            [q.PointStruct(id=point_id(file.id), vector={}, payload=FILE.payload(file))]
        )

    async def files(
        self, project: str, ids: Sequence[str] = (), knowledge_base: str = ""
    ) -> list[KnowledgeFile]:
        """The project's files, oldest first: those of the ids, those on one shelf, or all."""
        where = [equal("project", project)]
        if ids:
            where.append(with_ids(ids))
        if knowledge_base:
            where.append(equal("knowledge_base", knowledge_base))
        found = [FILE.value(payload) for payload in await self._files.all(both(*where))]
        return sorted(found, key=lambda file: (file.created_at, file.id))

    async def delete_files(self, project: str, ids: Sequence[str]) -> None:
        """Remove the records of files."""
        await self._files.delete(both(equal("project", project), with_ids(ids)))
