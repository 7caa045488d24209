"""Boosts and scores, one at a time."""

from __future__ import annotations

from services.gateway.recall import boosts
from services.gateway.recall.query_parser import read
from services.gateway.recall.scores import base_scores, dense_scores
from shared.domain.memory import Candidate, Memory, Type
from shared.domain.scope import Scope
from tests.unit.recall.memories import NOON_OF_MAY_3


def candidate(
    text: str = "",
    lexical: float | None = None,
    dense: float | None = None,
    conversation: str = "c",
    **more: object,
) -> Candidate:
    memory = Memory(
        id=text or "m",
        scope=Scope("p", "u", conversation),
        type=Type.WORKING,
        text=text,
        **more,
    )  # type: ignore[arg-type]
    return Candidate(memory, lexical, dense)


def test_what_a_search_did_not_bring_up_is_as_bad_as_its_worst() -> None:
    found = [
        candidate("a", 3.0, 0.9),
        candidate("b", None, 0.8),
        candidate("c", 2.0, None),
        candidate("d", 2.0, None, fast=True),
    ]
    assert dense_scores(found) == [0.9, 0.8, 0.8, None]
    first, second, third, fast = base_scores(found, 0.1, chinese=False)
    assert first > fast > third > second


def test_words_weigh_less_in_chinese() -> None:
    by_words, by_meaning = candidate("a", 5.0, 0.80), candidate("b", 0.0, 0.84)
    english, chinese = (
        base_scores([by_words, by_meaning], 0.03, chinese=flag)
        for flag in (False, True)
    )
    assert english[0] > english[1] and chinese[0] < chinese[1]


def test_names_are_whole_words() -> None:
    assert boosts.is_named("Ann Lee", "what did ann say?") and boosts.is_named(
        "小明", "小明喜欢什么"
    )
    assert not boosts.is_named("Ann", "my annual report") and not boosts.is_named(
        "A", "a dog"
    )


def test_a_name_is_no_pattern() -> None:
    assert boosts.is_named("J. (Bob) R*", "ask j. (bob) r* please")


def test_company_raises_a_conversation_and_lowers_none() -> None:
    found = [
        candidate("a", conversation="one"),
        candidate("b", conversation="one"),
        candidate("c", conversation="two"),
    ]
    raised = boosts.with_company([10.0, 1.0, 1.0], found)
    assert raised[1] > raised[2] == 1.0


def test_only_turns_that_reply_profit_from_their_neighbours() -> None:
    good = candidate("a", created_at=5, job="j")
    reply, alone, far = (
        candidate(text, created_at=at, job="j", context=context)
        for text, at, context in (("b", 6, "a?"), ("c", 4, ""), ("d", 9, "a?"))
    )
    assert boosts.with_neighbours([9.0, 1.0, 1.0, 1.0], [good, reply, alone, far])[
        1:
    ] > [1.0, 1.0, 1.0]
    assert boosts.with_neighbours([9.0, 1.0, 1.0, 1.0], [good, reply, alone, far])[
        2:
    ] == [1.0, 1.0]


def test_days_without_a_mention_change_nothing() -> None:
    found = [candidate("a", happened_at=NOON_OF_MAY_3), candidate("b")]
    assert boosts.with_days([1.0, 1.0], found, "what did I eat?", NOON_OF_MAY_3) == [
        1.0,
        1.0,
    ]
    assert boosts.with_days(
        [1.0, 1.0], found, "what did I eat on 3 May 2024?", NOON_OF_MAY_3
    ) == [1.0 + boosts.DAY, 1.0]


def test_links_go_to_what_shares_the_telling_words() -> None:
    found = [
        candidate("The hotel is the Seehof."),
        candidate("The Seehof has thin walls."),
        candidate("Cats sleep."),
    ]
    raised = boosts.with_links(
        [3.0, 1.0, 1.0], found, read("which hotel?")[0], anchor=0
    )
    assert raised[1] > 1.0 == raised[2]


def test_nothing_to_raise_is_nothing() -> None:
    assert (boosts.with_company([], []), boosts.with_neighbours([], [])) == ([], [])
