"""The settings of projects that every add or search asks for (quota, decay), as they were
some seconds ago: a change that another gateway has made is seen that late.
"""

from __future__ import annotations

import time
from collections import OrderedDict

from shared.domain.project_settings import ProjectSettings
from shared.ports import Projects

KEPT_S = 5.0
"""Seconds for which settings that were read hold."""
MOST_PROJECTS = 1000
"""Projects whose settings are remembered, those that were read last."""


class KeptSettings:
    """Settings by project."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, ProjectSettings]] = OrderedDict()
        self._edits = 0

    async def of(self, projects: Projects, project: str) -> ProjectSettings:
        """Those of a project. Raises `Unavailable`."""
        read_at, settings = self._kept.get(project, (float("-inf"), None))
        if settings is not None and time.monotonic() - read_at <= KEPT_S:
            return settings
        edits = self._edits
        settings = await projects.get(project)
        if edits != self._edits:  # what was read may be older than the edit
            return settings
        self._kept[project] = (time.monotonic(), settings)
        self._kept.move_to_end(project)
        if len(self._kept) > MOST_PROJECTS:
            self._kept.popitem(last=False)
        return settings

    def forget(self, project: str) -> None:
        """Read anew when they are asked for: they have been edited."""
        self._edits += 1
        self._kept.pop(project, None)
