"""Preferences that bear on every answer come along, few and last."""

from __future__ import annotations

import pytest

from services.gateway.recall.standing_instructions import FLOOR, MOST, with_standing
from shared.domain.memory import EVERY_ANSWER, Memory, Type
from shared.domain.scope import Scope


def memory(id: str, *tags: str, at: int = 0) -> Memory:
    return Memory(
        id, Scope("p", "u"), Type.EXPLICIT, f"text of {id}", tags=tags, happened_at=at
    )


ABOUT = [(memory("tea"), 0.9), (memory("trains"), 0.6)]
BRIEF, FORMAL = (
    memory("brief", EVERY_ANSWER, at=1),
    memory("formal", EVERY_ANSWER, at=2),
)


def test_they_come_after_what_is_about_the_question_the_newest_first() -> None:
    found = with_standing(ABOUT, [memory("far"), BRIEF, FORMAL], 9, 0.45)
    assert [one.id for one, _ in found] == ["tea", "trains", "formal", "brief"]
    assert [rating for _, rating in found] == [0.9, 0.6, FLOOR, FLOOR]


def test_alone_they_come_too() -> None:
    assert with_standing([], [BRIEF], 9, 0.45) == [(BRIEF, FLOOR)]


def test_their_relativity_is_no_higher_than_the_one_before() -> None:
    assert with_standing([(memory("tea"), 0.2)], [BRIEF], 9, 0.0)[-1] == (BRIEF, 0.2)


@pytest.mark.parametrize(("limit", "standing"), [(1, 0), (2, 1), (4, 2), (25, MOST)])
def test_they_take_at_most_half_of_the_places(limit: int, standing: int) -> None:
    many = [memory(f"m{number}", EVERY_ANSWER) for number in range(8)]
    about = [(memory(f"a{number}"), 0.8) for number in range(limit)]
    found = with_standing(about, many, limit, 0.45)
    assert len(found) == limit
    assert sum(EVERY_ANSWER in one.tags for one, _ in found) == standing


def test_a_higher_threshold_leaves_them_out() -> None:
    assert with_standing(ABOUT, [BRIEF], 9, 0.7) == ABOUT


def test_one_that_was_found_comes_once() -> None:
    found = with_standing([(BRIEF, 0.9)], [BRIEF, FORMAL], 9, 0.45)
    assert [one.id for one, _ in found] == ["brief", "formal"]
