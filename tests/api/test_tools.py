"""rerank and extract/memory (contract 1.11)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.api.world import OTHER_KEY, World

DOCUMENTS = [
    "The museum opens at nine.",
    "Her dog is called Momo.",
    "Trains to Lyon leave hourly.",
]


async def test_the_most_relevant_first_and_no_envelope(
    world: World, prefix: str
) -> None:
    body = {
        "model": "memos-reranker-4b",
        "query": "What is the dog's name?",
        "documents": DOCUMENTS,
    }
    answer = await world.post(f"{prefix}/rerank", body)
    assert (
        answer.body.keys() == {"id", "model", "usage", "results"}
        and answer.body["model"] == "memos-reranker-4b"
    )
    results = answer.body["results"]
    assert results[0]["index"] == 1 and results[0]["document"] == {"text": DOCUMENTS[1]}
    scores = [result["relevance_score"] for result in results]
    assert scores == sorted(scores, reverse=True) and all(
        0 <= score <= 1 for score in scores
    )
    assert sorted(result["index"] for result in results) == [0, 1, 2]
    assert (
        answer.body["usage"]["total_tokens"]
        >= answer.body["usage"]["prompt_tokens"]
        > 0
    )


@pytest.mark.parametrize("top_n, count", [(1, 1), ("2", 2), (50, 3), (None, 3)])
async def test_as_many_as_wanted(world: World, top_n: Any, count: int) -> None:
    assert (
        len(
            (
                await world.post(
                    "rerank", {"query": "dog", "documents": DOCUMENTS, "top_n": top_n}
                )
            ).body["results"]
        )
        == count
    )


async def test_documents_may_be_objects(world: World) -> None:
    answer = await world.post(
        "rerank",
        {
            "query": "dog",
            "documents": [{"text": text} for text in DOCUMENTS],
            "top_n": 1,
        },
    )
    assert answer.body["results"][0]["document"]["text"] == DOCUMENTS[1]


@pytest.mark.parametrize(
    "body, code",
    [
        ({"documents": DOCUMENTS}, 40002),
        ({"query": "x"}, 40002),
        ({"query": "x", "documents": []}, 40003),
        ({"query": "x", "documents": ["a", {"txt": "b"}]}, 40002),
        ({"query": "x", "documents": DOCUMENTS, "top_n": 0}, 40000),
    ],
)
async def test_rerank_refused(world: World, body: dict[str, Any], code: int) -> None:
    refused = await world.post("rerank", body)
    assert (refused.status, refused.code) == (422, code)


async def test_what_would_be_remembered(world: World) -> None:
    data = (
        await world.post(
            "extract/memory",
            {
                "messages": [{"role": "user", "content": "我住在上海"}],
                "extraction_types": None,
            },
        )
    ).data
    assert data["success"] is True and data["preference_detail_list"] == []
    assert data["memory_detail_list"] == [
        {
            "memory_key": "我住在上海",
            "memory_value": "我住在上海",
            "memory_type": "WorkingMemory",
            "tags": [],
        }
    ]


async def test_nothing_of_it_is_kept(world: World) -> None:
    await world.post(
        "extract/memory", {"messages": [{"role": "user", "content": "my secret"}]}
    )
    assert not world.messages.stored and not world.memories.stored
    assert not world.jobs.stored


async def test_only_the_types_asked_for(world: World) -> None:
    body = {
        "messages": [{"role": "user", "content": "x y z"}],
        "extraction_types": ["preference"],
    }
    assert (await world.post("extract/memory", body)).data["memory_detail_list"] == []


async def test_extraction_that_takes_too_long_is_called_off(idle: World) -> None:
    refused = await idle.post(
        "extract/memory", {"messages": [{"role": "user", "content": "my secret"}]}
    )
    assert (refused.status, refused.code) == (503, 50004)
    assert not idle.messages.stored and not idle.jobs.stored
    ((job, _),) = idle.queue.waiting
    assert await idle.progress_bus.cancelled(job)


@pytest.mark.parametrize(
    "body, code",
    [
        ({}, 40002),
        ({"messages": []}, 40003),
        ({"messages": [{"role": "user", "content": "词" * 8001}]}, 40013),
    ],
)
async def test_extract_refused(world: World, body: dict[str, Any], code: int) -> None:
    assert (await world.post("extract/memory", body)).code == code


async def test_an_extraction_for_a_slow_model_is_asked_for_later(idle: World) -> None:
    body = {
        "messages": [{"role": "user", "content": "我住在上海"}],
        "async_mode": True,
        "custom_extract_prompt": {"preference": "只记饮食"},
    }
    begun = (await idle.post("extract/memory", body)).data
    assert begun["status"] == "running" and "result" not in begun
    job = idle.jobs.stored[begun["task_id"]]
    assert job.options.instructions == {"preference": "只记饮食"}
    assert (await idle.get(f"extract/memory/{job.id}")).data["status"] == "running"
    await idle.work_off()
    ended = (await idle.get(f"extract/memory/{job.id}")).data
    assert ended["status"] == "completed"
    (fact,) = ended["result"]["memory_detail_list"]
    assert fact["memory_value"] == "我住在上海"


async def test_the_result_of_an_extraction_is_its_projects_own(idle: World) -> None:
    body = {"messages": [{"role": "user", "content": "x y"}], "async_mode": True}
    id = (await idle.post("extract/memory", body)).data["task_id"]
    other = {"Authorization": f"Token {OTHER_KEY}"}
    refused = await idle.get(f"extract/memory/{id}", headers=other)
    assert refused.status == 404
    added = await idle.post("add/message", {"user_id": "ann", **body})
    refused = await idle.get(f"extract/memory/{added.data['task_id']}")
    assert refused.status == 404, "an add is no extraction"


def with_file(text: bytes) -> dict[str, Any]:
    data = base64.b64encode(text).decode()
    part = {"type": "file", "file": {"file_data": data, "filename": "a.txt"}}
    return {"messages": [{"role": "user", "content": [part]}]}


async def test_nothing_of_a_file_stays_that_was_only_looked_at(world: World) -> None:
    await world.post("extract/memory", with_file(b"My salary is 4711."))
    assert (world.sources.stored, world.jobs.stored, world.messages.stored) == (
        {},
        {},
        {},
    )


async def test_what_of_the_messages_cannot_be_read_is_remarked(world: World) -> None:
    first = {"role": "user", "content": "我住在上海", "chat_time": "soonish"}
    messages = [first, {"role": "user", "content": " ", "chat_tme": "2020"}]
    for more in ({}, {"async_mode": True}):
        answer = await world.post("extract/memory", {"messages": messages, **more})
        unknown, time, blank, *_ = answer.data["remarks"]
        assert unknown == "messages.1.chat_tme: there is no such field"
        assert time.startswith("messages.0.chat_time: 'soonish' is not a time")
        assert blank == "messages.1: without content"
