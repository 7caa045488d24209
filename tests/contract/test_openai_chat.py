"""OpenAIChat against an endpoint that answers as such endpoints do: well, badly,
slowly, with errors.
"""

from __future__ import annotations

import asyncio

import pytest

from shared.adapters.openai_chat import OpenAIChat, ThinkSplitter
from shared.errors import Permanent, Transient, Unavailable
from tests.support.model_server import ModelServer, Say, refusal, without_formats

ASK = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello"}]
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "integer"}},
    "required": ["a"],
    "additionalProperties": False,
}


def model(server: ModelServer, timeout_s: float = 20.0) -> OpenAIChat:
    return OpenAIChat("here", server.url, "secret", "there", timeout_s)


def formats(server: ModelServer) -> list[str | None]:
    return [(body.get("response_format") or {}).get("type") for body in server.requests]


async def pieces(chat: OpenAIChat, **options: float) -> list[tuple[str, str]]:
    return [piece async for piece in chat.stream(ASK, options)]


def joined(received: list[tuple[str, str]], kind: str) -> str:
    return "".join(words for which, words in received if which == kind)


async def test_it_sends_what_it_was_given_and_returns_the_words() -> None:
    with ModelServer(Say("Good day.")) as server:
        answer = await model(server).complete(
            ASK,
            options={"temperature": 0.2, "max_tokens": 50, "seed": 1, "top_p": None},
        )
    assert answer == "Good day."
    body = server.requests[0]
    assert (
        body["model"],
        body["messages"],
        body["temperature"],
        body["max_tokens"],
    ) == ("there", ASK, 0.2, 50)
    assert "seed" not in body and "top_p" not in body
    assert server.headers[0]["authorization"] == "Bearer secret"


async def test_an_endpoint_without_keys_is_asked_too() -> None:
    with ModelServer(Say("yes")) as server:
        assert await OpenAIChat("m", server.url, "", "m").complete(ASK) == "yes"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("<think>hm, { }</think>\n4", "4"),
        ("the prompt opened the block</think>4", "4"),
        ("4<think>cut off by max_tok", "4"),
        ("<think>a</think>4<think>b</think>2", "42"),
    ],
)
async def test_thinking_is_not_part_of_the_answer(said: str, answer: str) -> None:
    with ModelServer(Say(said, reasoning="also thought")) as server:
        assert await model(server).complete(ASK) == answer


async def test_null_content_is_an_empty_answer() -> None:
    with ModelServer(Say(None)) as server:
        assert await model(server).complete(ASK) == ""


async def test_structured_output_falls_from_format_to_format_and_stays_there() -> None:
    with ModelServer(
        without_formats("json_schema", "json_object", then=Say('{"a": 1}'))
    ) as server:
        chat = model(server)
        answers = [await chat.complete(ASK, schema=SCHEMA) for _ in range(2)]
    assert answers == ['{"a": 1}'] * 2
    assert formats(server) == ["json_schema", "json_object", None, None]
    assert (
        '"additionalProperties": false' in server.requests[2]["messages"][0]["content"]
    )
    assert server.requests[2]["messages"][0]["content"].startswith("Be brief.")


async def test_a_schema_goes_along_as_strict() -> None:
    with ModelServer(Say('{"a": 1}')) as server:
        await model(server).complete(ASK, schema=SCHEMA)
    assert server.requests[0]["response_format"]["json_schema"] == {
        "name": "answer",
        "schema": SCHEMA,
        "strict": True,
    }


async def test_an_endpoint_that_ignores_the_format_gets_it_in_words() -> None:
    with ModelServer(
        lambda body: Say(
            '{"a": 1}'
            if "JSON schema" in body["messages"][0]["content"]
            else "Sure! I'd love to."
        )
    ) as server:
        assert await model(server).complete(ASK, schema=SCHEMA) == '{"a": 1}'
    assert formats(server) == ["json_schema", "json_object"]


async def test_a_model_that_never_gives_json_costs_three_calls_once() -> None:
    with ModelServer(Say("I am a poet.")) as server:
        chat = model(server)
        assert await chat.complete(ASK, schema=SCHEMA) == "I am a poet."
        assert await chat.complete(ASK, schema=SCHEMA) == "I am a poet."
    assert formats(server) == ["json_schema", "json_object", None, None]


async def test_a_refusal_that_has_nothing_to_do_with_formats_changes_nothing() -> None:
    with ModelServer(*[refusal("context too long")] * 3, Say('{"a": 1}')) as server:
        chat = model(server)
        with pytest.raises(Permanent, match="context too long"):
            await chat.complete(ASK, schema=SCHEMA)
        await chat.complete(ASK, schema=SCHEMA)
    assert formats(server)[-1] == "json_schema"


