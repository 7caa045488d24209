"""Secrets are taken out before anything is stored, and nothing secret is in a log."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.logs import JsonLines
from tests.api.world import KEY, World
from tests.security.canaries import Flat
from tests.security.test_keys import SEARCH, by, made

PASSWORD, CARD = "hunter2!x", "4111 1111 1111 1111"
API_KEY = "mpg-" + "Jk3x0Qd8mTzv5RbWcY1LpHnUeG"
SECRETS = (PASSWORD, CARD, API_KEY)
SAID = f"My password is {PASSWORD}, card {CARD}, key {API_KEY}."


@pytest.fixture
async def redacting() -> AsyncIterator[World]:
    kinds = ("keys", "cards", "passwords")
    async with World(Flat(), redact=kinds) as world:
        yield world


def stored(world: World) -> str:
    stores = (world.messages, world.memories, world.jobs)
    return repr([vars(store) for store in stores])


@pytest.mark.parametrize(
    "path, body",
    [
        ("add/message", {"messages": [{"role": "user", "content": SAID}]}),
        (
            "add/message",
            {
                "async_mode": False,
                "messages": [
                    {"role": "user", "content": [{"type": "text", "text": SAID}]},
                    {
                        "role": "assistant",
                        "content": None,
                        "tool_calls": [
                            {
                                "id": "1",
                                "function": {"name": "log", "arguments": {"t": SAID}},
                            }
                        ],
                    },
                    {
                        "role": "tool",
                        "tool_call_id": "1",
                        "content": SAID,
                        "note": SAID,
                    },
                ],
            },
        ),
        ("/product/add", {"messages": [{"role": "user", "content": SAID}]}),
        ("add/feedback", {"feedback_content": SAID}),
        ("chat", {"query": SAID}),
        (
            "import/memory",
            {
                "records": [
                    {
                        "record": "message",
                        "role": "user",
                        "text": SAID,
                        "content": SAID,
                    },
                    {"record": "memory", "type": "LongTermMemory", "text": SAID},
                ]
            },
        ),
    ],
)
async def test_no_secret_is_stored(
    redacting: World, path: str, body: dict[str, Any]
) -> None:
    answer = await redacting.post(path, {"user_id": "ann", **body})
    assert answer.status == 200, answer.body
    await redacting.app.state.background.close()
    kept = stored(redacting)
    assert "removed]" in kept
    for secret in SECRETS:
        assert secret not in kept, secret


async def test_the_task_says_what_was_taken_out(redacting: World) -> None:
    said = {"user_id": "ann", "messages": [{"role": "user", "content": SAID}]}
    task = (await redacting.post("add/message", said)).data["task_id"]
    expected = ["1 API key, 1 card number, 1 password in the messages"]
    assert (await redacting.get(f"tasks/{task}")).data["redacted"] == expected
    plain = {"user_id": "ann", "messages": [{"role": "user", "content": "I like tea."}]}
    task = (await redacting.post("add/message", plain)).data["task_id"]
    assert "redacted" not in (await redacting.get(f"tasks/{task}")).data


async def test_a_changed_memory_keeps_no_secret(redacting: World) -> None:
    memory = await redacting.remember("Tea.")
    change = {"memory_id": memory.id, "content": SAID, "title": SAID}
    assert (await redacting.post("update/memory", change)).status == 200
    assert not any(secret in stored(redacting) for secret in SECRETS)


async def test_without_the_setting_words_stay(world: World) -> None:
    said = {"user_id": "ann", "messages": [{"role": "user", "content": SAID}]}
    await world.post("add/message", said)
    assert PASSWORD in stored(world)


async def test_nothing_secret_is_in_a_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Keys and contents of good, bad and refused requests, at the lowest level."""
    caplog.set_level(logging.DEBUG)
    key = await made(world, name="ci", user_id="ann")
    said = {"user_id": "ann", "messages": [{"role": "user", "content": SAID}]}
    for secret in (KEY, key["key"], "mpg-a-wrong-key-000000000"):
        await world.post("add/message", said, **by(secret))
        await world.post("search/memory", {**SEARCH, "query": SAID}, **by(secret))
        await world.post("search/memory", {**SEARCH, "user_id": "ben"}, **by(secret))
        await world.post("add/message", {**said, "messages": SAID}, **by(secret))
        await world.get(f"get/memory/{key['id']}", **by(secret))
    await world.post(f"project/keys/{key['id']}/rotate", {})
    await world.app.state.background.close()
    format = JsonLines("gateway").format
    ours = [record for record in caplog.records if not record.name.startswith("httpx")]
    lines = "\n".join(map(format, ours))
    assert "key_refused" in lines, "and there is something to look at"
    for secret in (KEY, key["key"], "mpg-a-wrong-key", *SECRETS):
        assert secret not in lines, secret
    assert all(json.loads(line) for line in lines.splitlines())
