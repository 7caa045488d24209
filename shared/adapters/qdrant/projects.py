"""Settings of projects."""

from __future__ import annotations

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import PROJECTS, named
from shared.adapters.qdrant.records import PROJECT
from shared.domain.identity import computed_id
from shared.domain.project_settings import ProjectSettings


class QdrantProjects:
    """`shared.ports.Projects`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._table = Table(client, named(prefix, PROJECTS))

    async def get(self, project: str) -> ProjectSettings:
        for payload in await self._table.get([_id(project)]):
            return PROJECT.value(payload)
        return ProjectSettings(project)

    async def put(self, settings: ProjectSettings) -> None:
        payload = PROJECT.payload(settings)
        id = _id(settings.project)
        await self._table.put([q.PointStruct(id=id, vector={}, payload=payload)])


def _id(project: str) -> str:
    return computed_id("project", project)
