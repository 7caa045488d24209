"""Tasks with real processes: watched live, called off in the middle, told of by a
webhook although the one who tells is killed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.receiver import Receiver
from tests.support.system import System, until

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
NAMES = (
    "Marta",
    "Yusuf",
    "Ines",
    "Pavel",
    "Aiko",
    "Bruno",
    "Leila",
    "Tomas",
    "Wanja",
    "Odile",
    "Samir",
    "Greta",
)


def book(chapters: int) -> str:
    """A text with something to remember on every page, as a data URI."""
    text = "\n\n".join(
        f"# Chapter {number}\n\n"
        + " ".join(
            f"{name} {number} moved to a house with {number + place} windows "
            f"on Lake {name} in {1900 + (number * 7 + place) % 120} "
            "and keeps bees there."
            for place, name in enumerate(NAMES)
        )
        for number in range(1, chapters + 1)
    )
    return "data:text/markdown;base64," + base64.b64encode(text.encode()).decode()


def sent(system: System, user: str, file: str, **more: Any) -> str:
    part = {"type": "file", "file": {"file_data": file, "filename": "book.md"}}
    return str(
        system.post(
            "add/message",
            user_id=user,
            messages=[{"role": "user", "content": [part]}],
            **more,
        )["task_id"]
    )


def heard(system: System, task: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of a task, as they come."""
    with system.stream(f"/api/openmem/v1/tasks/{task}/events") as answer:
        name = ""
        for line in answer.iter_lines():
            key, _, value = line.partition(": ")
            if key == "event":
                name = value
            elif key == "data":
                yield name, json.loads(value)


def found(system: System, user: str) -> list[Any]:
    return list(
        system.post(
            "search/memory", user_id=user, query="bees on the lake", relativity=0
        )["memory_detail_list"]
    )


def test_a_file_is_watched_while_it_is_read(system: System, user: str) -> None:
    told = list(heard(system, sent(system, user, book(4))))
    assert [name for name, _ in told].count("end") == 1
    name, last = told[-1]
    assert (name, last["status"], last["step"]) == ("end", "completed", "done")
    assert (
        last["files"][0]["status"] == "completed"
        and sum(last["counts"].values()) == len(last["receipts"]) > 0
    )
    steps = [data["step"] for name, data in told if name == "progress"]
    assert len(set(steps)) > 2 and {data["status"] for _, data in told[:-1]} == {
        "running"
    }
    listed = system.request(
        "GET", "/api/openmem/v1/tasks", params={"user_id": user, "state": "completed"}
    ).json()["data"]
    assert [task["task_id"] for task in listed] == [last["task_id"]]


def test_a_running_file_is_called_off(system: System, user: str) -> None:
    task = sent(system, user, book(400))
    events = heard(system, task)
    assert (
        next(data for _, data in events if data["progress"]["passages"])["status"]
        == "running"
    )
    cancelled = system.request("POST", f"/api/openmem/v1/tasks/{task}/cancel").json()[
        "data"
    ]
    assert (cancelled["status"], cancelled["state"]) == ("failed", "cancelled")
    name, last = list(events)[-1]
    assert (name, last["state"]) == ("end", "cancelled")
    assert (
        system.finished(sent(system, user + "-next", book(1)))["status"] == "completed"
    ), "its worker goes on with what comes next"
    assert found(system, user) == []
    assert system.finished(task)["error_message"] == "called off"


def expire(system: System, lease: str) -> None:
    """One of a process that was killed, now rather than when its minute is over."""
    client = system.redis()
    for key in client.scan_iter(f"*:lease:{{{lease}}}"):
        client.delete(key)


def test_a_webhook_is_told_although_the_teller_is_killed(
    systems: Callable[..., System], user: str
) -> None:
    with (
        Receiver() as receiver,
        systems(
            SOUVENIR_WEBHOOK_SECRET=SECRET, SOUVENIR_FETCH_ALLOW="127.0.0.0/8"
        ) as system,
    ):
        receiver.holding.set()
        messages = [{"role": "user", "content": "I moved to Porto last week."}]
        task = system.post(
            "add/message", user_id=user, messages=messages, webhook_url=receiver.url
        )["task_id"]
        until(lambda: receiver.deliveries, "the first try")
        old = system.kill("status")
        receiver.go_on()
        expire(system, f"tell:{task}")
        until(
            lambda: system.pids.get("status") != old and len(receiver.deliveries) > 1,
            "another try",
        )
        first, second = receiver.deliveries[:2]
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        body = json.loads(second.body)
        assert (
            body["type"],
            body["data"]["task_id"],
            body["data"]["counts"]["stored"],
        ) == ("task.completed", task, 1)

        def delivered() -> bool:
            told = system.request("GET", f"/api/openmem/v1/tasks/{task}")
            return (
                told.status_code == 200
                and told.json()["data"]["webhook"]["state"] == "delivered"
            )

        until(delivered, "a note of it")
