"""What is asked of people most often, and stated in other words."""

from __future__ import annotations

import pytest

from shared.language.attributes import asked, stated


@pytest.mark.parametrize(
    "question, answer, attribute",
    [
        ("Where do I live?", "The user moved from Paris to Rome last week.", "home"),
        ("What does she do for a living?", "The user works as a nurse.", "job"),
        ("Who am I?", "The user's name is Ada.", "name"),
        ("When is my birthday?", "The user was born on 9 October 1990.", "age"),
        ("我家在哪儿？", "用户去年搬到了苏州。", "home"),
        ("我是做什么工作的？", "用户在一家游戏公司做后端开发。", "job"),
        ("我叫什么名字？", "用户的名字叫林晓。", "name"),
        ("我多大了？", "用户今年29岁。", "age"),
    ],
)
def test_a_question_and_its_answer(question: str, answer: str, attribute: str) -> None:
    assert attribute in asked(question) & stated(answer)


@pytest.mark.parametrize(
    "text",
    [
        "The user has two cats.",
        "What should I cook tonight?",
        "用户昨天买了一台洗衣机。",
        "帮我订一张票",
    ],
)
def test_others_ask_and_tell_none_of_it(text: str) -> None:
    assert not asked(text) and not stated(text)
