"""Knowledge bases and their files in two dicts."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from tests.fakes.ids import canonical, looked_up


class FakeKnowledgeBases:
    """`shared.ports.KnowledgeBases`. `shelves` and `stored_files` show what is kept, by id."""

    def __init__(self) -> None:
        self.shelves: dict[str, KnowledgeBase] = {}
        self.stored_files: dict[str, KnowledgeFile] = {}

    async def put(self, shelf: KnowledgeBase) -> None:
        self.shelves[canonical(shelf.id)] = shelf

    async def get(self, project: str, id: str) -> KnowledgeBase | None:
        shelf = self.shelves.get(looked_up(id))
        return shelf if shelf is not None and shelf.project == project else None

    async def all(self, project: str) -> list[KnowledgeBase]:
        shelves = [shelf for shelf in self.shelves.values() if shelf.project == project]
        return sorted(shelves, key=lambda shelf: (shelf.created_at, shelf.id))

    async def delete(self, project: str, id: str) -> None:
        shelf = await self.get(project, id)
        if shelf is not None:
            await self.delete_files(project, [file.id for file in await self.files(project, knowledge_base=shelf.id)])
            del self.shelves[shelf.id]

    async def put_file(self, file: KnowledgeFile) -> None:
        self.stored_files[canonical(file.id)] = file

    async def files(self, project: str, ids: Sequence[str] = (), knowledge_base: str = "") -> list[KnowledgeFile]:
        named = [looked_up(id) for id in ids]
        files = [file for file in self.stored_files.values() if file.project == project
                 and (not ids or file.id in named) and (not knowledge_base or file.knowledge_base == knowledge_base)]
        return sorted(files, key=lambda file: (file.created_at, file.id))

    async def delete_files(self, project: str, ids: Sequence[str]) -> None:
        for file in await self.files(project, ids) if ids else ():
            del self.stored_files[file.id]
