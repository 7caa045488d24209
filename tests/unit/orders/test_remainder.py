"""What stays of a memory when a part of it is to be forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from shared.domain.memory import Memory, Type
from shared.domain.memory_detail import (
    ABOUT,
    CHANGES,
    LIKELY_CHANGES,
    QUESTIONS,
    SUMMARY,
)
from shared.domain.scope import Scope
from shared.language.lexical import without_date
from workers.pipeline.orders.remainder import remainder, remaining_text
from workers.pipeline.orders.telling_words import named
from workers.pipeline.orders.wordings import language_of


def rest_of(text: str, name: str, language: str) -> str:
    rest = rest_memory(text, name, language)
    return rest.text if rest else ""


def rest_memory(text: str, name: str, language: str, **more: Any) -> Memory | None:
    memory = Memory("m", Scope("p", "u"), Type.WORKING, text, **more)
    said = remaining_text(without_date(text), named(name, language_of(language)))
    return remainder(memory, said) if said else None


@pytest.mark.parametrize(
    ("text", "name", "language", "rest"),
    [
        (
            "The user's rent is 940 and their internet is 35. (1 March 2025)",
            "my rent",
            "en",
            "Their internet is 35. (1 March 2025)",
        ),
        (
            "The user's PIN is 4471. The user's bank is Barclays.",
            "my PIN",
            "en",
            "The user's bank is Barclays.",
        ),
        (
            "The user's WiFi code is 88-X, the user's router is a Fritz.",
            "my WiFi code",
            "en",
            "The user's router is a Fritz.",
        ),
        ("User: Rent is 940, internet 35.", "my rent", "en", "User: Internet 35."),
        (
            "Tobin owes the user 50 euros and the user's dentist is Dr Falk on Elm Way.",
            "Tobin",
            "en",
            "The user's dentist is Dr Falk on Elm Way.",
        ),
        (
            "User: Ich trinke keinen Kaffee mehr, und mein Chef heißt Henning.",
            "meinen Chef",
            "de",
            "User: Ich trinke keinen Kaffee mehr.",
        ),
        (
            "User: Salgo con Iker desde mayo. Trabajo de noche en el hospital.",
            "Iker",
            "es",
            "User: Trabajo de noche en el hospital.",
        ),
        (
            "User: I'm Mia, 31, weigh 61 kg and row in Kiel, hate golf.",
            "my weight",
            "en",
            "User: I'm Mia, 31 and row in Kiel, hate golf.",
        ),
        (
            "The user lives in Bath, works at a school and has two cats.",
            "where I live",
            "en",
            "The user works at a school and has two cats.",
        ),
        (
            "用户身高170，体重60公斤，想学滑雪，对花生过敏。",
            "我的体重",
            "zh",
            "用户身高170，想学滑雪，对花生过敏。",
        ),
        ("用户：房租3000，水电200。", "我的房租", "zh", "用户：水电200。"),
        (
            "用户住在朝阳，房租3000。（2025年3月1日）",
            "房租",
            "zh",
            "用户住在朝阳。（2025年3月1日）",
        ),
    ],
)
def test_what_has_a_subject_of_its_own_stays(
    text: str, name: str, language: str, rest: str
) -> None:
    assert rest_of(text, name, language) == rest


@pytest.mark.parametrize(
    ("text", "name", "language"),
    [
        ("The user's ex Sander lives in Utrecht, he works at Philips.", "Sander", "en"),
        ("The user's locker is 212, next to the sauna.", "my locker", "en"),
        ("用户的前男友叫阿杰，在深圳。", "阿杰", "zh"),
        ("The user's rent is 940.", "my rent", "en"),
        ("用户住在南京，在中山路。", "我住在南京", "zh"),
        ("User: Salgo con Iker desde mayo. Trabaja de noche.", "Iker", "es"),
        ("User: Das ist Henning, ich mag ihn nicht.", "Henning", "de"),
        ("User: I went to Rome with Tobin and we ate pizza.", "Tobin", "en"),
        ("The user lives at 14 Birch Lane and their rent is 940.", "my address", "en"),
    ],
)
def test_what_tells_of_the_same_goes_with_it(
    text: str, name: str, language: str
) -> None:
    assert rest_of(text, name, language) == ""


def test_what_was_noted_of_the_words_goes_with_them() -> None:
    rent, internet = {"was": "My rent is 940"}, {"was": "my internet is 35"}
    noted = {
        ABOUT: "user",
        QUESTIONS: ["How high is the rent?"],
        SUMMARY: "rent 940",
        CHANGES: [rent, internet],
        LIKELY_CHANGES: [rent],
    }
    text = "My rent is 940 and my internet is 35."
    rest = rest_memory(text, "my rent", "en", detail=noted)
    assert rest is not None
    assert rest.detail == {ABOUT: "user", CHANGES: [internet]}


def test_no_history_says_earlier_what_is_forgotten() -> None:
    text = "My rent is 940 and my internet is 35."
    rest = rest_memory(text, "my rent", "en", replaced=("My rent is 900.",))
    assert rest is not None and rest.replaced == ()
