"""Bearings: what the judge says of whole statements and of their clauses."""

from __future__ import annotations

import pytest

from shared.domain.memory import Memory, Type
from shared.domain.scope import Scope
from tests.fakes.judge import ScriptedJudge
from workers.pipeline.merge.bearings import Bearing
from workers.pipeline.merge.judge_pairs import judge_pairs
from workers.pipeline.merge.pairs import Comparison
from workers.pipeline.merge.telling import shares_words

NEW = "User: The rent and the smoking are over."
SAID_ON = " (3 March 2025)"


def memory(text: str) -> Memory:
    return Memory(text, Scope("p", "ann"), Type.WORKING, text)


async def bearing_of(
    old: str, script: dict[tuple[str, str], str | tuple[str, float]]
) -> Bearing:
    judge = ScriptedJudge(script)
    bearings = await judge_pairs([Comparison(memory(old), memory(NEW))], judge)
    return bearings[old, NEW]


def outdated(old: str, bearing: Bearing) -> list[str]:
    return [old[start:end] for start, end in bearing.outdated]


async def test_of_the_likely_clauses_those_hold_no_more_that_the_newer_one_names() -> (
    None
):
    old = "User: Rent is 940, internet 35, and the cat sitter takes 12." + SAID_ON
    bearing = await bearing_of(
        old,
        {
            (old.removesuffix(SAID_ON), NEW): "update",
            ("Rent is 940", NEW): "update",
            ("and the cat sitter takes 12", NEW): "ended",
        },
    )
    assert outdated(old, bearing) == ["Rent is 940"]
    assert not bearing.whole and bearing.change == pytest.approx(0.99)


async def test_without_a_likely_clause_the_likeliest_is_named() -> None:
    old = "User: Rent is 940, internet 35."
    script = {(old, NEW): "update", ("internet 35", NEW): ("update", 0.2)}
    bearing = await bearing_of(old, script)  # type: ignore[arg-type]
    assert outdated(old, bearing) == ["internet 35"] and not bearing.whole


async def test_it_is_whole_when_no_clause_holds() -> None:
    old = "User: Rent is 940, smoking costs me 35."
    bearing = await bearing_of(old, {("", NEW): "update"})
    assert bearing.whole and len(bearing.outdated) == 2


async def test_of_one_clause_a_likely_change_counts_as_likely() -> None:
    bearing = await bearing_of("The rent is 940.", {("", NEW): ("update", 0.8)})
    assert bearing.change == pytest.approx(0.8) and bearing.whole


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The user smokes.", "The user quit."),
        ("User: We pay 940.", "User: The flat costs more now."),
        ("The user asks: Answer in Italian.", "The user asks: Only Polish, please."),
        ("用户抽烟", "用户戒了"),
        ("Rent is 940. (3 March 2025)", "Ines is 40. (3 March 2025)"),
    ],
)
@pytest.mark.parametrize("is_alike", [False, True])
async def test_without_a_word_in_common_only_what_is_alike_is_whole(
    old: str, new: str, is_alike: bool
) -> None:
    """Neither the speaker's name nor the day it was said on is one."""
    judge = ScriptedJudge({("", new.removesuffix(SAID_ON)): "ended"})
    pair = Comparison(memory(old), memory(new), is_alike=is_alike)
    [bearing] = (await judge_pairs([pair], judge)).values()
    assert bearing.change == pytest.approx(0.99) and bearing.outdated
    assert bearing.whole is is_alike


async def test_what_says_much_else_is_not_whole() -> None:
    old = "The user lives at 12 Elm Road in Leeds with their cat Pixel."
    died = "User: Pixel died last week."
    pair = Comparison(memory(old), memory(died), is_alike=True)
    judge = ScriptedJudge({("", died): "ended"})
    [bearing] = (await judge_pairs([pair], judge)).values()
    assert bearing.outdated and not bearing.whole


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The user smokes.", "The user quit smoking."),
        ("用户抽烟", "用户不抽烟了"),
        ("Der Nutzer wohnt in Kiel.", "Der Nutzer wohnt jetzt in Ulm."),
        ("El usuario vive en Lima.", "El usuario ya no vive en Lima."),
    ],
)
def test_a_word_in_common_may_be_inflected(old: str, new: str) -> None:
    assert shares_words(old, new)


async def test_one_clause_is_not_judged_twice() -> None:
    judge = ScriptedJudge({("The rent is due.", NEW): "ended"})
    pair = Comparison(memory("The rent is due." + SAID_ON), memory(NEW))
    [bearing] = (await judge_pairs([pair, pair], judge)).values()
    assert bearing.whole and judge.asked == [("The rent is due.", NEW)]


@pytest.mark.parametrize(
    ("old", "whole"), [("", False), ("...", False), ("User: (Do you smoke?) No.", True)]
)
async def test_a_statement_without_clauses_is_whole_by_what_it_answers(
    old: str, whole: bool
) -> None:
    bearing = await bearing_of(old, {(old, NEW): "update"})
    assert bearing.outdated == () and bearing.whole is whole


ENGLISH = "".join(f" tale{letter * 3}" for letter in "abcdefghijklmnopqrstuvwxyz")
CHINESE = "".join(map(chr, range(0x5000, 0x5000 + 60)))


@pytest.mark.parametrize("more", [ENGLISH, CHINESE])
async def test_a_long_statement_is_never_whole(more: str) -> None:
    brief = await bearing_of(f"Rent {more[:12]}", {("", NEW): "update"})
    long = await bearing_of(f"Rent {more}", {("", NEW): "update"})
    assert brief.outdated and brief.whole
    assert long.outdated and not long.whole


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
