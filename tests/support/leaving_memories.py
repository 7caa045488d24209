"""Memories of which the first of every page goes as soon as the page has been read."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.memory import Memory
from tests.fakes.memories import FakeMemories


def let_leave(monkeypatch: pytest.MonkeyPatch, memories: FakeMemories) -> set[str]:
    """From now on they go. Their ids are written into what is returned."""
    gone: set[str] = set()
    read_page, read_following = memories.page, memories.following

    def leave(page: list[Memory]) -> None:
        for memory in page[:1]:
            gone.add(memories.stored.pop(memory.id).memory.id)

    async def page(*wanted: Any, **more: Any) -> tuple[list[Memory], int]:
        found, total = await read_page(*wanted, **more)
        leave(found)
        return found, total

    async def following(*wanted: Any) -> list[Memory]:
        found = await read_following(*wanted)
        leave(found)
        return found

    monkeypatch.setattr(memories, "page", page)
    monkeypatch.setattr(memories, "following", following)
    return gone
