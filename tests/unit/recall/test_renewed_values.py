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
