"""The knowledge bases and templates of profiles that one request may touch."""

from __future__ import annotations

from collections.abc import Sequence

from shared.access.access import Access
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.profile import ProfileBinding, ProfileTemplate
from shared.ports import KnowledgeBases, ProfileTemplates


class GuardedKnowledgeBases:
    """`shared.ports.KnowledgeBases`. They belong to the project: a key for one user
    searches them and neither lists nor changes them.
    """

    def __init__(self, knowledge_bases: KnowledgeBases, access: Access) -> None:
        self._knowledge_bases, self._access = knowledge_bases, access

    async def put(self, knowledge_base: KnowledgeBase) -> None:
        self._access.require_whole_project(knowledge_base.project)
        await self._knowledge_bases.put(knowledge_base)

    async def get(self, project: str, id: str) -> KnowledgeBase | None:
        self._access.require_project(project)
        return await self._knowledge_bases.get(project, id)

    async def all(self, project: str) -> list[KnowledgeBase]:
        self._access.require_whole_project(project)
        return await self._knowledge_bases.all(project)

    async def delete(self, project: str, id: str) -> None:
        self._access.require_whole_project(project)
        await self._knowledge_bases.delete(project, id)
        self._access.note([id])

    async def put_file(self, file: KnowledgeFile) -> None:
        self._access.require_whole_project(file.project)
        await self._knowledge_bases.put_file(file)

    async def update_file(self, file: KnowledgeFile) -> None:
        self._access.require_whole_project(file.project)
        await self._knowledge_bases.update_file(file)

    async def files(
        self, project: str, ids: Sequence[str] = (), knowledge_base: str = ""
    ) -> list[KnowledgeFile]:
        self._access.require_whole_project(project)
        return await self._knowledge_bases.files(project, ids, knowledge_base)

    async def delete_files(self, project: str, ids: Sequence[str]) -> None:
        self._access.require_whole_project(project)
        await self._knowledge_bases.delete_files(project, ids)
        self._access.note(ids)


class GuardedProfileTemplates:
    """`shared.ports.ProfileTemplates`. A key for one user binds that user and reads the
    templates by their ids.
    """

    def __init__(self, templates: ProfileTemplates, access: Access) -> None:
        self._templates, self._access = templates, access

    async def put(self, template: ProfileTemplate) -> None:
        self._access.require_whole_project(template.project)
        await self._templates.put(template)

    async def get(self, project: str, ids: Sequence[str]) -> list[ProfileTemplate]:
        self._access.require_project(project)
        return await self._templates.get(project, ids)

    async def all(self, project: str) -> list[ProfileTemplate]:
        self._access.require_whole_project(project)
        return await self._templates.all(project)

    async def delete(self, project: str, id: str) -> None:
        self._access.require_whole_project(project)
        await self._templates.delete(project, id)
        self._access.note([id])

    async def bind(self, bindings: Sequence[ProfileBinding]) -> None:
        for binding in bindings:
            self._access.require_user(binding.project, binding.owner)
        await self._templates.bind(bindings)

    async def bindings(
        self, project: str, owner: str = "", template: str = ""
    ) -> list[ProfileBinding]:
        self._access.require_user(project, owner or self._access.owner)
        return await self._templates.bindings(
            project, owner or self._access.owner, template
        )

    async def unbind(self, project: str, owner: str, template: str = "") -> None:
        self._access.require_user(project, owner)
        await self._templates.unbind(project, owner, template)
