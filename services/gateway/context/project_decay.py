"""How fast what no search gives sinks: by the project's own setting, or else by that of
all projects.

Every search asks, so what was read holds for some seconds: a change that another gateway
has made is seen that late.
"""

from __future__ import annotations

import time
from collections import OrderedDict

from shared.ports import Projects

DAY_MS = 24 * 3600 * 1000
"""Milliseconds of a day."""
KEPT_S = 5.0
"""Seconds for which a setting that was read holds."""
MOST_PROJECTS = 1000
"""Projects whose settings are remembered, those that were read last."""


class ProjectDecay:
    """The half-lives of the projects. `for_all`: days where a project says nothing."""

    def __init__(self, for_all: int) -> None:
        self._for_all = for_all
        self._kept: OrderedDict[str, tuple[float, int]] = OrderedDict()

    async def half_life(self, projects: Projects, project: str) -> int:
        """Milliseconds; 0 where nothing sinks. Raises `Unavailable`."""
        read_at, days = self._kept.get(project, (float("-inf"), 0))
        if time.monotonic() - read_at > KEPT_S:
            days = (await projects.get(project)).decay_days_or(self._for_all)
            self._kept[project] = (time.monotonic(), days)
            self._kept.move_to_end(project)
            if len(self._kept) > MOST_PROJECTS:
                self._kept.popitem(last=False)
        return days * DAY_MS

    def forget(self, project: str) -> None:
        """Read anew when it is asked for."""
        self._kept.pop(project, None)
