"""OpenAI's official client with the base URL of a Souvenir: it has a memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
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
