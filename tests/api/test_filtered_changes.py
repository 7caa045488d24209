"""What a filter excludes is not told by what it changed, nor by a profile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.adapters.openai_chat import OpenAIChat
from shared.domain.memory import Memory
from shared.domain.model_role import ModelRole
from shared.domain.scope import Scope
from shared.language.calendar import written_date
from shared.ports import Embedder
from tests.api.read_world import ReadWorld
from tests.api.world import World
from tests.support.model_server import ModelServer, Say

ACME, LEFT = "I work at Acme and I sing in a choir.", "I have left Acme."
SH, MOVED = "我住在上海，养了一只猫。", "我已经搬到北京了。"
QUERY = {ACME: "Where do I work?", SH: "我住在哪里？"}
DAY = {ACME: " [changed 1 March 2025]", SH: "［2025年3月1日有变］"}


@pytest.fixture
async def read(idle: World) -> AsyncIterator[ReadWorld]:
    yield ReadWorld(idle, {(ACME, LEFT): "update", (SH, MOVED): "update"})


async def marked(read: ReadWorld, older: str, newer: str) -> Memory:
    """The older statement, of January, with a note on the newer one, of March."""
    await read.say(older, "2025-01-05")
    await read.say(newer, "2025-03-01")
    memory = read.one(older[:10])
    text, by = memory.text, read.one(newer[:10])
    note = {"by": by.id, "start": 0, "end": len(text) - 1, "was": text[-9:-1]}
    note |= {"said_at": by.said_at, "part": [0, len(by.text)]}
    restored = replace(memory, detail={"changes": [note]}, status=by.status)
    await read.world.memories.archive([restored])
    await read.world.memories.update_detail([restored])
    return restored


def filters(memory: Memory) -> list[dict[str, Any]]:
    return [
        {"id": memory.id},
        {"memory_time": {"lte": "2025-01-31"}},
        {"conversation_id": memory.scope.conversation},
        {"user": {"id": memory.id}},
    ]


@pytest.mark.parametrize("older, newer", [(ACME, LEFT), (SH, MOVED)])
async def test_neither_searches_nor_lists_quote_it(
    read: ReadWorld, older: str, newer: str
) -> None:
    memory = await marked(read, older, newer)
    whole = await read.found(QUERY[older])
    assert any(newer[:-1] in text for text in whole if older[:5] in text)
    for filter in filters(memory):
        (found,) = await read.found(QUERY[older], filter=filter)
        assert newer[:-1] not in found and DAY[older] in found
        assert await read.listed(filter=filter) == [found]


@pytest.mark.parametrize(
    "older, newer, to", [(ACME, LEFT, "gone"), (SH, MOVED, "去了")]
)
async def test_what_was_changed_by_hand_since_changed_it_on_that_day(
    read: ReadWorld, older: str, newer: str, to: str
) -> None:
    """Not on the day of what it said before."""
    memory = await marked(read, older, newer)
    change = {"memory_id": read.one(newer[:10]).id, "content": f"{newer[:-1]} {to}"}
    assert (await read.world.post("update/memory", change)).status == 200
    (found,) = await read.found(QUERY[older], filter={"id": memory.id})
    assert DAY[older] not in found
    assert _today(older) in found
    assert await read.listed(filter={"id": memory.id}) == [found]


def _today(older: str) -> str:
    today = datetime.now(UTC)
    return written_date(today, older is SH)


@pytest.mark.parametrize("older, newer", [(ACME, LEFT), (SH, MOVED)])
async def test_mem0_quotes_what_its_filters_let_through(
    read: ReadWorld, older: str, newer: str
) -> None:
    memory = await marked(read, older, newer)

    async def asked(filters: dict[str, Any]) -> list[str]:
        body = {"query": QUERY[older], "filters": filters, "threshold": 0.0}
        found = await read.world.client.post("/mem0/v3/memories/search/", json=body)
        listed = await read.world.client.post("/mem0/v3/memories/", json=body)
        texts = [entry["memory"] for entry in found.json()["results"]]
        assert set(texts) == {entry["memory"] for entry in listed.json()["results"]}
        return texts

    one = await asked({"user_id": "ann"})
    assert one == await asked({"OR": [{"user_id": "ann"}, {"user_id": "bob"}]})
    assert one == await asked({"user_id": "*"})
    assert newer[:-1] in one[0] and any(older[:5] in text for text in one)
    run = {"AND": [{"user_id": "ann"}, {"run_id": memory.scope.conversation}]}
    (alone,) = await asked(run)
    assert newer[:-1] not in alone and DAY[older] in alone


async def agents(world: World) -> None:
    """What a user told two agents."""
    health = Scope("one", "ann", "h", agent="health")
    await world.remember("The user's name is Ann Miller.", scope=health)
    await world.remember("The user is allergic to penicillin.", scope=health)
    work = Scope("one", "ann", "w", agent="work")
    await world.remember("The user lives in Oslo.", scope=work)
    body = {"user_id": "ann", "profile_template_id": "t", "metadata": {"pet": "dog"}}
    assert (await world.post("edit/profile", body)).data


@pytest.mark.parametrize(
    "filter, paths",
    [
        (None, {"pet", "basic.name", "basic.allergy", "basic.home"}),
        ({"agent_id": "work"}, {"basic.home"}),
        ({"user": {"agent_id": "health"}}, {"basic.name", "basic.allergy"}),
        ({"agent_id": "nobody"}, set()),
    ],
)
async def test_a_profile_is_of_what_the_filter_lets_through(
    world: World, filter: dict[str, Any] | None, paths: set[str]
) -> None:
    await agents(world)
    body = {"user_id": "ann", "filter": filter, "include_memory_view": ["profile"]}
    found = await world.post("search/memory", {**body, "query": "Who am I?"})
    assert {item["profile_path"] for item in found.data["profile_detail_list"]} == paths
    listed = (await world.post("get/memory", body)).data["profile_detail_list"]
    shown = "".join(str(profile["properties"]) for profile in listed)
    for value in ("dog", "Ann Miller", "penicillin", "Oslo"):
        path = {"dog": "pet", "Ann Miller": "name", "Oslo": "home"}.get(
            value, "allergy"
        )
        assert (value in shown) is any(path in expected for expected in paths)


async def test_the_chat_of_one_agent_does_not_tell_it_what_another_was_told(
    embedder: Embedder,
) -> None:
    with ModelServer(Say(pieces=("So it is.",))) as server:
        async with World(embedder) as world:
            model = OpenAIChat("main", "main", ModelRole(server.url))
            ports = replace(world.app.state.ports, chat_models={"": model})
            world.app.state.ports = ports
            await agents(world)
            body = {"user_id": "ann", "query": "Hello", "add_message_on_answer": False}
            for filter, told in ((None, True), ({"agent_id": "work"}, False)):
                await world.post("chat", {**body, "filter": filter})
                prompt = str(server.requests[-1]["messages"])
                assert ("penicillin" in prompt) is told
                assert "Oslo" in prompt
