"""Outdated memories stand behind what changed them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.recall.newest_first import newest_first as of_all_kinds
from services.gateway.recall.scoring import Score, ScoredMatch
from shared.domain.memory import Kind, Memory, Status, Type
from shared.domain.memory_detail import CHANGES, LIKELY_CHANGES, PRESENT
from shared.domain.scope import Scope


def memory(id: str, *changed_by: str, **fields: Any) -> Memory:
    detail = {CHANGES: [{"by": by} for by in changed_by]}
    return Memory(id, Scope("p", "u"), Type.USER, id, detail=detail, **fields)


def match(of: Memory, relativity: float) -> ScoredMatch:
    return ScoredMatch(of, relativity, Score())


def newest_first(
    found: list[ScoredMatch], newer: dict[str, Memory], limit: int, query: str = ""
) -> list[ScoredMatch]:
    ordered = of_all_kinds({Kind.FACT: found}, newer, {Kind.FACT: limit}, query)
    return ordered[Kind.FACT]


def ids(matches: list[ScoredMatch]) -> list[str]:
    return [found.memory.id for found in matches]


def test_a_newer_one_further_down_moves_up() -> None:
    new = memory("new")
    found = [match(memory("old", "new"), 0.9), match(memory("x"), 0.7), match(new, 0.5)]
    ordered = newest_first(found, {"new": new}, 9)
    assert ids(ordered) == ["new", "old", "x"]
    assert ordered[0].relativity == 0.9


def test_one_that_was_not_found_comes_along() -> None:
    found = [match(memory("old", "new"), 0.9), match(memory("x"), 0.7)]
    ordered = newest_first(found, {"new": memory("new")}, 2)
    assert ids(ordered) == ["new", "old"]


def test_chains_and_circles_end() -> None:
    chain = {"b": memory("b", "c"), "c": memory("c")}
    assert ids(newest_first([match(memory("a", "b"), 0.9)], chain, 9)) == [
        "c",
        "b",
        "a",
    ]
    circle = {"a": memory("a", "b"), "b": memory("b", "a")}
    assert ids(newest_first([match(circle["a"], 0.9)], circle, 9)) == ["b", "a"]


def test_what_is_so_now_of_each_other_ends_too() -> None:
    """Two that say what is so now of what the other tells of the past, and one of itself."""
    said = {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["d"]}
    found = [
        match(replace(memory(id), text=f"{id} {id}", detail={PRESENT: of}), 0.9)
        for id, of in said.items()
    ]
    assert ids(newest_first(found, {}, 9, "when?")) == ["c", "b", "a", "d"]


@given(
    st.lists(
        st.tuples(*[st.lists(st.integers(0, 7), max_size=3)] * 3, st.integers(0, 3)),
        min_size=1,
        max_size=8,
    ),
)
def test_whatever_names_whatever_each_match_comes_once(
    named: list[tuple[list[int], list[int], list[int], int]],
) -> None:
    memories = {
        str(number): replace(
            memory(str(number)),
            text=f"word{number}",
            said_at=day,
            detail={
                CHANGES: [{"by": str(by)} for by in changed],
                LIKELY_CHANGES: [{"by": str(by)} for by in likely],
                PRESENT: [str(by) for by in present],
            },
        )
        for number, (changed, likely, present, day) in enumerate(named)
    }
    found = [match(of, 0.5) for of in memories.values()]
    ordered = ids(newest_first(found, memories, 99, "when was it?"))
    assert sorted(ordered) == sorted(memories)


def test_archived_and_unknown_ones_change_nothing() -> None:
    gone = replace(memory("new"), status=Status.ARCHIVED)
    found = [match(memory("old", "new", "lost"), 0.9)]
    assert ids(newest_first(found, {"new": gone}, 9)) == ["old"]


def test_a_newer_one_of_another_kind_stands_above_it() -> None:
    habit = replace(memory("habit", "quit"), type=Type.EXPLICIT)
    found = {Kind.FACT: [match(memory("x"), 0.8)], Kind.PREFERENCE: [match(habit, 0.9)]}
    limits = dict.fromkeys(found, 9)
    ordered = of_all_kinds(found, {"quit": memory("quit")}, limits)
    assert ids(ordered[Kind.FACT]) == ["quit", "x"]
    assert ordered[Kind.FACT][0].relativity > ordered[Kind.PREFERENCE][0].relativity


def test_what_still_holds_stays_first_where_it_is_asked_for() -> None:
    text = "Mila is in year 3 and Theo in year 6."
    change = {"by": "new", "start": 18, "end": len(text)}
    old = replace(memory("old"), text=text, detail={CHANGES: [change]})
    new = replace(memory("new"), text="Theo moved up to year 7.")
    found = [match(old, 0.9), match(new, 0.8)]
    asked = newest_first(found, {"new": new}, 9, "Which year is Mila in?")
    assert ids(asked) == ["old", "new"]
    asked = newest_first(found, {"new": new}, 9, "Which year is Theo in?")
    assert ids(asked) == ["new", "old"]


def test_a_change_of_another_part_is_not_raised() -> None:
    old = memory("lives at 12 Elm Road with their cat Pixel")
    note = {"by": "died", "start": 0, "end": len(old.text), "says_more": True}
    old = replace(old, detail={CHANGES: [note]})
    died = replace(memory("died"), text="Pixel died last week")
    found = [match(old, 0.9), match(died, 0.2)]
    newer = {"died": died}
    assert ids(newest_first(found, newer, 9, "What is my address?"))[0] == old.id
    assert ids(newest_first(found, newer, 9, "How is Pixel?"))[0] == "died"
    assert ids(newest_first(found, newer, 9, "Do I have a cat?"))[0] == "died"
    near = [match(old, 0.9), match(died, 0.6)]
    assert ids(newest_first(near, newer, 9, "What is my address?"))[0] == "died"


@pytest.mark.parametrize(
    ("relativity", "said_at", "order"),
    [
        (0.85, 2, ["new", "old", "x"]),
        (0.6, 2, ["old", "x", "new"]),  # it answers something else
        (0.85, 1, ["old", "new", "x"]),  # the old one was said again since
    ],
)
def test_what_likely_changed_one_stands_before_it_where_it_answers_as_well(
    relativity: float, said_at: int, order: list[str]
) -> None:
    old = memory("old", said_at=1)
    old = replace(old, detail={LIKELY_CHANGES: [{"by": "new"}, {"by": "lost"}]})
    new = memory("new", said_at=said_at)
    found = [match(old, 0.9), match(memory("x"), 0.8), match(new, relativity)]
    assert ids(newest_first(found, {}, 9)) == order
