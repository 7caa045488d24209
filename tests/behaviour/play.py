"""Carrying out a row: its steps one after the other, then its checks."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from tests.behaviour import makers
from tests.behaviour.checks import Asker, failures
from tests.behaviour.rows import STEPS, Json, Row
from tests.behaviour.service import Service


async def play(row: Row, service: Service, run: str = "") -> list[str]:
    """What is wrong after a row; empty where all is well. `run` sets its user apart from
    those of other runs.
    """
    asker = Asker(service, f"{run}{row.id}")
    for number, step in enumerate(row.steps):
        try:
            await _carry_out(asker, step, f"c{number}")
        except AssertionError as error:
            return [f"step {number + 1}: {error}"]
    problems: list[str] = []
    for check in row.checks:
        try:
            problems += await failures(asker, check)
        except AssertionError as error:
            problems.append(str(error))
    return problems


async def _carry_out(asker: Asker, step: Json, conversation: str) -> None:
    (name,) = STEPS & step.keys()
    await _STEPS[name](asker, step, str(step.get("in", conversation)))


async def _add(asker: Asker, step: Json, conversation: str) -> None:
    messages = [_message(given) for given in step["add"]]
    options = {"tags": step["tags"]} if "tags" in step else {}
    await _post_and_finish(
        asker,
        "add/message",
        conversation_id=conversation,
        messages=messages,
        **options,
    )


def _message(given: Any) -> Json:
    """[role, text, time] as an object; an object as it is."""
    if isinstance(given, dict):
        return given
    return dict(zip(("role", "content", "chat_time"), given, strict=False))


async def _feedback(asker: Asker, step: Json, conversation: str) -> None:
    await _post_and_finish(
        asker,
        "add/feedback",
        conversation_id=conversation,
        feedback_content=step["feedback"],
    )


async def _update(asker: Asker, step: Json, conversation: str) -> None:
    wanted = step["update"]
    ids = [item.fields["id"] for item in await asker.stored() if item.holds(wanted)]
    assert ids, f"no memory holds {wanted}"
    await asker.service.post("update/memory", memory_id=ids[0], content=step["content"])


async def _file(asker: Asker, step: Json, conversation: str) -> None:
    data = base64.b64encode(makers.file_of(step["file"])).decode()
    part = {"type": "file", "file": {"file_data": data}}
    if "name" in step["file"]:
        part["file"]["filename"] = step["file"]["name"]
    messages = [{"role": "user", "content": [part]}]
    await _post_and_finish(
        asker, "add/message", conversation_id=conversation, messages=messages
    )


async def _post_and_finish(asker: Asker, route: str, **body: Any) -> None:
    data = await asker.service.post(route, user_id=asker.user, **body)
    status = await asker.service.finish(data["task_id"])
    assert status == "completed", f"{route} ended as {status}"


_STEPS: dict[str, Callable[[Asker, Json, str], Awaitable[None]]] = {
    "add": _add,
    "feedback": _feedback,
    "update": _update,
    "file": _file,
}
