"""Facts: understandable alone, questions gone, nobody's words mixed up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.adapters.without_models import KeepingReader
from shared.domain.extraction import Draft
from shared.domain.memory import Type
from shared.domain.message import QUOTES
from shared.domain.passage import Talk
from shared.ports import MessageReader
from tests.fakes.reader import ScriptedReader
from tests.unit.extract.talks import said, talk
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor
from workers.pipeline.extract.facts.talk_facts import LONGEST


async def drafts(given: Talk, reader: MessageReader | None = None) -> list[Draft]:
    extraction = await BuiltInExtractor(reader or KeepingReader()).from_talk(given)
    return list(extraction.drafts)


async def texts(
    *lines: tuple[str, str], reader: MessageReader | None = None
) -> list[str]:
    return [draft.text for draft in await drafts(talk(*lines), reader)]


async def test_the_user_is_named_and_so_is_the_assistant() -> None:
    assert await texts(
        ("user", "I moved to Rome with my dog."),
        ("assistant", "The rent in Rome is high, look at Ostia."),
    ) == [
        "The user moved to Rome with their dog.",
        "Assistant: The rent in Rome is high, look at Ostia.",
    ]
    assert await texts(
        ("user", "我住在上海。"), ("assistant", "上海的房租很高，可以看看昆山。")
    ) == ["用户住在上海。", "助手说：上海的房租很高，可以看看昆山。"]


async def test_a_named_speaker_is_kept_as_the_one_who_speaks() -> None:
    message = replace(said("user", "I play the cello."), speaker="Ana")
    [draft] = await drafts(Talk((message,)))
    assert (draft.speaker, draft.text) == ("Ana", "Ana: I play the cello.")


async def test_relative_dates_and_the_day_it_was_said_stand_in_the_text() -> None:
    message = said("user", "I ran a race yesterday.", chat_time="2024-05-10 12:00:00")
    [draft] = await drafts(Talk((message,)))
    assert draft.text == "The user ran a race yesterday (9 May 2024). (10 May 2024)"
    assert draft.happened_at // 86_400_000 == 1_715_212_800_000 // 86_400_000
    assert draft.said_at > draft.happened_at


async def test_questions_are_no_memories() -> None:
    assert await texts(("user", "How are you? 你好吗？"), ("user", "  ")) == []


async def test_what_is_not_worth_keeping_is_left_out() -> None:
    reader = ScriptedReader({"I moved to Rome": ("event", "user")})
    message = "Hm, let me see. I moved to Rome. It is late."
    assert await texts(("user", message), reader=reader) == ["The user moved to Rome."]


@pytest.mark.parametrize(
    ("kind", "owner", "type"),
    [
        ("fact", "user", Type.USER),
        ("fact", "other", Type.WORKING),
        ("event", "user", Type.WORKING),
        ("plan", "user", Type.WORKING),
    ],
)
async def test_a_lasting_fact_of_the_user_is_told_from_others(
    kind: str, owner: str, type: Type
) -> None:
    text = "I run a shop in Lyon."
    [draft] = await drafts(talk(("user", text)), ScriptedReader({text: (kind, owner)}))
    assert draft.type is type


async def test_a_short_answer_keeps_its_question() -> None:
    answers = await texts(
        ("assistant", "How old is your dog?"), ("user", "Three years.")
    )
    assert answers == ["User: (How old is your dog?) Three years."]


async def test_the_turn_before_helps_to_find_but_is_not_in_the_text() -> None:
    *_, draft = await drafts(
        talk(
            ("assistant", "Which instrument do you play?"),
            ("user", "I have played the cello since I was six, every single day."),
        )
    )
    assert "instrument" in draft.context and "instrument" not in draft.text


async def test_a_long_turn_is_cut_between_sentences() -> None:
    sentences = [
        f"The {n}th house stands on a hill of its own above the river."
        for n in range(60)
    ]
    pieces = await texts(("user", " ".join(sentences)))
    assert len(pieces) > 3
    assert all(len(text.split()) <= LONGEST + 2 for text in pieces)
    assert all(any(sentence in text for text in pieces) for sentence in sentences)


async def test_tool_and_system_messages_are_no_facts() -> None:
    assert await texts(("system", "You are helpful."), ("tool", "42 rows")) == []


async def test_recalled_text_is_not_remembered_again() -> None:
    quoted = replace(
        said("assistant", "I remember: “Ada lives in Oslo.”", 1), extra={QUOTES: True}
    )
    given = said(
        "user",
        "<relevant-memories>\n- Ada lives in Oslo.\n</relevant-memories>\nI bought a red kite today.",
        2,
    )
    [draft] = await drafts(Talk((quoted, given)))
    assert draft.text == "The user bought a red kite today (10 May 2024)."


async def test_each_entry_of_a_list_of_notes_is_a_memory_under_its_heading() -> None:
    minutes = (
        "Minutes of the choir:\n- Anna will bring the new chairs\n- the concert "
        "moves to the town hall\n- Ben pays for the printer"
    )
    assert await texts(("user", minutes)) == [
        "User: Minutes of the choir: Anna will bring the new chairs",
        "User: Minutes of the choir: the concert moves to the town hall",
        "User: Minutes of the choir: Ben pays for the printer",
    ]
    assert await texts(("user", "To buy:\n- milk\n- eggs\n- bread")) == [
        "User: To buy: milk; eggs; bread"
    ]


@pytest.mark.parametrize(
    ("role", "label"), [("user", "order_forget"), ("assistant", "thinking")]
)
async def test_orders_to_forget_and_thinking_are_not_remembered(
    role: str, label: str
) -> None:
    text = "Time to erase my locker number, 12."
    parts = {text: ("fact", "user")}
    reader = ScriptedReader(parts, {text: (label,)})
    assert await texts((role, text), reader=reader) == []
    assert await texts((role, text), reader=ScriptedReader(parts)) != []


@pytest.mark.parametrize(
    ("text", "before", "corrects"),
    [
        ("Sorry, 8:40 not 7:40.", "", True),
        ("说错了，是八点四十。", "", True),
        ("Sorry, 8:40 not 7:40.", "My flight is at 7:40.", False),
    ],
)
async def test_a_correction_of_what_was_not_said_in_the_talk_is_one_to_merging(
    text: str, before: str, corrects: bool
) -> None:
    earlier = [said("user", before, 0)] if before else []
    reader = ScriptedReader({text: ("fact", "user")}, {text: ["correction"]})
    given = Talk((said("user", text, 1),), tuple(earlier))
    [draft] = await drafts(given, reader)
    assert draft.corrects is corrects
    assert draft.text.startswith(("User: (", "用户：（")) is not corrects
