"""OpenAIChat against an endpoint that answers as such endpoints do: well, badly,
slowly, with errors.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shared.adapters.openai_chat import CircuitBreaker, OpenAIChat, ThinkSplitter
from shared.domain.model_answer import Usage
from shared.domain.model_role import ModelRole
from shared.errors import (
    ModelMisconfigured,
    ModelRefused,
    ModelTooLong,
    ModelUnavailable,
    Permanent,
    SouvenirError,
    Unavailable,
)
from tests.support.model_server import ModelServer, Say, refusal, without_formats
from tests.support.scripted_model import (
    broken,
    busy,
    filtered,
    half_a_stream,
    hanging,
    no_such_model,
    out_of_credit,
    overloaded,
    refusing,
    slow,
    too_long,
    wrong_key,
)

ASK = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hello"}]
SCHEMA = {
    "type": "object",
    "properties": {"a": {"type": "integer"}},
    "required": ["a"],
    "additionalProperties": False,
}


def model(server: ModelServer, timeout_s: float = 20.0) -> OpenAIChat:
    return OpenAIChat("here", "there", ModelRole(server.url, "secret", timeout_s))


async def text_of(chat: OpenAIChat, **how: Any) -> str:
    return (await chat.complete(ASK, **how)).text


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
    assert (answer.text, answer.is_cut) == ("Good day.", False)
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
        assert await text_of(OpenAIChat("m", "m", ModelRole(server.url))) == "yes"


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
        assert await text_of(model(server)) == answer


async def test_null_content_is_an_empty_answer() -> None:
    with ModelServer(Say(None)) as server:
        assert await text_of(model(server)) == ""


async def test_structured_output_falls_from_format_to_format_and_stays_there() -> None:
    with ModelServer(
        without_formats("json_schema", "json_object", then=Say('{"a": 1}'))
    ) as server:
        chat = model(server)
        answers = [await text_of(chat, schema=SCHEMA) for _ in range(2)]
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
        assert await text_of(model(server), schema=SCHEMA) == '{"a": 1}'
    assert formats(server) == ["json_schema", "json_object"]


async def test_a_model_that_never_gives_json_costs_three_calls_once() -> None:
    with ModelServer(Say("I am a poet.")) as server:
        chat = model(server)
        assert await text_of(chat, schema=SCHEMA) == "I am a poet."
        assert await text_of(chat, schema=SCHEMA) == "I am a poet."
    assert formats(server) == ["json_schema", "json_object", None, None]


async def test_a_refusal_that_has_nothing_to_do_with_formats_changes_nothing() -> None:
    with ModelServer(*[refusal("no unicorns here")] * 3, Say('{"a": 1}')) as server:
        chat = model(server)
        with pytest.raises(Permanent, match="no unicorns here"):
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
        assert [await text_of(chat, options=chat_options) for _ in range(2)] == [
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
            await text_of(model(server), options={"temperature": 0.1, "top_p": 0.9})
            == "ok"
        )
    assert server.requests[-1]["top_p"] == 0.9


@pytest.mark.parametrize(
    ("say", "error", "requests"),
    [
        (wrong_key(), ModelMisconfigured, 1),
        (no_such_model(), ModelMisconfigured, 1),
        (out_of_credit(), ModelMisconfigured, 1),
        (too_long(), ModelTooLong, 1),
        (filtered(), ModelRefused, 1),
        (busy(after_s=20), ModelUnavailable, 1),
        (busy(after_s=None), ModelUnavailable, 2),
        (broken(), ModelUnavailable, 2),
        (overloaded(), ModelUnavailable, 2),
        (Say(raw="<html>the proxy is tired</html>"), ModelUnavailable, 1),
        (Say(raw='{"object": "error", "message": "busy"}'), ModelUnavailable, 1),
        (Say(raw='{"choices": []}'), ModelUnavailable, 1),
    ],
)
async def test_errors_become_ours_and_are_repeated_where_that_may_help(
    say: Say, error: type[Exception], requests: int
) -> None:
    with ModelServer(say) as server:
        with pytest.raises(error):
            await model(server).complete(ASK)
        assert len(server.requests) == requests
        with pytest.raises(error):
            await model(server).complete(ASK, schema=SCHEMA)
        assert len(server.requests) == 2 * requests


@pytest.mark.parametrize("say", [wrong_key(), busy(), broken(), too_long()])
async def test_a_stream_that_does_not_begin_raises_the_same(say: Say) -> None:
    with ModelServer(say) as server, pytest.raises(SouvenirError):
        await pieces(model(server))


async def test_who_is_asked_to_wait_learns_how_long() -> None:
    with (
        ModelServer(busy(after_s=20)) as server,
        pytest.raises(ModelUnavailable) as caught,
    ):
        await model(server).complete(ASK)
    assert caught.value.after == 20


async def test_a_short_wait_is_waited_for_within_the_call() -> None:
    with ModelServer(busy(after_s=0.1), Say("now")) as server:
        assert await text_of(model(server)) == "now"


async def test_a_cut_answer_says_so_and_costs_no_other_format() -> None:
    with ModelServer(Say('Here is "a', finish="length")) as server:
        answer = await model(server).complete(ASK, schema=SCHEMA)
    assert (answer.is_cut, len(server.requests)) == (True, 1)


async def test_an_endpoint_that_has_given_json_is_asked_once_for_a_refusal() -> None:
    with ModelServer(Say('{"a": 1}'), refusing()) as server:
        chat = model(server)
        await chat.complete(ASK, schema=SCHEMA)
        assert (await text_of(chat, schema=SCHEMA)).startswith("I'm sorry")
    assert len(server.requests) == 2


async def test_tokens_and_time_are_counted() -> None:
    say = Say('{"a": 1}', usage=(70, 9), after_s=0.05)
    with ModelServer(without_formats("json_schema", then=say)) as server:
        usage = (await model(server).complete(ASK, schema=SCHEMA)).usage
    assert (usage.calls, usage.prompt_tokens, usage.completion_tokens) == (1, 70, 9)
    assert usage.milliseconds >= 50


async def test_an_endpoint_that_counts_nothing_costs_a_call() -> None:
    with ModelServer(Say("hello", usage=None)) as server:
        usage = (await model(server).complete(ASK)).usage
    assert (usage.calls, usage.tokens) == (1, 0)


async def test_a_stream_is_counted_at_its_end() -> None:
    seen: list[Usage] = []
    with ModelServer(Say("one two", usage=(5, 2))) as server:
        async for _ in model(server).stream(ASK, on_usage=seen.append):
            assert not seen
    assert [usage.tokens for usage in seen] == [7]


async def test_an_endpoint_that_cannot_count_streams_is_not_asked_to() -> None:
    with ModelServer(
        lambda body: (
            refusal("Unknown parameter: stream_options")
            if "stream_options" in body
            else Say("yes")
        )
    ) as server:
        chat = model(server)
        assert [joined(await pieces(chat), "text").strip() for _ in range(2)] == [
            "yes",
            "yes",
        ]
    assert len(server.requests) == 3


async def test_limits_and_extra_fields_of_the_role_go_along() -> None:
    with ModelServer(Say("ok")) as server:
        role = ModelRole(server.url, max_tokens=700, extra_body={"think": False})
        chat = OpenAIChat("m", "m", role)
        await chat.complete(ASK)
        await chat.complete(ASK, options={"max_tokens": 5})
    assert [(body["max_tokens"], body["think"]) for body in server.requests] == [
        (700, False),
        (5, False),
    ]


async def test_no_more_calls_at_a_time_than_the_role_allows() -> None:
    with ModelServer(slow(Say("ok"), 0.1)) as server:
        chat = OpenAIChat("m", "m", ModelRole(server.url, calls=3))
        await asyncio.gather(*(chat.complete(ASK) for _ in range(9)))
    assert server.most_at_once == 3


async def test_an_endpoint_that_keeps_failing_is_left_alone() -> None:
    with ModelServer(broken()) as server:
        role = ModelRole(server.url, tries=1)
        chat = OpenAIChat("m", "m", role, breaker=CircuitBreaker(failures=2))
        for _ in range(4):
            with pytest.raises(ModelUnavailable):
                await chat.complete(ASK)
    assert len(server.requests) == 2


async def test_a_hiccup_is_slept_over() -> None:
    with ModelServer(Say(status=503, error={}), Say("back again")) as server:
        assert await text_of(model(server)) == "back again"


async def test_an_endpoint_that_never_answers_is_unavailable() -> None:
    with (
        ModelServer(hanging()) as server,
        pytest.raises(ModelUnavailable, match=r"within 0\.2 s"),
    ):
        await model(server, timeout_s=0.2).complete(ASK)
    assert len(server.requests) == 1, "it may still be at work"


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
    with ModelServer(half_a_stream("half an ")) as server:
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


ODD_STREAMS = [
    '{"choices": {"a": 1}}',
    '{"choices": [{"index": 0, "delta": {"content": 7}}]}',
    '{"choi',
]
ODD_ANSWERS = [
    '{"choi',
    "{}",
    "[1]",
    '{"choices": [null]}',
    '{"choices": {"a": 1}}',
    '{"choices": [{"message": null, "finish_reason": "stop"}]}',
    '{"choices": [{"finish_reason": "stop"}]}',
    '{"choices": [{"message": {"content": 7}, "finish_reason": "stop"}]}',
]


@pytest.mark.parametrize("raw", ODD_ANSWERS)
async def test_what_is_no_completion_is_an_endpoint_that_is_away(raw: str) -> None:
    breaker = CircuitBreaker(failures=1)
    with ModelServer(Say(raw=raw)) as server:
        chat = OpenAIChat("m", "m", ModelRole(server.url), breaker=breaker)
        with pytest.raises(ModelUnavailable, match="no chat completion"):
            await chat.complete(ASK)
    with pytest.raises(ModelUnavailable):
        breaker.check()


@pytest.mark.parametrize("raw", ODD_STREAMS)
async def test_what_is_no_stream_is_an_endpoint_that_is_away(raw: str) -> None:
    with (
        ModelServer(Say(raw=f"data: {raw}\n\n")) as server,
        pytest.raises(ModelUnavailable, match="no chat completion"),
    ):
        await pieces(model(server))


def streamed(*choices: str) -> Say:
    events = [f'data: {{"choices": [{choice}]}}' for choice in choices]
    return Say(raw="\n\n".join((*events, "data: [DONE]", "")))


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        (['{"delta": null}', '{"delta": {"content": "a"}}'], "a"),
        (['{"message": {"content": "a"}}'], "a"),
        (['{"delta": {"content": [{"type": "text", "text": "a"}, {}, null]}}'], "a"),
        (
            [r'{"delta": {"content": "\ud83d"}}', r'{"delta": {"content": "\ude00!"}}'],
            "😀!",
        ),
        ([r'{"delta": {"content": "a\ud83d"}}'], "a\ufffd"),
        (
            [r'{"delta": {"content": "\ud83d"}}', '{"delta": {"content": "b"}}'],
            "\ufffdb",
        ),
    ],
)
async def test_what_is_said_in_other_forms_is_read(
    choices: list[str], words: str
) -> None:
    with ModelServer(streamed(*choices)) as server:
        assert joined(await pieces(model(server)), "text") == words


async def test_a_whole_answer_may_be_of_parts_and_count_in_words() -> None:
    raw = (
        r'{"choices": [{"message": {"content": [{"type": "text", "text": "a\ud83d"}]}}],'
        ' "usage": {"prompt_tokens": "3", "completion_tokens": 2}}'
    )
    with ModelServer(Say(raw=raw)) as server:
        answer = await model(server).complete(ASK)
    assert answer.text == "a\ufffd"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (0, 2)


@pytest.mark.parametrize("after", ["inf", "1e300", "nan", "Mon, 01 Jan 9999 00:00:00"])
async def test_nobody_is_told_to_wait_for_more_than_a_day(after: str) -> None:
    with (
        ModelServer(Say(status=503, headers={"Retry-After": after})) as server,
        pytest.raises(ModelUnavailable) as raised,
    ):
        await model(server).complete(ASK)
    assert 0 <= raised.value.after <= 24 * 3600
