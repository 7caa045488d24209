"""Templates of profiles and their bindings in two dicts."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.profile import ProfileBinding, ProfileTemplate
from tests.fakes.ids import canonical, looked_up


class FakeProfileTemplates:
    """`shared.ports.ProfileTemplates`; `templates` and `stored_bindings` are by id."""

    def __init__(self) -> None:
        self.templates: dict[str, ProfileTemplate] = {}
        self.stored_bindings: dict[str, ProfileBinding] = {}

    async def put(self, template: ProfileTemplate) -> None:
        self.templates[canonical(template.id)] = template

    async def get(self, project: str, ids: Sequence[str]) -> list[ProfileTemplate]:
        named = (self.templates.get(id) for id in dict.fromkeys(map(looked_up, ids)))
        return [t for t in named if t is not None and t.project == project]

    async def all(self, project: str) -> list[ProfileTemplate]:
        own = [t for t in self.templates.values() if t.project == project]
        return sorted(own, key=lambda t: (t.created_at, t.id), reverse=True)

    async def delete(self, project: str, id: str) -> None:
        for binding in await self.bindings(project, template=id):
            del self.stored_bindings[binding.id]
        for template in await self.get(project, [id]):
            del self.templates[template.id]

    async def bind(self, bindings: Sequence[ProfileBinding]) -> None:
        for binding in bindings:
            self.stored_bindings[canonical(binding.id)] = binding

    async def bindings(
        self, project: str, owner: str = "", template: str = ""
    ) -> list[ProfileBinding]:
        named = [
            binding
            for binding in self.stored_bindings.values()
            if binding.project == project
            and (not owner or binding.owner == owner)
            and (not template or binding.template == template)
        ]
        return sorted(named, key=lambda binding: (binding.created_at, binding.id))

    async def unbind(self, project: str, owner: str, template: str = "") -> None:
        if not project or not owner:
            raise ValueError("unbind needs a project and an owner")
        for binding in await self.bindings(project, owner, template):
            del self.stored_bindings[binding.id]
