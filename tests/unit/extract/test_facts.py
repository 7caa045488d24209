"""Facts: understandable alone, greetings gone, nobody's words mixed up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.memory import Type
from shared.domain.message import QUOTES
from shared.domain.passage import Talk
from tests.unit.extract.talks import said, talk
from workers.pipeline.extract.facts.subjects import subject_of
from workers.pipeline.extract.facts.talk_facts import LONGEST, facts
from workers.pipeline.extract.rules_extractor import RulesExtractor
from workers.pipeline.extract.speech.third_person import third_person


def _texts(*lines: tuple[str, str]) -> list[str]:
    return [draft.text for draft in facts(talk(*lines))]


def test_the_user_is_told_of_in_the_third_person_and_the_assistant_named() -> None:
    assert _texts(
        ("user", "I moved to Rome with my dog."),
        ("assistant", "The rent in Rome is high, look at Ostia."),
    ) == [
        "The user moved to Rome with their dog.",
        "Assistant: The rent in Rome is high, look at Ostia.",
    ]
    assert _texts(
        ("user", "我住在上海。"), ("assistant", "上海的房租很高，可以看看昆山。")
    ) == ["用户住在上海。", "助手说：上海的房租很高，可以看看昆山。"]


def test_a_speaker_in_the_text_is_kept_as_the_one_who_speaks() -> None:
    [draft] = facts(talk(("user", "Ana: I play the cello.")))
    assert (draft.speaker, draft.text) == ("Ana", "Ana: I play the cello.")
    [draft] = facts(talk(("user", "Note: the shop closes at nine.")))
    assert draft.speaker == ""


def test_relative_dates_and_the_day_it_was_said_stand_in_the_text() -> None:
    message = said("user", "I ran a race yesterday.", chat_time="2024-05-10 12:00:00")
    [draft] = facts(type(talk())((message,)))
    assert draft.text == "The user ran a race yesterday (9 May 2024). (10 May 2024)"
    assert draft.happened_at // 86_400_000 == 1_715_212_800_000 // 86_400_000


@pytest.mark.parametrize(
    "filler",
    [
        "Hi!",
        "Thanks so much!",
        "Hey Ana! Good to see you!",
        "ok, cool",
        "好的，谢谢！",
        "How are you?",
        "  ",
    ],
)
def test_greetings_are_no_memories(filler: str) -> None:
    assert _texts(("user", filler)) == []


def test_a_short_answer_keeps_its_question() -> None:
    assert (
        _texts(("assistant", "How old is your dog?"), ("user", "Three years."))[-1]
        == "User: (How old is your dog?) Three years."
    )


def test_the_turn_before_helps_to_find_but_is_not_told() -> None:
    *_, draft = facts(
        talk(
            ("assistant", "Which instrument do you play?"),
            ("user", "The cello, since I was six, every single day."),
        )
    )
    assert "instrument" in draft.context and "instrument" not in draft.text


def test_a_long_turn_is_cut_between_sentences() -> None:
    sentences = [
        f"The {n}th house stands on a hill of its own above the river."
        for n in range(60)
    ]
    texts = _texts(("user", " ".join(sentences)))
    assert len(texts) > 3 and all(len(text.split()) <= LONGEST + 2 for text in texts)
    assert all(any(sentence in text for text in texts) for sentence in sentences)


def test_tool_and_system_messages_are_no_facts() -> None:
    assert _texts(("system", "You are helpful."), ("tool", "42 rows")) == []


@pytest.mark.parametrize(
    ("statement", "subject"),
    [
        ("I moved from Paris to Rome", "user.home"),
        ("我搬到上海了", "user.home"),
        ("I work as a nurse", "user.job"),
        ("I'm no longer vegetarian", "user.diet"),
        ("我的手机号码是123", "user.phone_number"),
        ("Do I live here?", ""),
        ("I like Rome", ""),
    ],
)
def test_what_a_person_has_one_of_is_recognised(statement: str, subject: str) -> None:
    assert subject_of(statement) == subject


@pytest.mark.parametrize(
    ("first", "third"),
    [
        (
            "I don't like fish and I avoid meat.",
            "The user doesn't like fish and they avoid meat.",
        ),
        ("I'm allergic to nuts", "The user is allergic to nuts"),
        (
            "I really prefer tea; it keeps me calm",
            "The user really prefers tea; it keeps them calm",
        ),
        ("My sister Ada loves my cat", "The user's sister Ada loves their cat"),
        (
            "Since May, my knee hurts when I run",
            "Since May, the user's knee hurts when they run",
        ),
        (
            "I can't stand noise in my office",
            "The user can't stand noise in their office",
        ),
        ("By then, I study law", "By then, the user studies law"),
        ("我不吃辣，我们家都不吃", "用户不吃辣，我们家都不吃"),
    ],
)
def test_the_first_person_becomes_the_third(first: str, third: str) -> None:
    assert third_person(first) == third


async def test_a_preference_is_not_stored_as_a_fact_as_well() -> None:
    found = await RulesExtractor().from_talk(
        talk(
            ("user", "I can't stand horror films."),
            ("user", "I prefer tea. My sister Ada lives in Oslo."),
        )
    )
    assert [(draft.type, draft.text) for draft in found.drafts] == [
        (Type.USER, "The user's sister Ada lives in Oslo."),
        (Type.EXPLICIT, "The user can't stand horror films."),
        (Type.EXPLICIT, "The user prefers tea."),
    ]


async def test_what_a_preference_tells_is_cut_out_of_the_fact() -> None:
    found = await RulesExtractor().from_talk(
        talk(("user", "I moved to Lisbon last week and I prefer decaf coffee."))
    )
    assert [draft.text for draft in found.drafts] == [
        "The user moved to Lisbon last week (the week before 10 May 2024).",
        "The user prefers decaf coffee.",
    ]


async def test_recalled_text_is_not_remembered_again() -> None:
    quoted = replace(
        said("assistant", "I remember: “Ada lives in Oslo.”", 1), extra={QUOTES: True}
    )
    given = said(
        "user",
        "<relevant-memories>\n- Ada lives in Oslo.\n</relevant-memories>\nI bought a red kite today.",
        2,
    )
    found = await RulesExtractor().from_talk(Talk((quoted, given)))
    assert [draft.text for draft in found.drafts] == [
        "The user bought a red kite today (10 May 2024)."
    ]


@pytest.mark.parametrize(
    ("asked", "answer", "expected"),
    [
        (
            "Are you still at the bakery?",
            "Yes.",
            "User: (Are you still at the bakery?) Yes.",
        ),
        ("你还住在成都吗？", "是的", "用户：（你还住在成都吗？）是的"),
        ("Do you want me to look it up?", "Yes.", None),
        ("Is the sky blue?", "Yes.", None),
    ],
)
def test_yes_and_no_tell_something_of_the_one_who_was_asked(
    asked: str, answer: str, expected: str | None
) -> None:
    assert _texts(("assistant", asked), ("user", answer)) == (
        [expected] if expected else []
    )


def test_each_entry_of_a_list_of_notes_is_a_memory_under_its_heading() -> None:
    minutes = (
        "Minutes of the choir:\n- Anna will bring the new chairs\n- the concert "
        "moves to the town hall\n- Ben pays for the printer"
    )
    assert _texts(("user", minutes)) == [
        "User: Minutes of the choir: Anna will bring the new chairs",
        "User: Minutes of the choir: the concert moves to the town hall",
        "User: Minutes of the choir: Ben pays for the printer",
    ]
    assert _texts(("user", "To buy:\n- milk\n- eggs\n- bread")) == [
        "User: To buy: milk; eggs; bread"
    ]
    assert _texts(("user", "要买的东西：\n1. 牛奶\n2. 鸡蛋")) == [
        "用户：要买的东西：1. 牛奶；2. 鸡蛋"
    ]


def test_chatter_before_what_is_told_is_dropped() -> None:
    assert _texts(("user", "Big news, I got the job.")) == ["The user got the job."]
    assert _texts(("user", "嗯嗯，我明天去体检。"))[0].startswith(
        "用户明天（2024年5月11日）去体检"
    )


def test_a_label_that_names_nobody_is_no_speaker() -> None:
    for said_so in (
        "Standup: I fixed the pump.",
        "Translate into French: I like tea.",
        "我的要求：靠窗",
        "预算：三百",
    ):
        assert facts(talk(("user", said_so)))[0].speaker == ""


def test_what_is_to_be_translated_is_not_said_of_the_user() -> None:
    assert _texts(("user", "Translate into French: I hate mushrooms.")) == [
        "User asked: Translate into French: I hate mushrooms."
    ]


def test_whom_a_pronoun_means_helps_to_find_it() -> None:
    *_, draft = facts(
        talk(
            ("user", "My uncle Jonas builds boats in Kiel."),
            ("user", "He sold one to the mayor of the town."),
        )
    )
    assert "Jonas" in draft.context
