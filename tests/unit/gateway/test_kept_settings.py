"""Settings of projects that are read once in some seconds."""

from __future__ import annotations

import pytest

from services.gateway.context import kept_settings
from services.gateway.context.kept_settings import KeptSettings
from shared.domain.project_settings import ProjectSettings


class Store:
    """The Projects port; `meanwhile` is called in the middle of a read."""

    def __init__(self) -> None:
        self.decay_days, self.reads = 1, 0
        self.meanwhile = lambda: None

    async def get(self, project: str) -> ProjectSettings:
        self.reads += 1
        settings = ProjectSettings(project, decay_days=self.decay_days)
        self.meanwhile()
        return settings

    async def put(self, settings: ProjectSettings) -> None:
        raise NotImplementedError


async def days(kept: KeptSettings, store: Store, project: str = "one") -> int | None:
    return (await kept.of(store, project)).decay_days


async def test_they_are_read_once_for_each_project() -> None:
    kept, store = KeptSettings(), Store()
    assert [await days(kept, store) for _ in range(3)] == [1, 1, 1]
    assert store.reads == 1
    await days(kept, store, "two")
    assert store.reads == 2


async def test_they_are_read_again_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, store = KeptSettings(), Store()
    await days(kept, store)
    store.decay_days = 7
    monkeypatch.setattr(kept_settings, "KEPT_S", -1.0)
    assert await days(kept, store) == 7


async def test_an_edit_is_seen_at_once() -> None:
    kept, store = KeptSettings(), Store()
    await days(kept, store)
    store.decay_days = 7
    kept.forget("one")
    assert await days(kept, store) == 7


async def test_what_was_read_before_an_edit_ended_is_not_remembered() -> None:
    kept, store = KeptSettings(), Store()
    store.meanwhile = lambda: kept.forget("one")
    assert await days(kept, store) == 1
    store.decay_days, store.meanwhile = 7, lambda: None
    assert await days(kept, store) == 7


async def test_only_so_many_projects_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_settings, "MOST_PROJECTS", 2)
    kept, store = KeptSettings(), Store()
    for project in ("one", "two", "three", "one"):
        await days(kept, store, project)
    assert store.reads == 4
