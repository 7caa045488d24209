"""Bearings: what the judge says of whole statements and of their clauses."""

from __future__ import annotations

import pytest

from shared.domain.memory import Memory, Type
from shared.domain.scope import Scope
from tests.fakes.judge import ScriptedJudge
from workers.pipeline.merge.bearings import Bearing, judge_pairs

NEW = "User: It is over."
SAID_ON = " (3 March 2025)"


def memory(text: str) -> Memory:
    return Memory(text, Scope("p", "ann"), Type.WORKING, text)


async def bearing_of(
    old: str, script: dict[tuple[str, str], str | tuple[str, float]]
) -> Bearing:
    judge = ScriptedJudge(script)
    bearings = await judge_pairs([(memory(old), memory(NEW))], judge)
    return bearings[old, NEW]


def outdated(old: str, bearing: Bearing) -> list[str]:
    return [old[start:end] for start, end in bearing.outdated]


async def test_the_clauses_that_hold_no_more_are_named() -> None:
    old = "User: Rent is 940, internet 35, and the cat sitter takes 12." + SAID_ON
    bearing = await bearing_of(
        old,
        {
            (old.removesuffix(SAID_ON), NEW): "update",
            ("Rent is 940", NEW): "update",
            ("and the cat sitter takes 12", NEW): "ended",
        },
    )
    assert outdated(old, bearing) == ["Rent is 940", "and the cat sitter takes 12"]
    assert not bearing.whole and bearing.change == pytest.approx(0.99)


async def test_without_a_likely_clause_the_likeliest_is_named() -> None:
    old = "User: Rent is 940, internet 35."
    script = {(old, NEW): "update", ("internet 35", NEW): ("update", 0.2)}
    bearing = await bearing_of(old, script)  # type: ignore[arg-type]
    assert outdated(old, bearing) == ["internet 35"] and not bearing.whole


async def test_it_is_whole_when_no_clause_holds() -> None:
    old = "User: Rent is 940, internet 35."
    bearing = await bearing_of(old, {("", NEW): "update"})
    assert bearing.whole and len(bearing.outdated) == 2


async def test_one_clause_is_not_judged_twice() -> None:
    judge = ScriptedJudge({("The user smokes.", NEW): "ended"})
    pair = memory("The user smokes." + SAID_ON), memory(NEW)
    [bearing] = (await judge_pairs([pair, pair], judge)).values()
    assert bearing.whole and judge.asked == [("The user smokes.", NEW)]


@pytest.mark.parametrize("old", ["", "User: (Do you smoke?) No.", "..."])
async def test_a_statement_without_telling_words_is_whole(old: str) -> None:
    bearing = await bearing_of(old, {(old, NEW): "update"})
    assert bearing.whole and bearing.outdated == ()


@pytest.mark.parametrize("word", ["tale", "段"])
async def test_a_long_statement_is_never_whole(word: str) -> None:
    words = [f"{word}{letter * 3}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    old = " ".join(words * (2 if word == "段" else 1))
    bearing = await bearing_of(old, {("", NEW): "update"})
    assert bearing.outdated and not bearing.whole


async def test_no_change_has_no_clauses() -> None:
    bearing = await bearing_of("Rent is 940, internet 35.", {("", NEW): "detail"})
    assert (bearing.change, bearing.outdated, bearing.whole) == (0, (), False)


@pytest.mark.parametrize(
    ("relation", "allowed"),
    [
        ("same", True),
        ("detail", True),
        ("instruction_added", True),
        ("past", False),
        ("elsewhere", False),
        ("update", False),
        ("ended", False),
        ("correction", False),
        ("instruction_replaced", False),
    ],
)
async def test_what_is_something_else_is_not_merged(
    relation: str, allowed: bool
) -> None:
    bearing = await bearing_of("The user smokes.", {("", NEW): (relation, 0.6)})
    assert bearing.allows_merge is allowed


async def test_nothing_is_asked_of_nothing() -> None:
    judge = ScriptedJudge()
    assert await judge_pairs([], judge) == {} and judge.asked == []
