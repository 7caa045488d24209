"""Settings of projects in a dict."""

from __future__ import annotations

from shared.domain.project_settings import ProjectSettings


class FakeProjects:
    """The Projects port."""

    def __init__(self, *settings: ProjectSettings) -> None:
        self.stored = {entry.project: entry for entry in settings}

    async def get(self, project: str) -> ProjectSettings:
        return self.stored.get(project, ProjectSettings(project))

    async def put(self, settings: ProjectSettings) -> None:
        self.stored[settings.project] = settings
