"""Knowledge bases and their files in two dicts."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from tests.fakes.ids import canonical, looked_up


class FakeKnowledgeBases:
    """`shared.ports.KnowledgeBases`; `knowledge_bases` and `stored_files` are by id."""

    def __init__(self) -> None:
        self.knowledge_bases: dict[str, KnowledgeBase] = {}
        self.stored_files: dict[str, KnowledgeFile] = {}

    async def put(self, knowledge_base: KnowledgeBase) -> None:
        self.knowledge_bases[canonical(knowledge_base.id)] = knowledge_base

    async def get(self, project: str, id: str) -> KnowledgeBase | None:
        knowledge_base = self.knowledge_bases.get(looked_up(id))
        if knowledge_base is None or knowledge_base.project != project:
            return None
        return knowledge_base

    async def all(self, project: str) -> list[KnowledgeBase]:
        knowledge_bases = [
            knowledge_base
            for knowledge_base in self.knowledge_bases.values()
            if knowledge_base.project == project
        ]
        knowledge_bases.sort(key=lambda stored: (stored.created_at, stored.id))
        return knowledge_bases

    async def delete(self, project: str, id: str) -> None:
        knowledge_base = await self.get(project, id)
        if knowledge_base is not None:
            files = await self.files(project, knowledge_base=knowledge_base.id)
            await self.delete_files(project, [file.id for file in files])
            del self.knowledge_bases[knowledge_base.id]

    async def put_file(self, file: KnowledgeFile) -> None:
        self.stored_files[canonical(file.id)] = file

    async def update_file(self, file: KnowledgeFile) -> None:
        stored = self.stored_files.get(canonical(file.id))
        if stored is not None and stored.job == file.job:
            await self.put_file(file)

    async def files(
        self, project: str, ids: Sequence[str] = (), knowledge_base: str = ""
    ) -> list[KnowledgeFile]:
        named = [looked_up(id) for id in ids]
        files = [
            file
            for file in self.stored_files.values()
            if file.project == project
            and (not ids or file.id in named)
            and (not knowledge_base or file.knowledge_base == knowledge_base)
        ]
        return sorted(files, key=lambda file: (file.created_at, file.id))

    async def delete_files(self, project: str, ids: Sequence[str]) -> None:
        for file in await self.files(project, ids) if ids else ():
            del self.stored_files[file.id]
