"""Preferences that bear on every answer come along, few and last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from services.gateway.recall.query_parser import Question
from services.gateway.recall.scoring import Score, ScoredMatch, ScoredMemory
from services.gateway.recall.standing_instructions import (
    MAX_STANDING,
    with_standing_instructions,
)
from shared.domain.memory import EVERY_ANSWER, Memory, Type
from shared.domain.memory_detail import CHANGES, LIKELY_CHANGES
from shared.domain.scope import Scope

FLOOR = 0.5


def memory(id: str, *tags: str, at: int = 0) -> Memory:
    return Memory(
        id, Scope("p", "u"), Type.EXPLICIT, f"text of {id}", tags=tags, happened_at=at
    )


def match(memory: Memory, relativity: float) -> ScoredMatch:
    return ScoredMatch(memory, relativity, Score(relativity=relativity))


def added(
    matches: Sequence[ScoredMatch], ranking: Iterable[Memory], limit: int = 9
) -> list[tuple[str, float]]:
    """Ids and relativities of what comes back."""
    question = Question("?", "?", False)
    scored = [ScoredMemory(candidate, Score(), None, question) for candidate in ranking]
    extended = with_standing_instructions(matches, scored, limit, FLOOR)
    return [(item.memory.id, item.relativity) for item in extended]


ABOUT = [match(memory("tea"), 0.9), match(memory("trains"), 0.6)]
BRIEF = memory("brief", EVERY_ANSWER, at=1)
FORMAL = memory("formal", EVERY_ANSWER, at=2)


def test_they_come_after_what_is_about_the_question_the_newest_first() -> None:
    assert added(ABOUT, [memory("far"), BRIEF, FORMAL]) == [
        ("tea", 0.9),
        ("trains", 0.6),
        ("formal", FLOOR),
        ("brief", FLOOR),
    ]


def test_alone_they_come_too() -> None:
    assert added([], [BRIEF]) == [("brief", FLOOR)]


def test_their_relativity_is_no_higher_than_the_one_before() -> None:
    assert added([match(memory("tea"), 0.2)], [BRIEF])[-1] == ("brief", 0.2)


@pytest.mark.parametrize(
    ("limit", "standing"), [(1, 0), (2, 1), (4, 2), (25, MAX_STANDING)]
)
def test_they_take_at_most_half_of_the_places(limit: int, standing: int) -> None:
    many = [memory(f"m{number}", EVERY_ANSWER) for number in range(8)]
    about = [match(memory(f"a{number}"), 0.8) for number in range(limit)]
    ids = [id for id, _ in added(about, many, limit)]
    assert len(ids) == limit
    assert sum(id.startswith("m") for id in ids) == standing


def test_one_that_is_about_the_question_comes_once() -> None:
    ids = [id for id, _ in added([match(BRIEF, 0.9)], [BRIEF, FORMAL])]
    assert ids == ["brief", "formal"]


TEXT = "The user asks: Answer in short sentences, please."
PART = (TEXT.index("Answer"), TEXT.index(","))


def changed(kind: str, **note: Any) -> Memory:
    """An instruction that a newer one bears on."""
    note = {"by": "long", "start": PART[0], "end": PART[1]} | note
    return replace(memory("short", EVERY_ANSWER), text=TEXT, detail={kind: (note,)})


LONG = memory("long", EVERY_ANSWER, at=3)


@pytest.mark.parametrize(
    "short", [changed(CHANGES), changed(LIKELY_CHANGES, likelihood=0.9)]
)
def test_of_those_about_one_matter_the_newest_comes(short: Memory) -> None:
    assert added([], [short, LONG]) == [("long", FLOOR)]


@pytest.mark.parametrize(
    "short",
    [
        changed(LIKELY_CHANGES, likelihood=0.6),
        changed(CHANGES, end=PART[0] + 9),
        changed(CHANGES, by="deleted"),
    ],
    ids=["not likely enough", "something of it holds", "the newer one is no more"],
)
def test_what_may_still_hold_comes_too(short: Memory) -> None:
    assert added([], [short, LONG]) == [("long", FLOOR), ("short", FLOOR)]


def test_a_replaced_one_comes_where_the_question_brings_it_up() -> None:
    asked = [match(changed(CHANGES), 0.7)]
    assert added(asked, [changed(CHANGES), LONG]) == [("short", 0.7), ("long", FLOOR)]
