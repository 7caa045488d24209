"""A system is backed up while it works, and restored into an empty one: the same counts,
the same answers, and the work goes on that was under way.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.collections import COPIED, named
from shared.adapters.qdrant.points import QdrantPoints
from shared.backup.manifest import Manifest
from shared.backup.verify_backup import verified
from shared.domain.identity import computed_id
from shared.domain.stored_point import StoredPoint
from tests.e2e.filled_system import USER, add, answers, fill
from tests.support.system import KEPT, ROOT, System, until

MOST_SAID = 40
"""Messages of the busy user."""
MANY = 600
"""Records more: several pages of them."""
BUSY = "cleo"
"""Says things while the backup is made."""


@dataclass
class Made:
    """A backup of a system, and what the system was like."""

    file: Path
    manifest: Manifest
    base: str
    answers: list[Any]
    counts: Mapping[str, int]
    key: str
    tasks: list[str]
    """Accepted before the backup was begun."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Backed up while adds come in."""
    folder = tmp_path_factory.mktemp("backup")
    with System(folder / "data") as system:
        base = fill(system)
        store_more(system)
        counts, answered = counted(system), answers(system, base)
        with busy(system) as tasks:
            until(lambda: len(tasks) >= 5, "some work under way")
            before = list(tasks)
            ran = cli("backup", folder / "file", data=system.data)
        assert ran.returncode == 0, ran.stderr
        manifest = verified(folder / "file")
        downloaded(system, folder / "download")
        yield Made(
            folder / "file", manifest, base, answered, counts, system.key, before
        )


def cli(*arguments: object, data: Path, **settings: str) -> Any:
    """Run a command of `souvenir`."""
    return subprocess.run(
        [sys.executable, "-m", "services.launcher.cli", *map(str, arguments)],
        env=environment(data, **settings),
        cwd=data.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def environment(data: Path, **settings: str) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in KEPT if name in os.environ}
    ours = {"PYTHONPATH": str(ROOT), "SOUVENIR_DATA": str(data)}
    return inherited | ours | settings


def store_more(system: System) -> None:
    """Records that nobody asks for."""

    async def put() -> None:
        client = AsyncQdrantClient(url=system.qdrant_url, timeout=60)
        points = [
            StoredPoint(computed_id("more", number), {"project": "more", "n": number})
            for number in range(MANY)
        ]
        await QdrantPoints(client, "souvenir").put("projects", points, "")
        await client.close()

    asyncio.run(put())


def counted(system: System) -> dict[str, int]:
    """How many points each collection has."""
    return asyncio.run(counts_at(system.qdrant_url))


async def counts_at(url: str) -> dict[str, int]:
    client = AsyncQdrantClient(url=url, timeout=60)
    counts = {
        name: (await client.count(named("souvenir", name))).count for name in COPIED
    }
    await client.close()
    return counts


class busy:
    """While this is entered, adds come in; the ids of their tasks."""

    def __init__(self, system: System) -> None:
        self._system, self._over = system, threading.Event()
        self._tasks: list[str] = []
        self._thread = threading.Thread(target=self._add)

    def __enter__(self) -> list[str]:
        self._thread.start()
        return self._tasks

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _add(self) -> None:
        number = 0
        while number < MOST_SAID and not self._over.is_set():
            number += 1
            text = f"My friend number {number} keeps {number} goats in the hills."
            task = add(self._system, BUSY, text, async_mode=True)
            self._tasks.append(task)
            self._over.wait(0.2)


def downloaded(system: System, file: Path) -> None:
    """The gateway's route gives the same file; only to the first key."""
    with system.stream("/backup") as answer:
        assert answer.headers["content-type"] == "application/gzip"
        with file.open("wb") as written:
            for piece in answer.iter_bytes():
                written.write(piece)
    assert verified(file).parts["projects"].count == MANY + 1


def check(made: Made, system: System) -> None:
    """The restored system is the one that was backed up, and all work ends."""
    for task in made.tasks:
        assert system.finished(task)["status"] == "completed"
    assert answers(system, made.base) == made.answers
    until(lambda: not unfinished(system), "the end of all work")
    memories = system.post("get/memory", user_id=BUSY, size=50)["memory_detail_list"]
    texts = [memory["memory_value"] for memory in memories]
    for number in range(1, len(made.tasks) + 1):
        assert sum(f"friend number {number} keeps" in text for text in texts) == 1
    with_old_key = httpx.post(
        f"{system.base_url}/get/memory",
        json={"user_id": USER},
        headers={"Authorization": f"Token {made.key}"},
    )
    assert with_old_key.status_code == 200


def unfinished(system: System) -> int:
    """Tasks of the busy user that have not ended."""
    answer = system.request(
        "GET", "/api/openmem/v1/tasks", params={"user_id": BUSY, "limit": 100}
    )
    tasks = answer.json()["data"]
    assert tasks
    return sum(task["status"] == "running" for task in tasks)


def test_the_file_has_everything(made: Made) -> None:
    counts = {name: part.count for name, part in made.manifest.parts.items()}
    for name, count in made.counts.items():
        assert counts[name] >= count, name
    for name in ("memories", "messages", "jobs", "shelves", "files", "sources"):
        assert counts[name], name
    assert counts["profile_templates"] == counts["profile_bindings"] == 1


def test_it_is_restored_into_an_empty_data_folder(
    made: Made, systems: Callable[..., System]
) -> None:
    system = systems("restored")
    ran = cli("restore", made.file, data=system.data)
    assert ran.returncode == 0, ran.stderr
    again = cli("restore", made.file, data=system.data)
    assert (again.returncode, "not empty" in again.stderr) == (1, True)
    with system:
        for name, count in counted(system).items():
            assert count >= made.counts[name], name
        check(made, system)


def test_a_damaged_file_writes_nothing(made: Made, tmp_path: Path) -> None:
    data = made.file.read_bytes()
    (tmp_path / "cut").write_bytes(data[: len(data) // 2])
    ran = cli("restore", tmp_path / "cut", data=tmp_path / "data")
    assert ran.returncode == 1
    assert "is no whole backup" in ran.stderr
    assert "Traceback" not in ran.stderr
    checked = cli("restore", "--check", made.file, data=tmp_path / "data")
    assert (checked.returncode, "Whole:" in checked.stdout) == (0, True)


def test_another_key_gets_no_backup(system: System) -> None:
    answer = httpx.get(f"{system.url}/backup", headers={"Authorization": "Token no"})
    assert answer.status_code == 401
