"""What says the same as a better memory, and what only has the same words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.gateway.recall.repeats import Said
from services.gateway.recall.repeats import repeats as said_repeats
from shared.domain.memory import Memory, Type
from shared.domain.memory_detail import CHANGES, LIKELY_CHANGES
from shared.domain.scope import Scope
from tests.unit.recall.memories import NOON_OF_MAY_3, World

DAY = 86_400_000


def memory(text: str, **more: object) -> Memory:
    made = Memory(id=text, scope=Scope("p", "ann", "c"), type=Type.WORKING, text=text)
    return replace(made, **more)  # type: ignore[arg-type]


def repeats(text: Memory, other: Memory) -> bool:
    return said_repeats(Said(text), Said(other))


DIFFERENT = (
    ("Anna lent Ben 50 euros.", "Ben lent Anna 50 euros."),
    ("I flew from Paris to Rome at noon.", "I flew from Rome to Paris at noon."),
    ("The user is allergic to penicillin.", "The user is not allergic to penicillin."),
    ("Tom can swim and my son can not.", "Tom can not swim and my son can."),
    ("The rent is due before the holidays.", "The rent is due after the holidays."),
    ("The user worked at Acme.", "The user works at Acme."),
    (
        "The weekly report of the Berlin office is due every Friday at noon and goes to Maria and Peter.",
        "The weekly report of the Munich office is due every Friday at noon and goes to Maria and Peter.",
    ),
    ("用户对青霉素过敏。", "用户对青霉素不过敏。"),
    ("小王借给小李五十元。", "小李借给小王五十元。"),
    ("Der Nutzer verträgt Milch.", "Der Nutzer verträgt keine Milch."),
    ("Eva hat Jan das Auto geliehen.", "Jan hat Eva das Auto geliehen."),
    ("El usuario come carne.", "El usuario no come carne."),
    ("Le train part avant midi.", "Le train part après midi."),
    ("ユーザーは猫を飼っています。", "ユーザーは猫を飼っていません。"),
    ("사용자는 우유를 마신다.", "사용자는 우유를 안 마신다."),
    ("Пользователь ест мясо.", "Пользователь не ест мясо."),
    ("🎉🎉", "❤️❤️"),
    ("Is Tom ill?", "Tom is ill."),
    ("Tom is ill?", "Tom is ill."),
    ("The lamp costs 5 euros.", "The lamp costs 5 dollars."),
)


@pytest.mark.parametrize(("text", "other"), DIFFERENT)
def test_other_words_or_the_same_in_another_order_say_something_else(
    text: str, other: str
) -> None:
    assert not repeats(memory(text), memory(other))
    assert not repeats(memory(other), memory(text))


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("User: I have a dog", "user: I have a dog!"),
        ("The user has a dog. (3 May 2024)", "The user has a dog. (4 May 2024)"),
        ("用户有一只狗。（2024年5月3日）", "用户有一只狗"),
        ("Der Nutzer hat einen Hund.", "Der Nutzer hat einen Hund. Er heißt Rex."),
        (
            "ユーザーは犬を飼っています",
            "ユーザーは犬を飼っています。名前はレックスです。",
        ),
    ],
)
def test_what_another_memory_has_sentence_by_sentence_says_nothing_more(
    text: str, better: str
) -> None:
    assert repeats(memory(text), memory(better))


def test_what_has_no_words_and_what_somebody_else_says_repeats_nothing() -> None:
    assert not repeats(memory("..."), memory("The user has a dog."))
    said = memory("Likes tea.", speaker="Tom")
    assert not repeats(said, replace(said, speaker="Eva"))


def test_what_happened_on_another_day_happened_again() -> None:
    first, second = (
        memory(
            f"The user saw the dentist. ({day} May 2024)",
            happened_at=NOON_OF_MAY_3 + (day - 3) * DAY,
            said_at=NOON_OF_MAY_3 + 30 * DAY,
        )
        for day in (3, 10)
    )
    assert not repeats(second, first)
    stated = [replace(each, happened_at=each.said_at) for each in (first, second)]
    assert repeats(*stated)


@pytest.mark.parametrize(
    ("text", "newer"),
    [
        ("Ich wohne in Leipzig.", "Ich wohne nicht mehr in Leipzig, sondern in Halle."),
        ("I live in Leeds.", "I live no longer in Leeds but in York."),
        ("Vivo en Lima.", "Vivo ya no en Lima sino en Cusco."),
    ],
)
def test_what_a_newer_one_changed_and_quotes_says_nothing_more(
    text: str, newer: str
) -> None:
    change = {"by": newer, "said_at": 1, "was": text, "end": len(text)}
    for key in (CHANGES, LIKELY_CHANGES):
        changed = memory(text, detail={key: (change,)})
        assert repeats(changed, memory(newer))
        assert not repeats(changed, memory(text + " " + newer, speaker="Eva"))
    assert not repeats(memory(text), memory(newer))
    assert not repeats(memory(newer), memory(text))


@pytest.mark.parametrize(("text", "other"), DIFFERENT[:4] + DIFFERENT[7:11])
async def test_both_statements_are_recalled(text: str, other: str) -> None:
    world = World()
    await world.remember(text, other)
    assert set(await world.texts(text)) == {text, other}
