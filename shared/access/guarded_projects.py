"""What belongs to a whole project: its settings, its keys, what its models cost."""

from __future__ import annotations

from collections.abc import Mapping

from shared.access.access import Access
from shared.domain.api_key import ApiKey
from shared.domain.model_answer import Usage
from shared.domain.model_call import ModelCall
from shared.domain.project_settings import ProjectSettings
from shared.errors import Forbidden
from shared.ports import Keys, ModelUsage, Projects


class GuardedProjects:
    """`shared.ports.Projects`."""

    def __init__(self, projects: Projects, access: Access) -> None:
        self._projects, self._access = projects, access

    async def get(self, project: str) -> ProjectSettings:
        self._access.require_project(project)
        return await self._projects.get(project)

    async def put(self, settings: ProjectSettings) -> None:
        self._access.require_whole_project(settings.project)
        await self._projects.put(settings)


class GuardedKeys:
    """`shared.ports.Keys`."""

    def __init__(self, keys: Keys, access: Access) -> None:
        self._keys, self._access = keys, access

    async def find(self, secret: str) -> ApiKey | None:
        key = await self._keys.find(secret)
        return key if key is not None and key.project == self._access.project else None

    async def put(self, key: ApiKey) -> None:
        self._access.require_whole_project(key.project)
        await self._keys.put(key)
        self._access.note([key.id])

    async def of_project(self, project: str) -> list[ApiKey]:
        self._access.require_whole_project(project)
        return await self._keys.of_project(project)

    async def delete(self, project: str, id: str) -> None:
        self._access.require_whole_project(project)
        await self._keys.delete(project, id)
        self._access.note([id])

    async def expire(self, project: str, id: str, at: int) -> None:
        self._access.require_whole_project(project)
        await self._keys.expire(project, id, at)

    async def mark_used(self, project: str, id: str, at: int) -> None:
        self._access.require_project(project)
        await self._keys.mark_used(project, id, at)


class GuardedModelUsage:
    """`shared.ports.ModelUsage`."""

    def __init__(self, usage: ModelUsage, access: Access) -> None:
        self._usage, self._access = usage, access

    async def record(
        self, project: str, role: str, outcome: str, usage: Usage, model: str = ""
    ) -> None:
        self._access.require_project(project)
        await self._usage.record(project, role, outcome, usage, model)

    async def latest(self, project: str, limit: int) -> list[ModelCall]:
        self._access.require_whole_project(project)
        return await self._usage.latest(project, limit)

    async def tokens(self, project: str) -> tuple[int, int]:
        self._access.require_project(project)
        return await self._usage.tokens(project)

    async def forget(self, project: str) -> None:
        self._access.require_whole_project(project)
        await self._usage.forget(project)

    async def totals(self) -> Mapping[tuple[str, str], Usage]:
        raise Forbidden("that concerns every project")
