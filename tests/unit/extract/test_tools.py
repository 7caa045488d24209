"""Tool memory is counted, so it can be checked by counting."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.memory import Type
from tests.unit.extract.talks import run, said, talk
from workers.pipeline.extract.tools.tool_memories import error_type, tool_memories

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
        'It then worked with total 355 instead of 300; note left out instead of "x".'
    )


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=12)
)
def test_rates_equal_a_plain_count(calls: list[tuple[str, bool]]) -> None:
    [draft] = tool_memories(
        run(*((tool, {}, "Error: no" if bad else "done") for tool, bad in calls))
    )
    for use in draft.tools:
        results = [bad for tool, bad in calls if tool == use.tool]
        assert use.calls == len(results)
        assert use.success_rate == pytest.approx(1 - sum(results) / len(results))
        assert bool(use.error_type) == any(results)


@pytest.mark.parametrize(
    ("result", "error"),
    [
        ("Error: payment method not found", "payment method not found"),
        ("error", "error"),
        ("ValueError: bad date", "ValueError: bad date"),
        ('Traceback (most recent call last):\n  File "x"\nKeyError: 7', "KeyError: 7"),
        ('{"error": "rate limited"}', "rate limited"),
        ('{"error": {"type": "quota", "message": "too much"}}', "quota"),
        ('{"success": false, "message": "no seats"}', "no seats"),
        ('{"status": "failed"}', "failed"),
        ("错误：城市不存在", "错误：城市不存在"),
        ('{"error": null, "rows": 3}', ""),
        ("The error margin is 3 %", ""),
        ("Errors: 0", ""),
        ("[]", ""),
        ("", ""),
    ],
)
def test_errors_are_told_in_the_results_own_words(result: str, error: str) -> None:
    assert error_type(result) == error


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
