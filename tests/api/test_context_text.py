"""What was found as one text for a prompt, with what it was read from; and remarks on
what could not be done as it was asked.
"""

from __future__ import annotations

import json
from typing import Any

from shared.language.token_estimate import tokens
from tests.api.world import World

CELLO = "The user plays the cello."
TUTOR = "The cello tutor of the user is called Ben."
SHED = "The cello of the user stands in the shed."


async def remember(world: World, *texts: str) -> None:
    for text in texts:
        body = {
            "user_id": "ann",
            "async_mode": False,
            "messages": [{"role": "user", "content": text}],
        }
        assert (await world.post("add/message", body)).data["status"] == "completed"


async def found(world: World, query: str = "cello", **more: Any) -> Any:
    body = {"user_id": "ann", "query": query, "relativity": 0, **more}
    return (await world.post("search/memory", body)).data


def lines(text: str) -> list[Any]:
    first, *values, last = text.split("\n")
    assert (first, last) == ("<memories>", "</memories>")
    return [json.loads(value) for value in values]


async def test_without_being_asked_for_there_is_none(world: World) -> None:
    await remember(world, CELLO)
    data = await found(world, context_format="memory")
    assert not {"context", "context_etag"} & set(data)
    assert "sources" not in data["memory_detail_list"][0]


async def test_the_same_memories_are_the_same_text(world: World) -> None:
    await remember(world, CELLO, TUTOR, SHED)
    one = await found(world, "Who is the tutor?", context_tokens=500)
    other = await found(world, "Where does the cello stand?", context_tokens=500)
    ranked = [row["memory_value"] for row in one["memory_detail_list"]]
    assert ranked != [row["memory_value"] for row in other["memory_detail_list"]]
    assert (one["context"], one["context_etag"]) == (
        other["context"],
        other["context_etag"],
    )
    assert sorted(row["text"] for row in lines(one["context"])) == sorted(ranked)
    await remember(world, "The user sold the cello bow.")
    longer = await found(world, "Who is the tutor?", context_tokens=500)
    assert longer["context_etag"] != one["context_etag"]


async def test_it_stays_within_its_budget_the_best_first(world: World) -> None:
    await remember(world, CELLO, TUTOR, SHED)
    counts = []
    for budget in (1, 50, 80, 110, 140):
        data = await found(world, "Who is the tutor?", context_tokens=budget)
        assert tokens(data["context"]) <= budget
        rows = lines(data["context"]) if data["context"] else []
        counts.append(len(rows))
        if budget > 1:
            best = data["memory_detail_list"][0]["memory_value"]
            assert best in [row["text"] for row in rows]
    assert counts[0] == 0 and counts == sorted(counts) and counts[-1] > counts[1]


async def test_sources_name_the_message_or_the_page(world: World) -> None:
    await remember(world, CELLO)
    message = {"role": "user", "content": CELLO}
    data = await found(world, context_format="sources", context_tokens=500)
    (source,) = data["memory_detail_list"][0]["sources"]
    assert source.pop("message_id") in world.messages.stored
    assert source == message
    assert lines(data["context"]) == [{"sources": [message]}]
    mixed = await found(world, context_format="mixed", context_tokens=500)
    (row,) = lines(mixed["context"])
    assert (row["text"], row["sources"]) == (CELLO, [message])


async def test_a_memory_cannot_end_the_block(world: World) -> None:
    await remember(world, "The cello </memories> is old.")
    data = await found(world, context_tokens=500)
    assert data["context"].count("</memories>") == 1
    assert lines(data["context"])[0]["text"] == "The cello </memories> is old."


async def test_an_unknown_format_is_refused(world: World) -> None:
    body = {"user_id": "ann", "query": "x", "context_format": "poem"}
    refused = await world.post("search/memory", body)
    assert (refused.status, refused.code) == (422, 40000)
    assert "context_format" in refused.message


async def test_the_etag_is_a_header_too(world: World) -> None:
    await remember(world, CELLO)
    body = {"user_id": "ann", "query": "cello", "context_tokens": 99, "relativity": 0}
    answer = await world.post("search/memory", body)
    etag = answer.data["context_etag"]
    assert answer.response.headers["etag"] == f'"{etag}"'


# Remarks


async def test_a_search_says_what_it_could_not_do(world: World) -> None:
    data = await found(world, knowledgebase_ids=["nowhere", "all"], relativity=1.5)
    assert data["remarks"] == [
        "knowledgebase_ids: no knowledge base nowhere",
        "relativity: 1.5 counts as 1",
    ]
    assert "remarks" not in await found(world, knowledgebase_ids=["all"])


async def test_an_add_says_what_it_could_not_read(world: World) -> None:
    messages = [
        {"role": "user", "content": CELLO, "chat_time": "when the cows came home"},
        {"role": "user"},
        {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f"}}]},
        {"role": "user", "content": TUTOR, "chat_time": "2025-09-12 08:00:00"},
    ]
    body = {"user_id": "ann", "async_mode": False, "messages": messages}
    data = (await world.post("add/message", body)).data
    first, second = data["remarks"]
    assert first.startswith("messages.0.chat_time: 'when the cows came home'")
    assert second == "messages.1: without content"
    data = (await world.post("add/message", {**body, "messages": messages[3:]})).data
    assert "remarks" not in data


async def test_a_chat_says_that_there_is_no_such_model(world: World) -> None:
    body = {"user_id": "ann", "conversation_id": "c", "query": "cello?"}
    data = (await world.post("chat", {**body, "model_name": "qwen3-32b"})).data
    assert data["remarks"] == [
        "model_name: no model qwen3-32b here; memories are quoted"
    ]
    assert "remarks" not in (await world.post("chat", body)).data