@pytest.mark.parametrize("chat_options", [{"max_tokens": 9.0}])
async def test_a_renamed_option_is_learnt(chat_options: dict[str, float]) -> None:
    with ModelServer(
        lambda body: (
            refusal("Unsupported parameter: use 'max_completion_tokens'", "max_tokens")
            if "max_tokens" in body
            else Say("ok")
        )
    ) as server:
        chat = model(server)
        assert [await chat.complete(ASK, options=chat_options) for _ in range(2)] == [
            "ok",
            "ok",
        ]
    assert [
        ("max_tokens" in body, body.get("max_completion_tokens"))
        for body in server.requests
    ] == [(True, None), (False, 9), (False, 9)]


async def test_an_option_that_is_refused_is_dropped() -> None:
    with ModelServer(
        lambda body: (
            refusal("temperature does not support 0.1 here")
            if "temperature" in body
            else Say("ok")
        )
    ) as server:
        assert (
            await model(server).complete(
                ASK, options={"temperature": 0.1, "top_p": 0.9}
            )
            == "ok"
        )
    assert server.requests[-1]["top_p"] == 0.9


@pytest.mark.parametrize(
    ("say", "error"),
    [
        (refusal("who are you?", status=401), Permanent),
        (refusal("no such model", status=404), Permanent),
        (refusal("slow down", status=429), Transient),
        (Say(status=500, error={"error": "cuda out of memory"}), Unavailable),
        (Say(raw="<html>the proxy is tired</html>"), Unavailable),
        (Say(raw='{"object": "error", "message": "busy"}'), Unavailable),
        (Say(raw='{"choices": []}'), Unavailable),
    ],
)
async def test_errors_become_ours(say: Say, error: type[Exception]) -> None:
    with ModelServer(say) as server:
        with pytest.raises(error):
            await model(server).complete(ASK)
        with pytest.raises(error):
            await pieces(model(server)) if say.raw is None else await model(
                server
            ).complete(ASK, schema=SCHEMA)


async def test_a_hiccup_is_slept_over() -> None:
    with ModelServer(Say(status=503, error={}), Say("back again")) as server:
        assert await model(server).complete(ASK) == "back again"


async def test_an_endpoint_that_never_answers_is_unavailable() -> None:
    with ModelServer(Say(hangs=True)) as server, pytest.raises(Unavailable):
        await model(server, timeout_s=0.2).complete(ASK)


async def test_an_endpoint_that_is_not_there_is_unavailable() -> None:
    with ModelServer(Say()) as server:
        chat = model(server)
    with pytest.raises(Unavailable):
        await chat.complete(ASK)


async def test_a_stream_comes_in_pieces_with_its_thinking_apart() -> None:
    with ModelServer(
        Say(
            reasoning="let me see",
            pieces=("<th", "ink>2+2", "</thi", "nk>", "It is <", "4>."),
        )
    ) as server:
        received = await pieces(model(server), temperature=0.5)
    assert joined(received, "reasoning") == "let me see2+2"
    assert joined(received, "text") == "It is <4>."
    assert len(received) > 3
    assert (server.requests[0]["stream"], server.requests[0]["temperature"]) == (
        True,
        0.5,
    )


async def test_a_stream_that_breaks_off_says_so_after_what_came() -> None:
    with ModelServer(Say(pieces=("half an ",), breaks=True)) as server:
        stream = model(server).stream(ASK)
        assert await anext(stream) == ("text", "half an ")
        with pytest.raises(Unavailable):
            await anext(stream)


async def test_streams_run_side_by_side() -> None:
    with ModelServer(lambda body: Say(body["messages"][-1]["content"])) as server:
        chat = model(server)

        async def ask(word: str) -> str:
            return joined(
                [
                    piece
                    async for piece in chat.stream([{"role": "user", "content": word}])
                ],
                "text",
            ).strip()

        assert await asyncio.gather(*map(ask, "abcde")) == list("abcde")


def test_a_splitter_holds_back_only_what_may_be_a_tag() -> None:
    splitter = ThinkSplitter()
    assert list(splitter.feed("a < b <t")) == [("text", "a < b ")]
    assert list(splitter.feed("hem")) == [("text", "<them")]
    assert list(splitter.feed("<think")) == []
    assert list(splitter.rest()) == [("text", "<think")]
