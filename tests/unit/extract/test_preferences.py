"""Preferences: stated ones, habits in passing, choices; and what is none."""

from __future__ import annotations

import pytest

from shared.domain.memory import Type
from tests.unit.extract.talks import talk
from workers.pipeline.extract.preferences.preferences import preferences


@pytest.mark.parametrize(
    "statement",
    [
        "I can't stand loud restaurants.",
        "I prefer trains to planes.",
        "I'm allergic to shellfish.",
        "I never eat pork.",
        "I have a strong aversion to spicy food.",
        "I only buy second-hand clothes.",
        "I'm not a fan of musicals.",
        "Please don't recommend any casinos.",
        "我不吃香菜。",
        "我对花生过敏。",
        "别给我推荐海鲜餐厅。",
        "我更喜欢坐高铁。",
        "我讨厌下雨天。",
        "我从不喝咖啡。",
    ],
)
def test_what_is_said_outright_is_explicit(statement: str) -> None:
    [draft] = preferences(talk(("user", statement)))
    assert draft.type is Type.EXPLICIT
    assert statement.rstrip("。.") in draft.reasoning


@pytest.mark.parametrize(
    "statement",
    [
        "I usually avoid crowded beaches.",
        "I tend to stick with small hotels.",
        "我一般都坐地铁上班。",
    ],
)
def test_a_habit_in_passing_is_implicit(statement: str) -> None:
    [draft] = preferences(talk(("user", statement)))
    assert draft.type is Type.IMPLICIT


@pytest.mark.parametrize(
    "statement",
    [
        "Do you prefer trains?",
        "What would you recommend?",
        "I like the idea!",
        "My brother hates fish.",
        "我表弟喜欢打篮球。",
        "你喜欢什么？",
        "I went to the market yesterday.",
        "上海今天下雨。",
        "I'd like to know the way.",
    ],
)
def test_questions_others_and_events_are_no_preferences(statement: str) -> None:
    assert preferences(talk(("user", statement))) == []


def test_the_assistants_words_are_nobodys_preference() -> None:
    assert preferences(talk(("assistant", "I prefer to answer briefly."))) == []


def test_the_question_behind_a_wish_is_left_out() -> None:
    [draft] = preferences(
        talk(("user", "I avoid gluten, so do you know a good bakery?"))
    )
    assert draft.text == "The user avoids gluten."


def test_what_happened_beside_a_wish_is_left_to_the_facts() -> None:
    [draft] = preferences(
        talk(("user", "I moved to Rome yesterday, and I never eat pork."))
    )
    assert draft.text == "The user never eats pork."


OFFER = (
    "Here are some ideas:\n1. A camping trip in the mountains\n2. A spa "
    "weekend in a quiet hotel\n3. A city tour with museums"
)


@pytest.mark.parametrize(
    "answer",
    [
        "I'll go with option 2.",
        "The spa weekend sounds best, the others are too tiring.",
        "Let's take the second one.",
    ],
)
def test_a_choice_tells_a_preference(answer: str) -> None:
    [draft] = preferences(
        talk(
            ("user", "What should I do this weekend?"),
            ("assistant", OFFER),
            ("user", answer),
        )
    )
    assert draft.type is Type.IMPLICIT
    assert "spa weekend" in draft.text and "camping" in draft.reasoning
    assert draft.context == "What should I do this weekend?"


def test_asking_on_is_no_choice() -> None:
    assert (
        preferences(talk(("assistant", OFFER), ("user", "Is option 2 expensive?")))
        == []
    )


def test_habits_about_one_thing_are_one_preference_with_what_they_shut_out() -> None:
    [draft] = preferences(
        talk(
            ("user", "I usually prefer paper maps when I walk. Do you know a shop?"),
            ("assistant", "There is one in the old town."),
            (
                "user",
                "Good. Is there a guide to the coast that doesn't need a phone? "
                "I tend to go for maps rather than apps.",
            ),
        )
    )
    assert draft.type is Type.IMPLICIT
    assert draft.text == (
        "The user usually prefers paper maps when they walk. They tend to go for maps rather than apps. "
        "They seem to dislike and avoid apps, a phone."
    )
    assert draft.origins[0].message_ids == ("m0", "m2")


def test_habits_about_different_things_stay_apart() -> None:
    found = preferences(
        talk(
            ("user", "I usually prefer trains. What is the weather?"),
            ("user", "At home I tend to go for jazz. And you?"),
        )
    )
    assert [draft.text for draft in found] == [
        "The user usually prefers trains.",
        "At home the user tends to go for jazz.",
    ]


def test_a_habit_that_tells_nothing_is_none() -> None:
    assert preferences(talk(("user", "I usually prefer to keep it simple."))) == []


@pytest.mark.parametrize(
    ("message", "statement"),
    [
        (
            "I moved to Lisbon last week and I prefer decaf coffee.",
            "The user prefers decaf coffee.",
        ),
        (
            "I prefer decaf coffee and I moved to Lisbon last week.",
            "The user prefers decaf coffee.",
        ),
        (
            "I prefer trains, but I fly when I am late.",
            "The user prefers trains, but they fly when they are late.",
        ),
        ("上个月我搬到了杭州，而且我更喜欢住在老城区。", "用户更喜欢住在老城区。"),
    ],
)
def test_a_wish_is_its_clause_with_what_limits_it(message: str, statement: str) -> None:
    assert [draft.text for draft in preferences(talk(("user", message)))] == [statement]


def test_a_wish_is_that_of_the_named_speaker() -> None:
    assert [
        draft.text for draft in preferences(talk(("user", "Ann: I prefer tea.")))
    ] == ["Ann prefers tea."]
