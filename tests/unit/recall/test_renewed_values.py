"""A new value of what is asked goes before the old one, also without a word in common."""

from __future__ import annotations

from typing import Any

import pytest

from services.gateway.recall.renewed_values import renewed_first
from services.gateway.recall.scoring import Score, ScoredMatch
from shared.domain.memory import Memory, Type
from shared.domain.memory_detail import CHANGES
from shared.domain.scope import Scope

OLD, NEW = (
    "用户在学荷兰语，每周二晚上七点（2025年3月9日）",
    "User: Dutch class moved to Thursdays.",
)


def match(text: str, said_at: int, relativity: float, **more: Any) -> ScoredMatch:
    memory = Memory(text, Scope("p", "u"), Type.WORKING, text, said_at=said_at, **more)
    return ScoredMatch(memory, relativity, Score())


def order(query: str, *matches: ScoredMatch) -> list[str]:
    return [found.memory.text for found in renewed_first(matches, query)]


def test_the_new_value_goes_first_and_answers_no_less() -> None:
    matches = match(OLD, 1, 0.97), match(NEW, 2, 0.93)
    assert order("荷兰语课是星期几？", *matches) == [NEW, OLD]
    assert renewed_first(matches, "荷兰语课是星期几？")[0].relativity == 0.97


@pytest.mark.parametrize(
    ("old", "new", "query"),
    [
        ("me caso el 20 de septiembre", "ahora es el 4 de octubre", "¿Cuándo me caso?"),
        ("The rent is 980.", "It went up to 1,020.", "How much is the rent?"),
        ("Die Probe ist um 18 Uhr.", "Sie ist jetzt um 19 Uhr.", "Wann ist die Probe?"),
    ],
)
def test_in_any_language(old: str, new: str, query: str) -> None:
    assert order(query, match(old, 1, 0.9), match(new, 2, 0.9)) == [new, old]


@pytest.mark.parametrize(
    ("newer", "query"),
    [
        (match(NEW, 2, 0.5), "荷兰语课是星期几？"),  # answers worse
        (match(NEW, 0, 0.93), "荷兰语课是星期几？"),  # nobody knows when it was said
        (match(NEW, 2, 0.93, speaker="Ida"), "荷兰语课是星期几？"),
        (match(NEW, 2, 0.93), "荷兰语课在哪里？"),  # no day is asked for
        (
            match("荷兰语课改到周四了", 2, 0.93),
            "荷兰语课是星期几？",
        ),  # merging compares it
        (match("Dutch class is fun now.", 2, 0.93), "荷兰语课是星期几？"),
        (match("Dutch class is on Thursdays.", 2, 0.93), "荷兰语课是星期几？"),
        (match(NEW, 2, 0.93, detail={CHANGES: [{"by": "x"}]}), "荷兰语课是星期几？"),
    ],
)
def test_everything_else_stays_where_it_is(newer: ScoredMatch, query: str) -> None:
    old = match(OLD, 1, 0.97)
    assert order(query, old, newer) == [OLD, newer.memory.text]


COMPUTED = "Assistant: Putting aside 520 a month brings you to 25,000 in 40 months."
SAID = "User: (Would you like to save more?) Yeah 600 a month."
MORE = "How much do I put aside each month?"


def test_what_the_user_says_goes_before_what_an_assistant_computed() -> None:
    assert order(MORE, match(COMPUTED, 1, 0.9), match(SAID, 2, 0.6)) == [SAID, COMPUTED]
    assert order(MORE, match(COMPUTED, 2, 0.9), match(SAID, 1, 0.6)) == [COMPUTED, SAID]
    assert order(MORE, match(COMPUTED, 1, 0.9), match(SAID, 2, 0.5)) == [COMPUTED, SAID]


RUNS, SWIMS = "用户一般是跑步", "跑步膝盖又疼了，医生建议改游泳"


def test_asked_for_what_is_so_now_a_change_of_the_same_thing_goes_first() -> None:
    matches = match(RUNS, 1, 0.9), match(SWIMS, 2, 0.85)
    assert order("现在做什么运动？", *matches) == [SWIMS, RUNS]
    assert order("做什么运动？", *matches) == [RUNS, SWIMS]
    other = match("用户的牙医换成了王医生", 2, 0.85)
    assert order("现在做什么运动？", match(RUNS, 1, 0.9), other)[0] == RUNS
