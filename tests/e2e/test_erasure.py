"""What is deleted is nowhere any more: a word and an id are looked for in every
collection, in every key of Redis and in every file of Sources.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.points import QdrantPoints
from shared.domain.identity import digest
from tests.e2e.filled_system import WEATHER, add, upload
from tests.support.system import System, until

WORD = "xylorimba"
USER = "canary-7341@example.org"
KEEPER = "keeper"
PROJECT, PROJECT_KEY = "canary-project-88", "mpg-canary-project-key-0123456789"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Somebody else's memories are there, and stay."""
    with System(tmp_path_factory.mktemp("erasure") / "data") as running:
        add(running, KEEPER, "I keep bees in the garden behind the house.")
        yield running


def places(system: System, *texts: str) -> list[str]:
    """Where one of the texts still stands, in upper or lower case."""
    return [
        f"{place}: {text}"
        for place, content in everything(system)
        for text in texts
        if text.lower() in content.lower()
    ]


def beyond_the_audit_log(found: list[str]) -> list[str]:
    """That has the computed ids of what was deleted, which no word can be read from."""
    return [place for place in found if not place.startswith("souvenir_audit")]


def everything(system: System) -> Iterator[tuple[str, str]]:
    """All that is stored, with the place where it is."""
    yield from asyncio.run(collections(system.qdrant_url))
    with system.redis(decode_responses=True, encoding_errors="replace") as client:
        for key in client.scan_iter(count=1000):
            yield f"redis {key}", f"{key} {value_of(client, key)}"
    for path in (system.data / "sources").rglob("*"):
        if path.is_file():
            yield f"sources {path.name}", path.read_bytes().decode("utf-8", "replace")


async def collections(url: str) -> list[tuple[str, str]]:
    client = AsyncQdrantClient(url=url, timeout=60)
    contents = []
    for collection in (await client.get_collections()).collections:
        after: Any = None
        while True:
            points, after = await client.scroll(
                collection.name, limit=500, offset=after
            )
            contents += [
                (
                    f"{collection.name} {point.id}",
                    f"{point.id} {as_text(point.payload)}",
                )
                for point in points
            ]
            if after is None:
                break
    await client.close()
    return contents


def as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def value_of(client: Any, key: str) -> str:
    """Of any type."""
    read = {
        "string": lambda: client.get(key),
        "list": lambda: client.lrange(key, 0, -1),
        "hash": lambda: client.hgetall(key),
        "set": lambda: list(client.smembers(key)),
        "zset": lambda: client.zrange(key, 0, -1, withscores=True),
        "stream": lambda: client.xrange(key),
    }.get(client.type(key))
    return as_text(read() if read else "")


