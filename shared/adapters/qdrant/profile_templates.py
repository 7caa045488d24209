"""Templates of profiles, and who has a profile by which."""

from __future__ import annotations

from collections.abc import Sequence

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import (
    PROFILE_BINDINGS,
    PROFILE_TEMPLATES,
    named,
)
from shared.adapters.qdrant.filters import both, equal, with_ids
from shared.adapters.qdrant.records import Record, point_id
from shared.domain.profile import ProfileBinding, ProfileTemplate

_TEMPLATE = Record(ProfileTemplate)
_BINDING = Record(ProfileBinding)


class QdrantProfileTemplates:
    """`shared.ports.ProfileTemplates`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        self._templates = Table(client, named(prefix, PROFILE_TEMPLATES))
        self._bindings = Table(client, named(prefix, PROFILE_BINDINGS))

    async def put(self, template: ProfileTemplate) -> None:
        payload = _TEMPLATE.payload(template)
        id = point_id(template.id)
        await self._templates.put([q.PointStruct(id=id, vector={}, payload=payload)])

    async def get(self, project: str, ids: Sequence[str]) -> list[ProfileTemplate]:
        templates = map(_TEMPLATE.value, await self._templates.get(ids))
        return [template for template in templates if template.project == project]

    async def all(self, project: str) -> list[ProfileTemplate]:
        payloads = await self._templates.all(both(equal("project", project)))
        templates = map(_TEMPLATE.value, payloads)
        return sorted(templates, key=lambda t: (t.created_at, t.id), reverse=True)

    async def delete(self, project: str, id: str) -> None:
        in_project = equal("project", project)
        await self._bindings.delete(both(in_project, equal("template", id)))
        await self._templates.delete(both(in_project, with_ids([id])))

    async def bind(self, bindings: Sequence[ProfileBinding]) -> None:
        points = [
            q.PointStruct(
                id=point_id(binding.id), vector={}, payload=_BINDING.payload(binding)
            )
            for binding in bindings
        ]
        await self._bindings.put(points)

    async def bindings(
        self, project: str, owner: str = "", template: str = ""
    ) -> list[ProfileBinding]:
        payloads = await self._bindings.all(both(*_where(project, owner, template)))
        bindings = map(_BINDING.value, payloads)
        return sorted(bindings, key=lambda b: (b.created_at, b.id))

    async def unbind(self, project: str, owner: str, template: str = "") -> None:
        if not project or not owner:
            raise ValueError("unbind needs a project and an owner")
        await self._bindings.delete(both(*_where(project, owner, template)))


def _where(project: str, owner: str, template: str) -> list[q.Condition]:
    words = {"project": project, "owner": owner, "template": template}
    return [equal(field, word) for field, word in words.items() if word]
