"""Tool memory is counted, so it can be checked by counting."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.memory import Type
from shared.domain.message import ToolCall
from shared.domain.passage import Talk
from tests.unit.extract.talks import run, said, talk
from workers.pipeline.extract.tools.tool_memories import tool_memories

SCHEMA = {
    "name": "get_weather",
    "description": "The weather of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([SCHEMA]),
        json.dumps([{"type": "function", "function": SCHEMA}]),
        json.dumps(SCHEMA),
    ],
)
def test_a_schema_is_kept_whichever_form_it_came_in(text: str) -> None:
    [draft] = tool_memories(
        talk(("system", f"You are helpful. <tool_schema>{text}</tool_schema>"))
    )
    assert draft.type is Type.SCHEMA
    assert json.loads(draft.text) == SCHEMA


def test_a_schema_that_cannot_be_read_costs_nothing_else() -> None:
    drafts = tool_memories(
        talk(
            (
                "system",
                "<tool_schema>[oops</tool_schema> and "
                f"<tool_schema>{json.dumps([SCHEMA, 7, {}])}</tool_schema>",
            )
        )
    )
    assert [draft.title for draft in drafts] == ["get_weather"]


def test_a_trajectory_tells_each_tools_rate_and_error() -> None:
    ok, failed = '{"temp": 9}', "Error: city not found"
    [draft] = tool_memories(
        run(
            ("get_weather", {"city": "Atlantis"}, failed),
            ("get_weather", {"city": "Rome"}, ok),
            ("say", {}, ok),
            ask="How warm?",
        )
    )
    weather, say = draft.tools
    assert (weather.tool, weather.calls, weather.success_rate, weather.error_type) == (
        "get_weather",
        2,
        0.5,
        "city not found",
    )
    assert (say.success_rate, say.error_type) == (1.0, "")
    assert "Rome" in weather.experience and "city not found" in draft.experience
    assert draft.text.startswith(
        "User asked: How warm? | get_weather("
    ) and draft.detail["steps"] == ["get_weather", "say"]


def test_what_was_different_when_it_worked_is_told() -> None:
    [draft] = tool_memories(
        run(
            (
                "pay",
                {"card": "a1", "total": 300, "note": "x"},
                "Error: total does not add up",
            ),
            ("pay", {"card": "a1", "total": 355}, "paid"),
            ("pay", {"card": "b2", "total": 1}, "Error: card refused"),
        )
    )
    [pay] = draft.tools
    assert pay.experience == (
        'pay failed in 2 of 3 calls: total does not add up (with {"card": "a1", "total": 300, "note": "x"}). '
        'It then worked with total 355 instead of 300; note left out instead of "x". '
        "It also failed with: card refused."
    )


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=12)
)
def test_rates_equal_a_plain_count(calls: list[tuple[str, bool]]) -> None:
    [draft] = tool_memories(
        run(*((tool, {}, "Error: refused" if bad else "done") for tool, bad in calls))
    )
    for use in draft.tools:
        results = [bad for tool, bad in calls if tool == use.tool]
        assert use.calls == len(results)
        assert use.success_rate == pytest.approx(1 - sum(results) / len(results))
        assert bool(use.error_type) == any(results)


def test_a_call_made_before_this_talk_is_known_by_its_id() -> None:
    earlier = run(("lookup", {"id": 1}, "found"))
    assert (
        tool_memories(type(earlier)(earlier.messages[2:], before=earlier.messages[:2]))[
            0
        ]
        .tools[0]
        .tool
        == "lookup"
    )


def test_a_call_without_a_result_is_not_judged() -> None:
    assert (
        tool_memories(
            type(talk())((said("user", "hi"), *run(("x", {}, "y")).messages[1:2]))
        )
        == []
    )


def test_an_id_used_again_means_the_latest_call() -> None:
    first, again = run(("lookup", {}, "found")), run(("book", {}, "Error: full"))
    [draft] = tool_memories(type(first)((*first.messages, *again.messages)))
    assert [(use.tool, use.success_rate) for use in draft.tools] == [
        ("lookup", 1.0),
        ("book", 0.0),
    ]


def parallel(*rounds: list[tuple[str, dict[str, object], str]]) -> Talk:
    """An agent's run in which each round is one message with its calls."""
    messages = [said("user", "How warm is it?", 0)]
    for turn, calls in enumerate(rounds):
        made = tuple(
            ToolCall(f"{turn}-{place}", tool, json.dumps(arguments))
            for place, (tool, arguments, _) in enumerate(calls)
        )
        messages.append(said("assistant", "", len(messages), tool_calls=made))
        for call, (_, _, result) in zip(made, calls, strict=True):
            answer = said("tool", result, len(messages), tool_call_id=call.id)
            messages.append(answer)
    return Talk(tuple(messages))


