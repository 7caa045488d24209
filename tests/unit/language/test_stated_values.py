"""Values of statements in one form."""

from __future__ import annotations

import pytest

from shared.language.stated_values import (
    ValueKind,
    rival_kinds,
    stated_values,
    without_values,
)

AMOUNT, DAY, CLOCK = ValueKind.AMOUNT, ValueKind.DAY, ValueKind.CLOCK


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("rent is 1,450 a month", AMOUNT, {"1450"}),
        ("房租3200，车贷1850", AMOUNT, {"3200", "1850"}),
        ("四千两百块", AMOUNT, {"4200"}),
        ("一万三千元", AMOUNT, {"13000"}),
        ("it cost 20k", AMOUNT, {"20000"}),
        ("4.2% and 71.8 kg", AMOUNT, {"4.2", "71.8"}),
        ("on the 5th of November", DAY, {"11-5"}),
        ("May 5th", DAY, {"5-5"}),
        ("am 14. Mai", DAY, {"5-14"}),
        ("el 20 de septiembre", DAY, {"9-20"}),
        ("le 3 octobre", DAY, {"10-3"}),
        ("9月15日", DAY, {"9-15"}),
        ("九月十五号", DAY, {"9-15"}),
        ("推迟到18号了", DAY, {"-18"}),
        ("by mid May", DAY, {"5"}),
        ("2026-01-24", DAY, {"1-24"}),
        ("on Thursdays", DAY, {"d3"}),
        ("每周二", DAY, {"d1"}),
        ("木曜日", DAY, {"d3"}),
        ("목요일", DAY, {"d3"}),
        ("at 15:30", CLOCK, {"3:30"}),
        ("at 7pm", CLOCK, {"7:00"}),
        ("下午三点半", CLOCK, {"3:30"}),
        ("10時", CLOCK, {"10:00"}),
    ],
)
def test_a_value_has_one_form(text: str, kind: ValueKind, expected: set[str]) -> None:
    assert stated_values(text) == {kind: frozenset(expected)}


@pytest.mark.parametrize(
    "text", ["I may go there", "back in 2015", "会议纪要：1", "The cat sleeps."]
)
def test_what_is_no_value(text: str) -> None:
    assert stated_values(text) == {}


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("on 6 December", "to 24 January", {DAY}),
        ("6月12号下午两点", "18号", {DAY}),
        ("in September", "on 20 September", set()),
        ("on 18 June", "18号", set()),
        ("rent 980, phone 18", "rent 980", set()),
        ("8 kids", "on 8 May", set()),
        ("at 9:00 on Monday", "at 9:00 on Tuesday", {DAY}),
    ],
)
def test_rivals_are_of_one_kind_and_differ(
    old: str, new: str, kinds: set[ValueKind]
) -> None:
    assert rival_kinds(stated_values(old), stated_values(new)) == kinds


def test_what_stands_beside_values() -> None:
    assert without_values("Rent: 980 on 6 December").split() == ["rent:", "on"]
