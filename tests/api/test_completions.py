"""OpenAI's official client with the base URL of a Souvenir: it has a memory."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import openai
import pytest

from shared.ports import Embedder
from tests.api.test_chat import _with_model
from tests.api.world import KEY, World
from tests.security.canaries import bound_key
from tests.support.model_server import ModelServer, Say

ASK: list[Any] = [{"role": "user", "content": "Where does my sister live?"}]


@pytest.fixture
async def talking(embedder: Embedder) -> AsyncIterator[tuple[World, ModelServer]]:
    says = Say(pieces=("She lives", " in Oslo."), reasoning="sister, Oslo")
    with ModelServer(says) as server:
        async with World(embedder) as world:
            _with_model(world, server)
            await world.remember("Ann's sister Ada lives in Oslo.")
            yield world, server


def client(world: World, user: str = "", key: str = KEY) -> openai.AsyncOpenAI:
    """The official client, at the common address or at a user's."""
    transport = httpx2.ASGITransport(world.app)
    return openai.AsyncOpenAI(
        api_key=key,
        base_url=f"http://gateway/users/{user}/v1" if user else "http://gateway/v1",
        http_client=httpx2.AsyncClient(transport=transport),
        max_retries=0,
    )


async def test_the_model_answers_knowing_what_is_remembered(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    system: list[Any] = [{"role": "system", "content": "You are a poet."}]
    answer = await client(world).chat.completions.create(
        model="main", messages=system + ASK, user="ann"
    )
    (choice,) = answer.choices
    assert (choice.message.content, choice.finish_reason) == (
        "She lives in Oslo.",
        "stop",
    )
    prompt = server.requests[-1]["messages"][0]["content"]
    assert prompt.startswith("You are a poet.") and "Ada lives in Oslo" in prompt


async def test_it_streams_what_the_model_says_as_it_comes(
    talking: tuple[World, ModelServer],
) -> None:
    world, _ = talking
    stream = await client(world, "ann").chat.completions.create(
        model="main", messages=ASK, stream=True
    )
    chunks = [chunk async for chunk in stream]
    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert [d.content for d in deltas if d.content] == ["She lives", " in Oslo."]
    assert "sister" in "".join(getattr(d, "reasoning_content", "") for d in deltas)
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert len({chunk.id for chunk in chunks}) == 1


async def test_the_turn_is_remembered_unless_it_is_not_to_be_stored(
    talking: tuple[World, ModelServer],
) -> None:
    world, _ = talking
    asked: Any = {
        "model": "main",
        "messages": ASK,
        "metadata": {"conversation_id": "monday"},
    }
    for store, kept in ((False, 0), (True, 2)):
        await client(world, "ann").chat.completions.create(**asked, store=store)
        await world.app.state.background.close()
        messages = world.messages.stored.values()
        assert [m.scope.conversation for m in messages] == ["monday"] * kept


TITLE = """### Task:
Write a title of 3-5 words that sums up the chat.
### Output:
JSON format: { "title": "the title" }
<chat_history>
USER: Where does my sister live?
ASSISTANT: She lives in Oslo.
</chat_history>"""
"""What a chat program asks for itself."""


@pytest.mark.parametrize(
    ("query", "store", "remembered"),
    [
        (TITLE, None, []),
        (TITLE, True, [TITLE]),
        (
            "### Task:\nRespond.\n<context>\nRome is old.\n</context>\nWhere is Ada?",
            None,
            ["Where is Ada?"],
        ),
    ],
)
async def test_what_a_program_puts_around_is_answered_and_not_remembered(
    talking: tuple[World, ModelServer], query: str, store: bool | None, remembered: Any
) -> None:
    world, server = talking
    fields: Any = {} if store is None else {"store": store}
    answer = await client(world, "ann").chat.completions.create(
        model="", messages=[{"role": "user", "content": query}], **fields
    )
    await world.app.state.background.close()
    assert answer.choices[0].message.content == "She lives in Oslo."
    assert server.requests[-1]["messages"][-1]["content"] == query
    users = [m.text for m in world.messages.stored.values() if m.role == "user"]
    assert users == remembered
    told = (answer.model_extra or {}).get("remarks", [])
    assert ["not remembered" in remark for remark in told] == [True] * (not remembered)


async def test_a_request_that_is_sent_again_asks_the_model_once(
    embedder: Embedder,
) -> None:
    go = threading.Event()

    def after_a_signal(_: Mapping[str, Any]) -> Say:
        assert go.wait(30)
        return Say(pieces=("In Oslo.",))

    with ModelServer(after_a_signal) as server:
        async with World(embedder) as world:
            _with_model(world, server)
            create = client(world, "ann").chat.completions.create
            asked = [
                asyncio.create_task(create(model="main", messages=messages))
                for messages in (ASK, ASK, ASK, [{**ASK[0], "content": "And Ben?"}])
            ]
            async with asyncio.timeout(30):
                while len(server.requests) < 2:
                    await asyncio.sleep(0.01)
            go.set()
            answers = [(await answer).choices[0].message.content for answer in asked]
            await world.app.state.background.close()
            assert answers == ["In Oslo."] * 4 and len(server.requests) == 2
            assert len(world.messages.stored) == 4


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_turn_that_is_sent_again_is_remembered_once(
    talking: tuple[World, ModelServer], streamed: bool
) -> None:
    world, _ = talking
    later: Any = [*ASK, {"role": "assistant", "content": "In Oslo."}, *ASK]
    for messages, kept in ((ASK, 2), (ASK, 2), (later, 4)):
        answer = await client(world, "ann").chat.completions.create(
            model="main", messages=messages, stream=streamed
        )
        if streamed:
            async for _ in answer:
                pass
        await world.app.state.background.close()
        assert len(world.messages.stored) == kept


async def test_what_is_not_read_of_a_message_is_told(
    talking: tuple[World, ModelServer],
) -> None:
    world, _ = talking
    image: Any = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}
    text: Any = {"type": "text", "text": "Where is this?"}
    create = client(world, "ann").chat.completions.create
    answer = await create(
        model="", messages=[{"role": "user", "content": [text, image]}]
    )
    remarks = (answer.model_extra or {})["remarks"]
    assert remarks == ["messages: image_url is not read, only text is"]
    stream = await create(
        model="", messages=[{"role": "user", "content": [text, image]}], stream=True
    )
    last = [chunk async for chunk in stream][-1]
    await world.app.state.background.close()
    assert (last.model_extra or {})["remarks"] == remarks
    with pytest.raises(openai.APIStatusError) as refused:
        await create(model="main", messages=[{"role": "user", "content": [image]}])
    assert refused.value.status_code == 400 and "image_url" in str(refused.value.body)
    odd: Any = {"type": "text", "txt": "Where is this?"}
    with pytest.raises(openai.APIStatusError) as refused:
        await create(model="main", messages=[{"role": "user", "content": [odd]}])
    assert "text: required field missing" in str(refused.value.body)