TURIN = ("weather", {"city": "Turin"}, "9 degrees")
GRAZ_FAILED = ("weather", {"city": "Graz"}, "503 Service Unavailable")


def test_parallel_calls_are_no_retries_of_each_other() -> None:
    [draft] = tool_memories(parallel([GRAZ_FAILED, TURIN]))
    assert draft.tools[0].success_rate == 0.5
    assert "then worked" not in draft.tools[0].experience


def test_a_retry_is_the_call_that_differs_least() -> None:
    graz = ("weather", {"city": "Graz"}, "3 degrees")
    [draft] = tool_memories(parallel([GRAZ_FAILED, TURIN], [TURIN, graz]))
    experience = draft.tools[0].experience
    assert experience.endswith("It then worked with the same arguments.")


def test_a_call_for_another_request_is_no_retry() -> None:
    first, again = run(("pay", {"sum": 1}, "Error: refused")), run(("pay", {}, "paid"))
    [draft] = tool_memories(Talk((*first.messages, *again.messages)))
    assert "then worked" not in draft.tools[0].experience


def test_a_trajectory_names_the_request_that_led_to_the_calls() -> None:
    calls = run(("refund", {"order": 771}, "done"), ask="Refund order 771")
    before = talk(("user", "We are on Python 3.12."), ("assistant", "Noted."))
    [draft] = tool_memories(Talk((*before.messages, *calls.messages)))
    assert draft.title == "Refund order 771"
    assert draft.text.startswith("User asked: Refund order 771 | refund(")


def test_an_answer_to_a_question_belongs_to_the_request() -> None:
    calls = run(("cancel", {"user": "a7"}, "done"), ask="a7")
    before = talk(("user", "Cancel my trip"), ("assistant", "What is your id?"))
    [draft] = tool_memories(Talk((*before.messages, *calls.messages)))
    assert draft.title == "Cancel my trip / a7"


def test_later_requests_stand_before_their_calls() -> None:
    first = run(("book", {}, "done"), ask="Book it")
    again = run(("mail", {}, "sent"), ask="Now mail me")
    [draft] = tool_memories(Talk((*first.messages, *again.messages)))
    assert draft.text == (
        "User asked: Book it | book({}) -> done | User asked: Now mail me | mail({}) -> sent"
    )


def test_a_chinese_talk_gets_chinese_sentences_without_escapes() -> None:
    [draft] = tool_memories(
        run(
            (
                "查询天气",
                {"city": "杭周"},
                r'{"code": 404, "msg": "\u57ce\u5e02不存在"}',
            ),
            ("查询天气", {"city": "杭州"}, r'{"desc": "\u6674"}'),
            ask="杭州今天天气怎么样？",
        )
    )
    assert draft.text == (
        "用户请求：杭州今天天气怎么样？ | "
        '查询天气({"city": "杭周"}) -> 失败：城市不存在 | '
        '查询天气({"city": "杭州"}) -> {"desc": "晴"}'
    )
    assert draft.tools[0].experience == (
        '查询天气 调用 2 次，失败 1 次：城市不存在（参数 {"city": "杭周"}）。'
        '之后改为 city "杭州"（原为 "杭周"），调用成功。'
    )


def test_escapes_in_broken_arguments_are_read_too() -> None:
    call = ToolCall("c", "pay", r'{"card": "\u4e2d\ud83d\ude00\ud800')
    messages = (
        said("assistant", "", 0, tool_calls=(call,)),
        said("tool", "ok", 1, tool_call_id="c"),
    )
    [draft] = tool_memories(Talk(messages))
    assert draft.text.startswith('pay({"card": "中😀')
    assert draft.text.encode("utf-8")


@pytest.mark.parametrize(
    "marks", [{"extra": {"is_error": True}}, {"extra": {"status": "error"}}]
)
def test_a_failure_may_be_marked_beside_the_result(marks: dict[str, object]) -> None:
    call = ToolCall("c", "open_board", "{}")
    messages = (
        said("assistant", "", 0, tool_calls=(call,)),
        said("tool", "Board is archived", 1, tool_call_id="c", **marks),
    )
    [draft] = tool_memories(Talk(messages))
    assert draft.tools[0].error_type == "Board is archived"


def test_the_words_of_an_mcp_result_are_quoted_without_its_wrapping() -> None:
    result = json.dumps({"content": [{"type": "text", "text": "9 degrees"}]})
    [draft] = tool_memories(run(("weather", {}, result)))
    assert draft.text.endswith("weather({}) -> 9 degrees")
