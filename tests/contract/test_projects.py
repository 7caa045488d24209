"""What every Projects promises."""

from __future__ import annotations

from uuid import uuid4

from shared.domain.model_budget import Budget
from shared.domain.project_settings import ProjectSettings
from tests.contract.conftest import Stores


async def test_what_nobody_has_set_is_empty(stores: Stores) -> None:
    project = uuid4().hex
    assert await stores.projects.get(project) == ProjectSettings(project)


async def test_settings_are_written_whole(stores: Stores) -> None:
    project = uuid4().hex
    first = ProjectSettings(project, {"event": "只记行程"}, Budget(daily=1000))
    second = ProjectSettings(project, {"all": "No prices."}, Budget(monthly=7))
    await stores.projects.put(first)
    assert await stores.projects.get(project) == first
    await stores.projects.put(second)
    assert await stores.projects.get(project) == second
    assert await stores.projects.get(project + "x") == ProjectSettings(project + "x")
