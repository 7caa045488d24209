"""Whether a worker gets on is told by its own processes, not by Redis."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from shared.domain.heartbeat import Heartbeat
from shared.errors import Unavailable
from tests.fakes.heartbeats import FakeHeartbeats
from workers import alive
from workers.alive import MAX_AGE_S, begin, is_alive, note_alive, sign_of
from workers.heartbeat_writer import HeartbeatWriter, writing_heartbeats


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(alive, "gettempdir", lambda: str(tmp_path))
    return tmp_path


def test_it_is_alive_for_as_long_as_it_says_so() -> None:
    assert is_alive("text", 0), "it is still starting"
    note_alive("text")
    touched = sign_of("text").stat().st_mtime
    assert is_alive("text", touched + MAX_AGE_S)
    assert not is_alive("text", touched + MAX_AGE_S + 1)
    assert is_alive("files", touched + MAX_AGE_S + 1), "another worker's affair"
    begin("text")
    assert is_alive("text", touched + MAX_AGE_S + 1), "a new one is starting"


def test_it_follows_no_link_of_others(folder: Path) -> None:
    sign_of("text").symlink_to(folder / "elsewhere")
    note_alive("text")
    assert not (folder / "elsewhere").exists()


async def test_a_worker_is_alive_without_redis() -> None:
    tried = asyncio.Event()

    class Away(FakeHeartbeats):
        async def write(self, heartbeat: Heartbeat) -> None:
            tried.set()
            raise Unavailable("Redis does not answer")

    async with writing_heartbeats(HeartbeatWriter("text"), Away()):
        await tried.wait()
        assert sign_of("text").exists()
