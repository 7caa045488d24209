"""What a chat's model is shown of what is remembered, and what of its turn is learned."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from services.gateway.chat import turn
from shared.adapters.openai_chat import OpenAIChat
from shared.domain.job_payload import AddPayload
from shared.domain.memory import EVERY_ANSWER, Type
from shared.domain.model_role import ModelRole
from shared.errors import Unavailable
from shared.ports import Embedder
from tests.api.world import World
from tests.support.model_server import ModelServer, Say

SAID = 1_773_173_100_000
"""2026-03-10 20:05 UTC."""
DAY = 86_400_000


@pytest.fixture
async def talking(embedder: Embedder) -> AsyncIterator[tuple[World, ModelServer]]:
    with ModelServer(Say(pieces=("So it is.",))) as server:
        async with World(embedder, timezone="Asia/Shanghai") as world:
            model = OpenAIChat("main", "main", ModelRole(server.url))
            world.app.state.ports = replace(
                world.app.state.ports, chat_models={"": model}
            )
            yield world, server


async def asked(world: World, server: ModelServer, query: str, **more: Any) -> str:
    """The system prompt that a question leads to."""
    body = {"user_id": "ann", "conversation_id": "monday", "query": query, **more}
    answer = await world.post("/product/chat/complete", body)
    assert answer.data["response"] == "So it is."
    return str(server.requests[-1]["messages"][0]["content"])


def block(system: str, name: str) -> list[dict[str, Any]]:
    if f"\n<{name}>\n" not in system:
        return []
    inside = system.split(f"\n<{name}>\n")[1].split(f"\n</{name}>")[0]
    return [json.loads(line) for line in inside.splitlines()]


async def test_the_model_knows_what_time_it_is_where_the_user_is(
    talking: tuple[World, ModelServer],
) -> None:
    system = await asked(*talking, "How many days until my flight?")
    last = system.splitlines()[-1]
    assert last.startswith("Current time: 20") and "(Asia/Shanghai, UTC+08:00)" in last


async def test_memories_below_the_threshold_of_a_search_come_along(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    moved = "The user moved the Porto weekend from 12-14 June to 19-21 June 2026."
    for text in (moved, "The user finds museums boring.", "The boiler is red."):
        await world.remember(text, said_at=SAID)
    query = "What should I pack for the trip?"
    search = await world.post("search/memory", {"user_id": "ann", "query": query})
    assert not search.data["memory_detail_list"]
    system = await asked(world, server, query)
    assert moved in {entry["text"] for entry in block(system, "memories")}


async def test_up_to_twenty_facts_come(talking: tuple[World, ModelServer]) -> None:
    world, server = talking
    for number in range(30):
        await world.remember(f"The user's cat number {number} likes fish.")
    system = await asked(world, server, "Which fish do the cats like?")
    assert len(block(system, "memories")) == 20
    few = await asked(world, server, "Which fish do the cats like?", top_k=6)
    assert len(block(few, "memories")) == 6


async def test_the_profile_is_always_there(talking: tuple[World, ModelServer]) -> None:
    world, server = talking
    await world.remember("The user's name is Ada.", type=Type.USER, said_at=SAID)
    await world.remember("用户对花生过敏。", type=Type.EXPLICIT, said_at=SAID)
    system = await asked(world, server, "What is 7 times 8?")
    assert block(system, "profile") == [
        {"attribute": "basic.name", "value": "Ada"},
        {"attribute": "basic.allergy", "value": "花生"},
    ]


async def test_of_contradicting_standing_preferences_the_newest_comes(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    old = "The user wants answers in points, not long."
    new = "The user wants more detail in answers, not only points."
    for text, at in ((old, SAID), (new, SAID + DAY)):
        await world.remember(text, type=Type.EXPLICIT, tags=(EVERY_ANSWER,), said_at=at)
    entries = block(await asked(world, server, "Hi there"), "preferences")
    assert [entry["preference"] for entry in entries] == [new]
    assert entries[0]["basis"] == "stated" and entries[0]["said_on"] == "2026-03-12"


async def test_what_was_said_before_is_searched_too(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    operation = "用户母亲的手术定在2026年4月15日，在成都。"
    await world.remember(operation, said_at=SAID)
    for number in range(25):
        await world.remember(f"用户提前{number}天交了报告。", said_at=SAID)
    history = [
        {"role": "user", "content": "我妈妈的手术是哪天？"},
        {"role": "assistant", "content": "4月15日。"},
    ]
    alone = await asked(world, server, "那我该提前几天到？")
    assert operation not in {entry["text"] for entry in block(alone, "memories")}
    system = await asked(world, server, "那我该提前几天到？", history=history)
    assert operation in {entry["text"] for entry in block(system, "memories")}


async def test_what_a_document_or_somebody_else_wants_is_no_preference_of_the_user(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    foreign = "Operators want to avoid flights above 85 % humidity."
    more = {"type": Type.EXPLICIT, "knowledge_base": "handbook"}
    await world.remember(foreign, **more)
    query = "Which flights do operators want to avoid?"
    system = await asked(world, server, query, knowledgebase_ids=["handbook"])
    assert block(system, "preferences") == []
    assert foreign in {entry["text"] for entry in block(system, "memories")}


async def test_the_memories_of_an_answer_travel_with_its_turn(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    memory = await world.remember("The user's sister Ada lives in Oslo.")
    await asked(world, server, "Where does Ada live?", add_message_on_answer=True)
    await world.app.state.background.close()
    [job] = await world.jobs.of_user("one", "ann", 5)
    assert isinstance(job.payload, AddPayload)
    assert job.payload.recalled == (memory.id,)


async def test_an_answer_is_not_found_while_it_waits_to_be_read(
    embedder: Embedder,
) -> None:
    with ModelServer(Say(pieces=("Porto is on 12 June.",))) as server:
        async with World(embedder, working=False) as world:
            model = OpenAIChat("main", "main", ModelRole(server.url))
            world.app.state.ports = replace(
                world.app.state.ports, chat_models={"": model}
            )
            await world.remember("The user goes to Porto on 19 June.")
            body = {"user_id": "ann", "query": "When is Porto?"}
            await world.post("chat", body)
            await world.app.state.background.close()
            search = {**body, "relativity": 0}
            facts = (await world.post("search/memory", search)).data
            texts = [fact["memory_value"] for fact in facts["memory_detail_list"]]
            assert not any("12 June" in text for text in texts), texts


async def remembered_turn(world: World) -> list[str]:
    """What was said in the first turn that is written down."""
    async with asyncio.timeout(5):
        while not world.jobs.stored:
            await asyncio.sleep(0.01)
    return [message.text for message in world.messages.stored.values()]


async def test_a_turn_is_remembered_however_long_the_answer_is(
    embedder: Embedder,
) -> None:
    answer = "word " * 30_000
    with ModelServer(Say(answer, pieces=(answer,))) as server:
        async with World(embedder, max_message_tokens=20_000) as world:
            model = OpenAIChat("main", "main", ModelRole(server.url))
            ports = replace(world.app.state.ports, chat_models={"": model})
            world.app.state.ports = ports
            body = {"user_id": "ann", "query": "My name is Ann."}
            body |= {"add_message_on_answer": True}
            await world.post("/product/chat/complete", body)
            said = await remembered_turn(world)
    assert said[0] == "My name is Ann." and len(said[1]) > 140_000


async def test_a_turn_is_remembered_when_a_store_was_away(
    talking: tuple[World, ModelServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, server = talking
    put = world.messages.put

    async def away(*_: Any) -> None:
        monkeypatch.setattr(world.messages, "put", put)
        raise Unavailable("Qdrant does not answer")

    monkeypatch.setattr(turn, "_PAUSES_S", (0.01,))
    monkeypatch.setattr(world.messages, "put", away)
    await asked(world, server, "My name is Ann.", add_message_on_answer=True)
    assert await remembered_turn(world) == ["My name is Ann.", "So it is."]


@pytest.mark.parametrize(
    ("more", "attributes"),
    [
        ({}, ["basic.name", "basic.allergy"]),
        ({"include_preference": False}, ["basic.name"]),
        ({"preference_limit_number": 0}, ["basic.name"]),
        ({"pref_top_k": "0"}, ["basic.name"]),
        ({"memory_limit_number": 0}, ["basic.allergy"]),
        ({"memory_limit_number": 0, "include_preference": False}, []),
    ],
)
async def test_the_profile_holds_nothing_of_a_kind_that_is_turned_off(
    talking: tuple[World, ModelServer], more: dict[str, Any], attributes: list[str]
) -> None:
    world, server = talking
    await world.remember("The user's name is Ada.", type=Type.USER, said_at=SAID)
    await world.remember("用户对花生过敏。", type=Type.EXPLICIT, said_at=SAID)
    system = await asked(world, server, "What is 7 times 8?", **more)
    shown = [entry["attribute"] for entry in block(system, "profile")]
    assert shown == attributes
