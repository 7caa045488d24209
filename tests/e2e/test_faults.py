"""Processes are killed and Redis is wiped in the middle of the work: what was accepted
is not lost, and nothing is there twice.
"""

from __future__ import annotations

import base64
import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.support.system import System, descendants, halted, until

BOXES = 12
SECTIONS = 36


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system of this module's own, which finds lost work after two seconds instead of thirty."""
    with System(
        tmp_path_factory.mktemp("faults") / "data", SOUVENIR_SWEEP_AFTER_S="2"
    ) as running:
        yield running


def add(system: System, user: str, number: int) -> str:
    """Accept a fact that holds its own number; the task."""
    said = {
        "role": "user",
        "content": f"The archive box number {number} is stored in the attic of house {number + 500}.",
    }
    return str(
        system.post("add/message", user_id=user, conversation_id="c", messages=[said])[
            "task_id"
        ]
    )


def add_book(system: System, user: str) -> str:
    """Accept a file that takes seconds to remember: so many sections, each with its own number."""
    body = "\n\n".join(
        f"# Section {number}\n\n"
        + f"The lighthouse number {number} was built by the mason called Brann{number}. "
        * 8
        for number in range(SECTIONS)
    )
    file = {
        "type": "file",
        "file": {"file_data": base64.b64encode(body.encode()).decode()},
    }
    return str(
        system.post(
            "add/message",
            user_id=user,
            conversation_id="c",
            messages=[{"role": "user", "content": [file]}],
        )["task_id"]
    )


def memories(system: System, user: str) -> list[dict[str, Any]]:
    """All facts of a user, page after page."""
    found: list[dict[str, Any]] = []
    page = 1
    while some := system.post("get/memory", user_id=user, page=page, size=50)[
        "memory_detail_list"
    ]:
        found += some
        page += 1
    return found


def boxes(system: System, user: str) -> Counter[int]:
    """How often each box is remembered; raw turns that still wait for their refinement count too."""
    return Counter(
        int(number)
        for memory in memories(system, user)
        for number in set(re.findall(r"box number (\d+)", memory["memory_value"]))
    )


def once_each(count: int) -> Counter[int]:
    return Counter(range(count))


def assert_the_book_is_whole(system: System, user: str) -> None:
    values = [memory["memory_value"] for memory in memories(system, user)]
    assert {
        int(number) for value in values for number in re.findall(r"Brann(\d+)", value)
    } == set(range(SECTIONS))
    assert [value for value, times in Counter(values).items() if times > 1] == []


def step(system: System, task: str) -> str:
    return str(system.post("get/status", task_id=task)["step"])


def until_it_is_worked_on(system: System, task: str) -> None:
    until(
        lambda: step(system, task) in ("extract", "merge", "embed", "store"),
        f"work on {task}",
    )


def test_redis_is_wiped_with_work_queued(system: System, user: str) -> None:
    with halted(system, "worker-text"):
        tasks = [add(system, user, number) for number in range(BOXES)]
        assert system.post("get/status", task_id=tasks[-1])["state"] == "queued"
        system.redis().flushall()
    assert [system.finished(task)["status"] for task in tasks] == ["completed"] * BOXES
    assert boxes(system, user) == once_each(BOXES)


def test_redis_is_killed_with_work_queued(system: System, user: str) -> None:
    with halted(system, "worker-text"):
        tasks = [add(system, user, number) for number in range(BOXES)]
        system.kill("redis")
    assert [system.finished(task)["status"] for task in tasks] == ["completed"] * BOXES
    assert boxes(system, user) == once_each(BOXES)


def test_a_worker_is_killed_in_the_middle_of_a_file(system: System, user: str) -> None:
    task = add_book(system, user)
    until_it_is_worked_on(system, task)
    with halted_in_the_middle(system, task):
        system.kill("worker-files")
    assert_it_was_tried_again(system, task)
    assert_the_book_is_whole(system, user)


def test_a_workers_child_is_killed_in_the_middle_of_a_file(
    system: System, user: str
) -> None:
    task = add_book(system, user)
    until_it_is_worked_on(system, task)
    master = system.pids["worker-files"]
    with halted_in_the_middle(system, task):
        for child in [pid for pid in descendants(master) if b"celery" in cmdline(pid)]:
            os.kill(child, signal.SIGKILL)
    assert_it_was_tried_again(system, task)
    assert system.pids["worker-files"] == master
    assert_the_book_is_whole(system, user)


@contextmanager
def halted_in_the_middle(system: System, task: str) -> Iterator[None]:
    """The worker of files stands still, and the task has not ended: however fast or slow
    this machine is.
    """
    with halted(system, "worker-files"):
        told = system.post("get/status", task_id=task)
        assert told["status"] == "running", f"the book is too short: {told}"
        yield


def assert_it_was_tried_again(system: System, task: str) -> None:
    """A machine that is starved may need more than one more try."""
    told = system.finished(task)
    assert told["status"] == "completed"
    assert told["attempts"] >= 2


def cmdline(pid: int) -> bytes:
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read()


def test_redis_is_wiped_in_the_middle_of_a_file(system: System, user: str) -> None:
    task = add_book(system, user)
    until_it_is_worked_on(system, task)
    system.redis().flushall()
    assert system.finished(task)["status"] == "completed"
    assert_the_book_is_whole(system, user)


def test_the_vector_node_is_killed_while_work_comes_in(
    system: System, user: str
) -> None:
    """What it could not accept it refused; what it accepted is there."""
    accepted: dict[int, str] = {}
    for number in range(BOXES * 2):
        if number == BOXES // 2:
            system.kill("vectors")
        said = {
            "role": "user",
            "content": f"The archive box number {number} is stored in the attic of house {number + 500}.",
        }
        answer = system.request(
            "POST",
            "/api/openmem/v1/add/message",
            json={"user_id": user, "conversation_id": "c", "messages": [said]},
        )
        if answer.status_code == httpx.codes.OK:
            accepted[number] = answer.json()["data"]["task_id"]
        else:
            assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
            assert answer.json()["code"] == 50004
    until(lambda: is_ready(system), "the vector node")
    assert {system.finished(task)["status"] for task in accepted.values()} == {
        "completed"
    }
    found = boxes(system, user)
    assert len(accepted) >= BOXES // 2
    assert set(found) >= set(accepted)
    assert set(found.values()) == {1}


def is_ready(system: System) -> bool:
    """Every process finds out by itself that the node is back."""
    try:
        checks = system.request("GET", "/ready").json()["checks"]
    except httpx.HTTPError:
        return False
    return set(checks.values()) == {"ok"}


def test_it_is_stopped_in_the_middle_of_a_file_and_started_again(
    system: System, user: str
) -> None:
    task = add_book(system, user)
    until_it_is_worked_on(system, task)
    system.restart()
    assert system.finished(task)["status"] == "completed"
    assert_the_book_is_whole(system, user)


def test_a_sender_who_waits_is_answered_although_the_worker_died(
    system: System, user: str
) -> None:
    """The answer comes in time: completed, or running with a task that completes."""
    worker = system.pids["worker-text"]
    until(lambda: descendants(worker), "the worker's processes, which load first")
    with halted(system, "worker-text"):
        os.kill(next(iter(descendants(worker))), signal.SIGKILL)
    said = {
        "role": "user",
        "content": "The archive box number 0 is stored in the attic of house 500.",
    }
    told = system.post(
        "add/message",
        user_id=user,
        conversation_id="c",
        async_mode=False,
        messages=[said],
    )
    assert told["status"] in ("completed", "running")
    assert system.finished(told["task_id"])["status"] == "completed"
    assert boxes(system, user) == once_each(1)
