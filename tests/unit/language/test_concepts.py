"""What texts are about, across words and languages."""

from __future__ import annotations

import pytest

from shared.language.concepts import concepts


@pytest.mark.parametrize(
    "question, answer, concept",
    [
        ("Where do I live?", "The user moved from Paris to Rome.", "home"),
        ("What should I cook tonight?", "The user is allergic to peanuts.", "food"),
        ("我做什么工作？", "The user is a nurse.", "job"),
        (
            "What does my sister do for a living? Does she have a job?",
            "用户的妹妹在医院当护士。",
            "job",
        ),
        ("推荐一家餐厅", "用户不吃辣。", "food"),
    ],
)
def test_a_question_and_its_answer_share_a_concept(
    question: str, answer: str, concept: str
) -> None:
    assert concept in concepts(question) & concepts(answer)


@pytest.mark.parametrize("text", ["", "Hmm.", "The thing is over there.", "嗯，好的。"])
def test_nothing_in_particular(text: str) -> None:
    assert concepts(text) == frozenset()


def test_different_things_share_none() -> None:
    assert not concepts("What should I cook tonight?") & concepts(
        "The user likes window seats on planes."
    )