def erasures(system: System, **query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = system.request(
        "GET", "/api/openmem/v1/erasures", params=query
    ).json()["data"]
    return rows


def fill(system: System) -> None:
    """Everything that a user may leave: said, read from a file, used as a tool, corrected,
    asked, part of a profile, and still waiting.
    """
    add(system, USER, f"I play the {WORD} in a band called The {WORD.title()}s.")
    add(system, USER, f"Forget that I play the {WORD}.")
    weather = [dict(message) for message in WEATHER]
    weather[0]["content"] = f"What is the weather at the {WORD} museum?"
    system.post("add/message", user_id=USER, messages=weather, async_mode=False)
    content = base64.b64encode(f"The {WORD} is kept in tune by Ida.".encode()).decode()
    file = {"file_data": f"data:text/plain;base64,{content}", "name": f"{WORD}.txt"}
    parts = [{"type": "file", "file": file}, {"type": "text", "text": "Read this."}]
    task = system.post(
        "add/message", user_id=USER, messages=[{"role": "user", "content": parts}]
    )["task_id"]
    system.finished(task)
    feedback = system.post(
        "add/feedback", user_id=USER, feedback_content=f"Replace {WORD} with {WORD} two"
    )["task_id"]
    system.finished(feedback)
    system.post(
        "edit/profile",
        user_id=USER,
        profile_template_id="hobbies",
        metadata={"instrument": {"value": WORD}},
    )
    system.post(
        "chat", user_id=USER, conversation_id="c", query=f"Who tunes my {WORD}?"
    )
    system.post("search/memory", user_id=USER, query=WORD)
    system.request("POST", f"/mcp/{USER}", json={})
    for number in range(6):
        text = f"On day {number} I played the {WORD} for {number} hours."
        add(system, USER, text, async_mode=True)


def test_a_deleted_user_is_nowhere(system: System) -> None:
    fill(system)
    assert places(system, WORD, USER), "else nothing would be looked for"
    system.post("delete/memory", user_id=USER)
    until(lambda: not places(system, WORD, USER), "workers to let go")
    assert places(system, WORD, USER) == []
    (receipt,) = erasures(system, id=USER)
    assert receipt["what"] == "user"
    assert receipt["counts"]["memories"] >= 2
    assert receipt["counts"]["messages"] >= 8
    assert receipt["counts"]["jobs"] >= 8
    requests = system.request("GET", "/api/openmem/v1/console/requests").text
    assert USER not in requests
    assert "bees" in str(system.post("get/memory", user_id=KEEPER))


def test_a_deleted_memory_is_in_no_list_and_no_receipt(system: System) -> None:
    add(system, KEEPER, f"My neighbour repairs every {WORD} of the village.")
    listed = system.post("get/memory", user_id=KEEPER)["memory_detail_list"]
    (memory,) = [row["id"] for row in listed if WORD in row["memory_value"]]
    system.post("delete/memory", memory_ids=[memory])
    assert beyond_the_audit_log(places(system, memory)) == []
    remaining = places(system, WORD)
    assert all(place.startswith("souvenir_messages") for place in remaining), remaining
    system.post("delete/memory", user_id=KEEPER)
    # What is being written to the audit log meanwhile is renamed two seconds later.
    until(lambda: places(system, WORD, KEEPER) == [], "nothing of the keeper")


def test_a_deleted_knowledge_base_is_nowhere(system: System) -> None:
    base = system.post(
        "create/knowledgebase",
        knowledgebase_name=f"the {WORD} house",
        knowledgebase_description=WORD,
    )["id"]
    text = f"The {WORD} stands in the hall. Its mallets lie in the drawer below."
    upload(system, base, f"{WORD}.txt", text.encode())
    assert places(system, WORD, base)
    system.post("delete/knowledgebase", knowledgebase_id=base)
    assert places(system, WORD) == beyond_the_audit_log(places(system, base)) == []
    (receipt,) = erasures(system, id=base)
    assert (receipt["what"], receipt["counts"]["files"]) == ("knowledge_base", 1)


def test_a_deleted_project_is_nowhere(system: System) -> None:
    asyncio.run(add_key(system))
    headers = {"Authorization": f"Token {PROJECT_KEY}"}

    def post(route: str, **body: Any) -> Any:
        url = f"{system.base_url}/{route}"
        answer = httpx.post(url, json=body, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    said = [{"role": "user", "content": f"I teach the {WORD} in Oslo."}]
    post("add/message", user_id="ida", messages=said, async_mode=False)
    post("add/message", user_id="ida", messages=said[:1], conversation_id="later")
    post("create/knowledgebase", knowledgebase_name=WORD, knowledgebase_description="")
    assert places(system, PROJECT)
    system.post("delete/project", project_id=PROJECT)
    until(lambda: not places(system, WORD, PROJECT), "workers to let go")
    (receipt,) = erasures(system, id=PROJECT)
    assert (receipt["what"], receipt["counts"]["memories"] >= 1) == ("project", True)


async def add_key(system: System) -> None:
    client = AsyncQdrantClient(url=system.qdrant_url, timeout=60)
    points = QdrantPoints(client, "souvenir")
    key = points.key(digest(PROJECT_KEY.encode()), PROJECT)
    await points.put("keys", [key], "")
    await client.close()
