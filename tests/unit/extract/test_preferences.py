"""Preferences: what the reader takes for one, standing instructions, choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from shared.domain.extraction import Draft
from shared.domain.memory import EVERY_ANSWER, Type
from shared.domain.passage import Talk
from tests.fakes.reader import ScriptedReader
from tests.unit.extract.talks import said, talk
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor

LIKES = ("explicit_preference", "user")
HABIT = ("implicit_preference", "user")
ORDER = ("instruction", "user")
FACT = ("fact", "user")


async def drafts(given: Talk, parts: Mapping[str, tuple[str, str]]) -> list[Draft]:
    extraction = await BuiltInExtractor(ScriptedReader(parts)).from_talk(given)
    return list(extraction.drafts)


@pytest.mark.parametrize(
    ("kind", "type"), [(LIKES, Type.EXPLICIT), (HABIT, Type.IMPLICIT)]
)
async def test_a_preference_is_no_fact_besides(
    kind: tuple[str, str], type: Type
) -> None:
    text = "I avoid crowded beaches."
    [draft] = await drafts(talk(("user", text)), {text: kind})
    assert (draft.type, draft.text) == (type, "The user avoids crowded beaches.")
    assert text in draft.reasoning


async def test_a_fact_beside_a_preference_stays_a_fact() -> None:
    message = "My sister Ada lives in Oslo. I prefer tea."
    parts = {"My sister Ada lives in Oslo": FACT, "I prefer tea": LIKES}
    found = await drafts(talk(("user", message)), parts)
    assert [(draft.type, draft.text) for draft in found] == [
        (Type.USER, "The user's sister Ada lives in Oslo."),
        (Type.EXPLICIT, "The user prefers tea."),
    ]


async def test_the_question_behind_a_wish_is_left_out() -> None:
    message = "I avoid gluten, so do you know a good bakery?"
    [draft] = await drafts(talk(("user", message)), {"I avoid gluten": LIKES})
    assert draft.text == "The user avoids gluten"


async def test_what_another_one_likes_is_a_fact() -> None:
    text = "My brother hates fish."
    [draft] = await drafts(
        talk(("user", text)), {text: ("explicit_preference", "other")}
    )
    assert draft.type in (Type.WORKING, Type.USER)


async def test_the_assistants_words_are_nobodys_preference() -> None:
    text = "I prefer to answer briefly."
    found = await drafts(talk(("assistant", text)), {text: LIKES})
    assert all(draft.type is Type.WORKING for draft in found)


async def test_sentences_of_one_kind_beside_each_other_are_one_preference() -> None:
    parts = {"I love jazz.": LIKES, "I hate techno.": LIKES, "At home I hum.": HABIT}
    found = await drafts(talk(("user", " ".join(parts))), parts)
    assert [draft.type for draft in found] == [Type.EXPLICIT, Type.IMPLICIT]
    assert "jazz" in found[0].text and "techno" in found[0].text


async def test_each_instruction_is_one() -> None:
    parts = {"Please answer in Polish.": ORDER, "Never suggest cruises.": ORDER}
    found = await drafts(talk(("user", " ".join(parts))), parts)
    assert [draft.text.lower() for draft in found] == [
        "the user asks: answer in polish.",
        "the user asks: never suggest cruises.",
    ]
    assert [EVERY_ANSWER in draft.tags for draft in found] == [True, False]


@pytest.mark.parametrize(
    ("sentence", "bears"),
    [
        ("Please reply in Italian from now on.", True),
        ("Don't lecture me.", True),
        ("不要用表情包和表情符号。", True),
        ("以后都用日语回答我。", True),
        ("Use bullet points when you write minutes.", False),
        ("Never suggest cruises.", False),
        ("给我写邮件的时候语气正式一些。", False),
    ],
)
async def test_what_bears_on_every_answer_is_tagged(sentence: str, bears: bool) -> None:
    [draft] = await drafts(talk(("user", sentence)), {sentence: ORDER})
    assert (EVERY_ANSWER in draft.tags) is bears


async def test_a_short_answer_keeps_the_question_about_wishes() -> None:
    [draft] = await drafts(
        talk(
            ("assistant", "Which vegetables do you dislike?"),
            ("user", "Celery mostly."),
        ),
        {"Celery mostly.": LIKES},
    )
    assert "(Which vegetables do you dislike?)" in draft.text
    assert "Celery mostly" in draft.text


@pytest.mark.parametrize(
    ("proposal", "verdict"),
    [
        ("How about Paterson.", "hated it"),
        ("Vanillesauce.", "Mag ich nicht."),
        ("麻婆豆腐怎么样", "不喜欢，太辣"),
        ("Le musée Rodin, peut-être.", "déjà fait, j'ai adoré"),
        ("駅前の蕎麦屋がおすすめです。", "あそこは好きじゃない"),
    ],
)
async def test_a_verdict_keeps_what_it_is_on(proposal: str, verdict: str) -> None:
    given = talk(("assistant", proposal), ("user", verdict))
    [draft] = await drafts(given, {verdict: LIKES})
    assert proposal in draft.text and verdict in draft.text


async def test_what_names_its_object_keeps_nothing_of_a_proposal() -> None:
    said = "I hate mushrooms"
    given = talk(("assistant", "Try the risotto."), ("user", said))
    [draft] = await drafts(given, {said: LIKES})
    assert "risotto" not in draft.text


async def test_a_member_of_a_group_asks_in_their_own_name() -> None:
    text = "Nothing with peanuts for me."
    message = replace(said("user", text), speaker="Nina")
    found = await drafts(Talk((message,)), {text: LIKES})
    [draft] = [each for each in found if each.type is Type.EXPLICIT]
    assert "Nina" in draft.text and draft.speaker == "Nina"


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
async def test_a_choice_tells_a_preference(answer: str) -> None:
    [draft] = await drafts(
        talk(
            ("user", "What should I do this weekend?"),
            ("assistant", OFFER),
            ("user", answer),
        ),
        {},
    )
    assert draft.type is Type.IMPLICIT
    assert "spa weekend" in draft.text and "camping" in draft.reasoning
    assert draft.context == "What should I do this weekend?"


async def test_asking_on_is_no_choice() -> None:
    given = talk(("assistant", OFFER), ("user", "Is option 2 expensive?"))
    assert await drafts(given, {}) == []


async def test_what_a_choosing_turn_says_besides_is_kept() -> None:
    answer = (
        "I'll go with option 2. My knee was operated on in March, so no long walks."
    )
    parts = {"My knee was operated on in March": FACT}
    found = await drafts(talk(("assistant", OFFER), ("user", answer)), parts)
    assert [draft.type for draft in found] == [Type.USER, Type.IMPLICIT]


@pytest.mark.parametrize(
    ("offer", "answer", "option"),
    [
        (
            "推荐：①白茶，清香；②黑茶，味浓；③花茶，味淡",
            "第二个太浓，第三个太淡，就第一个吧",
            "白茶",
        ),
        ("两个方向：1. 地铁，30分钟；2. 打车，15分钟。", "选2，快就好", "打车"),
        ("Option 1: a tent, 190. Option 2: a hammock, 80.", "Second one.", "hammock"),
        ("A. 白色\nB. 黑色\n选哪个？", "B吧，耐脏", "黑色"),
    ],
)
async def test_options_within_a_line_are_chosen_by_their_place(
    offer: str, answer: str, option: str
) -> None:
    [draft] = await drafts(talk(("assistant", offer), ("user", answer)), {})
    assert draft.type is Type.IMPLICIT and option in draft.text
