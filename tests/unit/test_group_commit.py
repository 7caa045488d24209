"""What a write waits for: a sync of the disk that began after it."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path

import pytest

from services.vectors.log_sync import GroupCommit, LogFiles, sync_tree


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
    commit = GroupCommit(lambda: disk.sync)
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
    commit = GroupCommit(lambda: disk.sync)
    waiting = [asyncio.create_task(commit.committed()) for _ in range(3)]
    disk.let_through()
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(error) for error in told] == [OSError] * 3
    disk.broken = False
    disk.let_through()
    await commit.committed()


async def test_a_caller_who_leaves_takes_no_sync_from_others() -> None:
    disk = Disk()
    commit = GroupCommit(lambda: disk.sync)
    leaves = asyncio.create_task(commit.committed())
    stays = asyncio.create_task(commit.committed())
    await until_begun(disk, 1)
    leaves.cancel()
    disk.let_through()
    await stays
    assert leaves.cancelled()


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files and folders that are synced, as they are."""
    names: list[str] = []

    def fsync(handle: int) -> None:
        names.append(Path(os.readlink(f"/proc/self/fd/{handle}")).name)

    monkeypatch.setattr(os, "fsync", fsync)
    return names


def sync(files: LogFiles, folder: Path, synced: list[str]) -> list[str]:
    synced.clear()
    files.prepare(folder)()
    return sorted(synced)


LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for names")


@LINUX
def test_open_files_are_synced_each_time_and_closed_ones_once(
    tmp_path: Path, synced: list[str]
) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    for name in ("open-1", "open-2", "first-index"):
        (folder / name).write_bytes(b"entry")
    files = LogFiles()
    assert sync(files, folder, synced) == ["log", "open-1", "open-2"]
    assert sync(files, folder, synced) == ["open-1", "open-2"]
    (folder / "open-1").rename(folder / "closed-0")
    assert sync(files, folder, synced) == ["closed-0", "open-2"]
    assert sync(files, folder, synced) == ["open-2"]
    (folder / "closed-0").unlink()
    (folder / "open-3").write_bytes(b"")
    assert sync(files, folder, synced) == ["log", "open-2", "open-3"]
    files.close()


@LINUX
def test_a_file_seen_before_it_got_its_name_is_synced_ever_after(
    tmp_path: Path, synced: list[str]
) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "open-1").write_bytes(b"entry")
    (folder / "tmp-open-2").write_bytes(b"")
    files = LogFiles()
    assert sync(files, folder, synced) == ["log", "open-1"]
    (folder / "tmp-open-2").rename(folder / "open-2")
    assert sync(files, folder, synced) == ["log", "open-1", "open-2"]
    (folder / "open-1").rename(folder / "closed-0")
    assert sync(files, folder, synced) == ["closed-0", "open-2"]
    assert sync(files, folder, synced) == ["open-2"]
    files.close()


@LINUX
def test_the_names_of_new_files_are_synced_in_the_next_round_when_one_was_called_off(
    tmp_path: Path, synced: list[str]
) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "open-1").write_bytes(b"entry")
    files = LogFiles()
    files.prepare(folder)
    assert sync(files, folder, synced) == ["log", "open-1"]
    files.close()


@LINUX
def test_a_folder_that_gets_another_name_meanwhile_stops_no_sync(
    tmp_path: Path, synced: list[str]
) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "open-1").write_bytes(b"entry")
    files = LogFiles()
    work = files.prepare(folder)
    folder.rename(tmp_path / "gone")
    work()
    assert sorted(synced) == ["gone", "open-1"]
    files.close()


@LINUX
def test_a_file_that_is_closed_between_look_and_sync_is_synced(
    tmp_path: Path, synced: list[str]
) -> None:
    (tmp_path / "open-1").write_bytes(b"entry")
    files = LogFiles()
    work = files.prepare(tmp_path)
    (tmp_path / "open-1").rename(tmp_path / "closed-0")
    work()
    assert "closed-0" in synced
    files.close()


@LINUX
def test_another_engine_begins_anew(tmp_path: Path, synced: list[str]) -> None:
    files = LogFiles()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "closed-0").write_bytes(b"entry")
        assert sync(files, tmp_path / name, synced) == ["closed-0", name]
    files.close()


@LINUX
def test_a_file_that_gets_its_name_meanwhile_stops_no_sync_of_all(
    tmp_path: Path, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("open-1", "tmp-open-2"):
        (tmp_path / name).write_bytes(b"")

    def walk(folder: Path) -> list[tuple[str, list[str], list[str]]]:
        (tmp_path / "tmp-open-2").rename(tmp_path / "open-2")
        return [(str(folder), [], ["tmp-open-2", "open-1"])]

    monkeypatch.setattr(os, "walk", walk)
    sync_tree(tmp_path)
    assert synced == ["open-1", tmp_path.name]
