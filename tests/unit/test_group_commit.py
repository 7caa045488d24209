"""What a write waits for: a sync of the disk that began after it."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from services.vectors.log_sync import GroupCommit, LogFiles


class Disk:
    """Counts syncs; each waits until it is let through."""

    def __init__(self) -> None:
        self.begun = 0
        self.written = 0
        self.safe = 0
        self.broken = False
        self._gate = threading.Semaphore(0)

    def sync(self) -> None:
        self.begun += 1
        seen = self.written
        assert self._gate.acquire(timeout=60)
        if self.broken:
            raise OSError("the disk is gone")
        self.safe = seen

    def let_through(self) -> None:
        self._gate.release()


async def until_begun(disk: Disk, count: int) -> None:
    while disk.begun < count:
        await asyncio.sleep(0.001)


async def test_who_comes_during_a_sync_waits_for_the_next_one() -> None:
    disk = Disk()
    commit = GroupCommit(disk.sync)
    answers: list[str] = []

    async def write(name: str) -> None:
        disk.written += 1
        number = disk.written
        await commit.committed()
        assert disk.safe >= number
        answers.append(name)

    first = asyncio.create_task(write("first"))
    await until_begun(disk, 1)
    others = [asyncio.create_task(write(f"other {n}")) for n in range(50)]
    await asyncio.sleep(0)
    disk.let_through()
    await first
    assert answers == ["first"]
    await until_begun(disk, 2)
    disk.let_through()
    await asyncio.gather(*others)
    assert disk.begun == 2


async def test_what_the_disk_did_not_take_is_said_to_all_who_waited() -> None:
    disk = Disk()
    disk.broken = True
    commit = GroupCommit(disk.sync)
    waiting = [asyncio.create_task(commit.committed()) for _ in range(3)]
    disk.let_through()
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(error) for error in told] == [OSError] * 3
    disk.broken = False
    disk.let_through()
    await commit.committed()


async def test_a_caller_who_leaves_takes_no_sync_from_others() -> None:
    disk = Disk()
    commit = GroupCommit(disk.sync)
    leaves = asyncio.create_task(commit.committed())
    stays = asyncio.create_task(commit.committed())
    await until_begun(disk, 1)
    leaves.cancel()
    disk.let_through()
    await stays
    assert leaves.cancelled()


def test_open_files_are_synced_each_time_and_closed_ones_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    monkeypatch.setattr(
        "services.vectors.log_sync.sync_path", lambda path: synced.append(path.name)
    )
    for name in ("open-1", "open-2"):
        (tmp_path / name).write_bytes(b"entry")
    files = LogFiles()
    files.sync(tmp_path)
    assert sorted(synced) == sorted(["open-1", "open-2", tmp_path.name])
    synced.clear()
    files.sync(tmp_path)
    assert sorted(synced) == ["open-1", "open-2"]
    synced.clear()
    (tmp_path / "open-1").rename(tmp_path / "closed-0")
    files.sync(tmp_path)
    files.sync(tmp_path)
    assert sorted(synced) == sorted(["closed-0", "open-2", "open-2", tmp_path.name])


def test_a_file_that_is_closed_meanwhile_is_synced_under_its_new_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []

    def sync(path: Path) -> None:
        if path.name == "open-1":
            path.rename(tmp_path / "closed-0")
            raise FileNotFoundError(path)
        synced.append(path.name)

    monkeypatch.setattr("services.vectors.log_sync.sync_path", sync)
    (tmp_path / "open-1").write_bytes(b"entry")
    LogFiles().sync(tmp_path)
    assert "closed-0" in synced