async def test_no_character_of_an_answer_ends_a_line_of_the_stream(
    embedder: Embedder,
) -> None:
    said = "Ada\u2028lives\u2029in\u0085Oslo."
    with ModelServer(Say(pieces=(said,))) as server:
        async with World(embedder) as world:
            _with_model(world, server)
            own = {"query": "Where?", "user_id": "ann", "stream": True}
            asked = {"messages": ASK, "stream": True}
            for path, body in (
                ("/api/openmem/v1/chat", own),
                ("/users/ann/v1/chat/completions", asked),
            ):
                text = (await world.client.post(path, json=body)).text
                lines = [li for li in text.splitlines() if li.startswith("data: {")]
                read = [json.loads(line.removeprefix("data: ")) for line in lines]
                assert said in json.dumps(read, ensure_ascii=False), text
            await world.app.state.background.close()


async def test_the_rest_of_the_api_is_refused_in_its_form(world: World) -> None:
    openai_client = client(world, "ann")
    assert (await openai_client.models.retrieve("souvenir")).id == "souvenir"
    with pytest.raises(openai.NotFoundError) as unknown:
        await openai_client.models.retrieve("gpt-5")
    with pytest.raises(openai.NotFoundError) as embeddings:
        await client(world).embeddings.create(model="m", input="x")
    with pytest.raises(openai.NotFoundError) as responses:
        await openai_client.responses.create(model="m", input="x")
    for refused, says in (
        (unknown, "gpt-5"),
        (embeddings, "embeddings"),
        (responses, "responses"),
    ):
        body = refused.value.body
        assert isinstance(body, dict) and says in body["message"], body
    for probed in ("/v1/ping", "/v1/ping/"):
        assert (await world.get(probed)).data == {"status": "ok"}


async def test_a_conversation_that_is_sent_is_the_history(
    talking: tuple[World, ModelServer],
) -> None:
    world, server = talking
    parts: Any = [{"type": "text", "text": "And her?"}]
    messages: Any = [
        {"role": "user", "content": "I moved."},
        {"role": "assistant", "content": "Oh!"},
        {"role": "user", "content": parts},
    ]
    await client(world, "ann").chat.completions.create(model="main", messages=messages)
    sent = [message["content"] for message in server.requests[-1]["messages"][1:]]
    assert sent == ["I moved.", "Oh!", "And her?"]


async def test_without_a_model_memories_are_quoted(world: World) -> None:
    await world.remember("Ann's sister Ada lives in Oslo.")
    answer = await client(world, "ann").chat.completions.create(
        model="gpt-5", messages=ASK
    )
    assert "Ada lives in Oslo" in str(answer.choices[0].message.content)
    listed = await client(world).models.list()
    assert [model.id for model in listed.data] == ["souvenir"]


async def test_a_key_for_one_user_needs_no_name_and_gets_no_other(world: World) -> None:
    await world.remember("Ann's sister Ada lives in Oslo.")
    secret = await bound_key(world, "one", "ann")
    answer = await client(world, key=secret).chat.completions.create(
        model="", messages=ASK
    )
    assert "Oslo" in str(answer.choices[0].message.content)
    with pytest.raises(openai.PermissionDeniedError):
        await client(world, "ben", secret).chat.completions.create(
            model="", messages=ASK
        )


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"messages": ASK}, 400, "user: whose memory"),
        ({"messages": ASK, "user": "ann", "tools": [{}]}, 501, "tools: not served"),
        ({"messages": ASK, "user": "ann", "n": 2}, 501, "n: not served"),
        (
            {"messages": [{"role": "system", "content": "x"}], "user": "ann"},
            400,
            "last",
        ),
        ({"messages": [], "user": "ann"}, 422, "messages"),
    ],
)
async def test_what_is_not_served_is_an_error_of_the_client(
    world: World, fields: dict[str, Any], status: int, says: str
) -> None:
    with pytest.raises(openai.APIStatusError) as refused:
        await client(world).chat.completions.create(model="main", **fields)
    assert refused.value.status_code == status
    body = refused.value.body
    assert isinstance(body, dict) and says in body["message"], body


async def test_a_wrong_key_is_an_error_of_the_client(world: World) -> None:
    with pytest.raises(openai.AuthenticationError):
        await client(world, "ann", "wrong").chat.completions.create(
            model="main", messages=ASK
        )
