"""chat at every prefix (contract 1.9, 2.1), with a local endpoint that answers
as it is set up to, and without a model.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from shared.adapters.openai_chat import OpenAIChat
from shared.domain.memory import Type
from shared.domain.model_role import ModelRole
from shared.ports import Embedder
from tests.api.world import World
from tests.support.model_server import ModelServer, Say

ASK = {
    "user_id": "ann",
    "conversation_id": "monday",
    "query": "Where does my sister live?",
}


def _with_model(world: World, server: ModelServer, **named: ModelServer) -> None:
    models = {
        name: OpenAIChat(name, name, ModelRole(other.url))
        for name, other in named.items()
    }
    world.app.state.ports = replace(
        world.app.state.ports,
        chat_models={"": OpenAIChat("main", "main", ModelRole(server.url)), **models},
    )


@pytest.fixture
async def talking(embedder: Embedder) -> AsyncIterator[tuple[World, ModelServer]]:
    with ModelServer(
        Say(pieces=("She lives", " in Oslo."), reasoning="sister, Oslo")
    ) as server:
        async with World(embedder) as world:
            _with_model(world, server)
            await world.remember("Ann's sister Ada lives in Oslo.")
            yield world, server


@pytest.mark.parametrize(
    "path", ["/api/openmem/v1/chat", "/product/chat", "/chat", "/product/chat/complete"]
)
async def test_the_model_answers_knowing_what_is_remembered(
    talking: tuple[World, ModelServer], path: str
) -> None:
    world, server = talking
    answer = await world.post(path, {**ASK, "relativity": 0})
    assert answer.data == {
        "response": "She lives in Oslo.",
        "reasoning": "sister, Oslo",
    }
    assert answer.code == (200 if path.startswith("/product") else 0)
    sent = server.requests[-1]
    assert "Ada lives in Oslo" in sent["messages"][0]["content"] and sent["messages"][
        -1
    ] == {"role": "user", "content": ASK["query"]}
    assert (sent["temperature"], sent["top_p"], sent["max_tokens"]) == (0.7, 0.95, 8192)


async def test_what_is_asked_of_the_model_reaches_it(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    await world.post(
        "chat",
        {
            **ASK,
            "system_prompt": "You are a pirate.",
            "temperature": 1.5,
            "top_p": "0.5",
            "max_tokens": 64,
            "history": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": "Ahoy"},
            ],
        },
    )
    sent = server.requests[-1]
    assert sent["messages"][0]["content"].startswith("You are a pirate.")
    assert [message["content"] for message in sent["messages"][1:]] == [
        "Hi",
        "Ahoy",
        ASK["query"],
    ]
    assert (sent["temperature"], sent["top_p"], sent["max_tokens"]) == (1.5, 0.5, 64)


async def test_both_dialects_mean_the_same(talking: tuple[World, ModelServer]) -> None:
    world, server = talking
    with ModelServer(Say(pieces=("from the other",))) as other:
        _with_model(world, server, small=other)
        body = {
            "user_id": "ann",
            "query": "Hi",
            "session_id": "monday",
            "model_name_or_path": "small",
            "top_k": 3,
            "pref_top_k": 2,
            "moscube": False,
        }
        assert (await world.post("/product/chat/complete", body)).data[
            "response"
        ] == "from the other"
    assert (await world.post("chat", {**ASK, "model_name": "unheard-of"})).data[
        "response"
    ] == "She lives in Oslo."


@pytest.mark.parametrize(
    ("path", "asked", "remembered"),
    [
        ("chat", None, True),
        ("chat", False, False),
        ("/product/chat/complete", None, False),
        ("/product/chat/complete", True, True),
        ("/product/chat/stream", True, True),
    ],
)
async def test_the_turn_is_remembered_where_it_should_be(
    talking: tuple[World, ModelServer], path: str, asked: bool | None, remembered: bool
) -> None:
    world, _ = talking
    await world.post(path, {**ASK, "add_message_on_answer": asked})
    await world.app.state.background.close()
    said = (
        await world.post("get/message", {"user_id": "ann", "conversation_id": "monday"})
    ).data["message_detail_list"]
    assert [message["content"] for message in said] == (
        [ASK["query"], "She lives in Oslo."] if remembered else []
    )


async def test_the_conversation_stays_coherent(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    await world.post("chat", ASK)
    await world.app.state.background.close()
    await world.post("chat", {**ASK, "query": "And since when?"})
    assert [message["content"] for message in server.requests[-1]["messages"][1:]] == [
        ASK["query"],
        "She lives in Oslo.",
        "And since when?",
    ]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("chat", {"stream": True}),
        ("/product/chat/stream", {}),
        ("/product/chat/complete", {"stream": True}),
    ],
)
async def test_the_answer_comes_as_events(
    talking: tuple[World, ModelServer], path: str, body: Mapping[str, Any]
) -> None:
    world, _ = talking
    events = await _events(world, path, {**ASK, **body})
    assert (
        "".join(event["data"] for event in events if event["type"] == "text")
        == "She lives in Oslo."
    )
    assert events[0]["type"] == "reasoning" and events[-1] == {
        "type": "end",
        "data": "",
    }


async def _events(
    world: World, path: str, body: Mapping[str, Any]
) -> list[dict[str, Any]]:
    answer = await world.post(path, body)
    assert answer.response.headers["content-type"].startswith("text/event-stream")
    return [
        json.loads(line[5:])
        for line in answer.response.text.splitlines()
        if line.startswith("data:")
    ]


async def test_async_mode_never_turns_an_answer_into_events(
    talking: tuple[World, ModelServer],
) -> None:
    world, _ = talking
    assert (await world.post("chat", {**ASK, "async_mode": True})).data[
        "response"
    ] == "She lives in Oslo."


async def test_a_model_that_is_away_is_answered_for_from_memory(
    embedder: Embedder,
) -> None:
    with ModelServer(Say(status=500)) as server:
        async with World(embedder) as world:
            _with_model(world, server)
            await world.remember("Ann's sister Ada lives in Oslo.")
            asked = {**ASK, "relativity": 0}
            response = (await world.post("chat", asked)).data["response"]
            assert "Ada lives in Oslo" in response and "cannot be reached" in response
            events = await _events(world, "/product/chat/stream", asked)
            assert [event["type"] for event in events] == ["text", "end"]
            await world.app.state.background.close()
            said = await world.messages.latest("one", "ann", "monday", 9)
            assert [message.quotes for message in said] == [False, True]


async def test_a_project_without_tokens_is_answered_from_memory(
    embedder: Embedder,
) -> None:
    with ModelServer(Say(pieces=("In Oslo.",))) as server:
        async with World(embedder, daily_tokens=1) as world:
            _with_model(world, server)
            first = (await world.post("chat", ASK)).data["response"]
            later = {**ASK, "query": "And my brother?"}
            second = (await world.post("chat", later)).data["response"]
            assert first == "In Oslo." and "are used up" in second
            assert len(server.requests) == 1


async def test_a_model_that_says_nothing_is_answered_for(embedder: Embedder) -> None:
    with ModelServer(Say(reasoning="hm", pieces=(" ",))) as server:
        async with World(embedder) as world:
            _with_model(world, server)
            response = (await world.post("chat", ASK)).data["response"]
            assert "gave no answer" in response


async def test_a_model_that_refuses_is_an_error_or_an_event(embedder: Embedder) -> None:
    with ModelServer(Say(status=401)) as server:
        async with World(embedder) as world:
            _with_model(world, server)
            refused = await world.post("chat", ASK)
            assert refused.status >= 400 and refused.code >= 50000
            assert refused.body["data"] is None
            events = await _events(world, "/product/chat/stream", ASK)
            assert [event["type"] for event in events] == ["error", "end"]


async def test_what_is_wrong_with_the_request_is_an_answer_not_an_event(
    talking: tuple[World, ModelServer],
) -> None:
    world, _ = talking
    for body, code in (
        ({"user_id": "ann"}, 40002),
        ({"query": "x"}, 40002),
        ({**ASK, "filter": {"and": "x"}}, 40000),
    ):
        assert (await world.post("/product/chat/stream", body)).code == code or (
            await world.post("chat", body)
        ).code == code


async def test_without_a_model_memories_are_quoted(embedder: Embedder) -> None:
    async with World(embedder) as world:
        await world.remember("Ann's sister Ada lives in Oslo.")
        answer = (await world.post("chat", {**ASK, "relativity": 0})).data
        assert (
            "Ada lives in Oslo" in answer["response"]
            and "No chat model" in answer["response"]
        )
        events = await _events(
            world,
            "/product/chat/stream",
            {**ASK, "query": "我姐姐住哪里？", "relativity": 0},
        )
        assert "未配置" in events[0]["data"]


async def test_what_was_quoted_is_kept_as_said_and_is_no_new_memory(
    embedder: Embedder,
) -> None:
    async with World(embedder) as world:
        await world.remember("Ann's sister Ada lives in Oslo.")
        await world.post(
            "chat", {**ASK, "relativity": 0, "add_message_on_answer": True}
        )
        await world.app.state.background.close()
        said = (
            await world.post(
                "get/message", {"user_id": "ann", "conversation_id": "monday"}
            )
        ).data["message_detail_list"]
        assert "No chat model" in said[-1]["content"] and "_quotes" not in said[-1]
        answer = await world.post(
            "search/memory",
            {"user_id": "ann", "query": "chat model configured", "relativity": 0},
        )
        facts = answer.data["memory_detail_list"]
        assert not any("No chat model" in fact["memory_value"] for fact in facts)


async def test_configure_is_acknowledged(embedder: Embedder) -> None:
    async with World(embedder) as world:
        answer = await world.post(
            "/product/configure", {"chat_model": {"backend": "openai"}}
        )
        assert (answer.code, answer.body["data"]) == (200, None)
        (remark,) = answer.body["remarks"]
        assert remark.startswith("nothing was changed")


async def test_a_client_that_leaves_stops_the_model_and_keeps_what_was_said(
    embedder: Embedder,
) -> None:
    from services.gateway.chat.turn import PreparedTurn, run_turn
    from services.gateway.context.background import Background
    from services.gateway.context.kept_settings import KeptSettings
    from services.gateway.context.rate_meter import Meter
    from services.gateway.context.recall_marks import RecallMarks
    from services.gateway.context.request_context import RequestContext
    from services.gateway.context.stored_usage import Usage
    from services.gateway.context.thumb_renewal import ThumbRenewal
    from services.gateway.recall.calibration import calibration_of
    from services.gateway.recall.recall import Models
    from services.gateway.schemas.chat import ChatRequest
    from shared.access.access import Access
    from shared.domain.api_key import ApiKey

    async with World(embedder) as world:
        with ModelServer(Say(pieces=("She ", "lives "), hangs=False)) as server:
            context = RequestContext(
                "one",
                world.ports,
                world.settings,
                world.app.state.status,
                Meter(world.rates, "one", world.settings),
                Models(embedder, calibration_of(embedder.name)),
                world.app.state.recall_figures,
                key=ApiKey("key", "one"),
                access=Access("one"),
                unguarded=world.ports,
                usage=Usage(),
                recall_marks=RecallMarks(Background().start),
                kept_settings=KeptSettings(),
                thumb_renewal=ThumbRenewal(Background().start),
            )
            background = Background()
            turn = PreparedTurn(
                ChatRequest.model_validate(ASK),
                OpenAIChat("main", "main", ModelRole(server.url)),
                [{"role": "user", "content": "x"}],
                {},
            )
            pieces = run_turn(context, turn, background, remember=True)
            assert await anext(pieces) == ("text", "She ")
            await pieces.aclose()
            await background.close()
        said = (
            await world.post(
                "get/message", {"user_id": "ann", "conversation_id": "monday"}
            )
        ).data["message_detail_list"]
        assert [message["content"] for message in said][:1] == [ASK["query"]] and said[
            -1
        ]["content"].startswith("She")


async def test_a_request_that_is_sent_again_while_it_is_answered_asks_the_model_once(
    embedder: Embedder,
) -> None:
    go = threading.Event()

    def after_a_signal(_: Mapping[str, Any]) -> Say:
        assert go.wait(30)
        return Say(pieces=("In Oslo.",))

    with ModelServer(after_a_signal) as server:
        async with World(embedder) as world:
            _with_model(world, server)
            requests = [
                asyncio.create_task(world.post("chat", body))
                for body in (ASK, ASK, {**ASK, "query": "And my brother?"})
            ]
            while len(server.requests) < 2:
                await asyncio.sleep(0.01)
            go.set()
            answers = [(await request).data["response"] for request in requests]
            await world.app.state.background.close()
            assert answers == ["In Oslo."] * 3
            assert sorted(
                body["messages"][-1]["content"] for body in server.requests
            ) == ["And my brother?", ASK["query"]]
            await world.post("chat", ASK)
            assert len(server.requests) == 3, (
                "the same question later is a question of its own"
            )
            said = (
                await world.post(
                    "get/message", {"user_id": "ann", "conversation_id": "monday"}
                )
            ).data["message_detail_list"]
            assert [message["content"] for message in said].count(ASK["query"]) >= 1


def _instructions(server: ModelServer) -> str:
    """The instructions and memories of the last request."""
    return str(server.requests[-1]["messages"][0]["content"])


@pytest.mark.parametrize(
    ("more", "seen", "unseen"),
    [
        ({}, ("Ada", "No pork"), ("boiler", "weather")),
        ({"include_preference": False}, ("Ada",), ("No pork",)),
        ({"preference_limit_number": 0}, ("Ada",), ("No pork",)),
        ({"memory_limit_number": 0}, ("No pork",), ("Ada", "harbour")),
        ({"include_tool_memory": True}, ("weather",), ()),
        (
            {"include_tool_memory": True, "tool_memory_limit_number": 0},
            (),
            ("weather",),
        ),
        ({"knowledgebase_ids": ["house"]}, ("boiler",), ()),
        ({"filter": {"and": [{"scene": "sea"}]}}, ("harbour",), ("Ada",)),
        ({"relativity": 1}, (), ("Ada", "No pork", "harbour")),
    ],
)
async def test_what_is_recalled_is_what_was_asked_for(
    talking: tuple[World, ModelServer],
    more: dict[str, Any],
    seen: tuple[str, ...],
    unseen: tuple[str, ...],
) -> None:
    world, server = talking
    await world.remember("No pork for Ann.", type=Type.EXPLICIT)
    await world.remember("Ann called the weather tool.", type=Type.TRAJECTORY)
    await world.remember("The boat lies in the harbour.", info={"scene": "sea"})
    await world.remember("The boiler has a red switch.", knowledge_base="house")
    await world.post(
        "chat",
        {
            **ASK,
            "query": "What about it all?",
            "relativity": 0,
            "add_message_on_answer": False,
            **more,
        },
    )
    assert all(word in _instructions(server) for word in seen)
    assert not any(word in _instructions(server) for word in unseen)


async def test_memories_of_a_turn_carry_what_was_sent_with_it(
    talking: tuple[World, ModelServer],
) -> None:
    world, _ = talking
    await world.post(
        "chat",
        {
            **ASK,
            "add_message_on_answer": True,
            "agent_id": "guide",
            "app_id": "shop",
            "tags": ["family"],
            "info": {"scene": "home"},
            "allow_public": True,
        },
    )
    await world.app.state.background.close()
    (job,) = await world.jobs.of_user("one", "ann", 5)
    assert (job.scope.user, job.scope.agent, job.scope.app) == ("ann", "guide", "shop")
    assert (job.options.tags, job.options.info, job.options.public) == (
        ("family",),
        {"scene": "home"},
        True,
    )


async def test_thinking_in_the_text_comes_as_reasoning(embedder: Embedder) -> None:
    with ModelServer(
        Say(pieces=("<thi", "nk>Oslo or Bergen", "?</thi", "nk>In ", "Oslo."))
    ) as server:
        async with World(embedder) as world:
            _with_model(world, server)
            assert (await world.post("chat", ASK)).data == {
                "response": "In Oslo.",
                "reasoning": "Oslo or Bergen?",
            }
            events = await _events(world, "/product/chat/stream", ASK)
            by_kind = {
                kind: "".join(
                    event["data"] for event in events if event["type"] == kind
                )
                for kind in ("reasoning", "text")
            }
            assert by_kind == {"reasoning": "Oslo or Bergen?", "text": "In Oslo."}


async def test_a_stream_that_breaks_says_so_after_what_came(embedder: Embedder) -> None:
    with ModelServer(Say(pieces=("In ",), breaks=True)) as server:
        async with World(embedder) as world:
            _with_model(world, server)
            events = await _events(
                world, "/product/chat/stream", {**ASK, "add_message_on_answer": True}
            )
            assert [event["type"] for event in events] == ["text", "error", "end"]
            assert events[1]["code"] >= 50000


async def test_as_of_a_day_the_history_is_that_day_s_however_long_it_went_on(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    for day, words in (("2025-01-01", "old"), ("2025-06-01", "new")):
        messages = [
            {"role": role, "content": f"{words} {number}", "chat_time": day}
            for number in range(11)
            for role in ("user", "assistant")
        ]
        body = {"user_id": "ann", "conversation_id": "long", "messages": messages}
        assert (await world.post("add/message", body)).status == 200
    ask = {**ASK, "conversation_id": "long"}
    await world.post("chat", {**ask, "as_of": "2025-01-02"})
    sent = [message["content"] for message in server.requests[-1]["messages"][1:-1]]
    assert len(sent) == 20
    assert all(text.startswith("old") for text in sent)


async def test_a_history_may_come_in_parts_and_with_openai_s_roles(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    history = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Hi"}, "there"]},
        {"role": "assistant", "content": None},
    ]
    await world.post("chat", {**ASK, "history": history})
    sent = server.requests[-1]["messages"][1:-1]
    assert [message["content"] for message in sent] == ["Be brief.", "Hi\nthere", ""]
    assert sent[0]["role"] == "system"


@pytest.mark.parametrize("path", ["chat", "/product/chat/stream"])
async def test_of_an_answer_that_breaks_off_only_the_question_is_remembered_and_once(
    embedder: Embedder, path: str
) -> None:
    breaks = Say(pieces=("You should never take ",), breaks=True)
    whole = Say(pieces=("You should never take this together.",))
    body = {**ASK, "query": "I take aspirin.", "add_message_on_answer": True}
    conversation = {"user_id": "ann", "conversation_id": "monday"}
    with ModelServer(breaks, breaks, whole) as server:
        async with World(embedder) as world:
            _with_model(world, server)
            said = []
            for _ in range(3):
                await world.post(path, body)
                await world.app.state.background.close()
                data = (await world.post("get/message", conversation)).data
                said.append([m["content"] for m in data["message_detail_list"]])
            question, answer = body["query"], "You should never take this together."
            assert said == [[question], [question], [question, question, answer]]
            await world.post(path, {**body, "query": "And the other one?"})
            prompt = [m["content"] for m in server.requests[-1]["messages"][1:]]
            assert prompt == [question, answer, "And the other one?"]


async def test_feedback_is_no_turn_of_the_conversation(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    conversation = {"user_id": "ann", "conversation_id": "monday"}
    said = [
        {"role": "user", "content": "I live in Rome."},
        {"role": "assistant", "content": "Nice."},
    ]
    await world.post("add/message", {**conversation, "messages": said})
    words = "Replace Rome with Milan everywhere."
    await world.post("add/feedback", {**conversation, "feedback_content": words})
    await world.post("chat", {**ASK, "query": "Hello."})
    prompt = [message["content"] for message in server.requests[-1]["messages"][1:]]
    assert prompt == ["I live in Rome.", "Nice.", "Hello."]


async def test_as_of_a_day_the_model_sees_that_day_and_no_profile(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    said = {"user_id": "ann", "messages": [{"role": "user", "content": "A new word."}]}
    await world.post("add/message", {**said, "conversation_id": "monday"})
    await world.post("chat", {**ASK, "relativity": 0, "as_of": "2001-02-03"})
    sent = str(server.requests[-1]["messages"])
    assert "2001-02-03" in sent
    assert "Oslo" not in sent and "A new word." not in sent and "<profile" not in sent
