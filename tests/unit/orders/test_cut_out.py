"""What an order names goes with the fragments that belong to it; the rest stays word for word."""

from __future__ import annotations

import pytest

from workers.pipeline.orders.remainder import remaining_text
from workers.pipeline.orders.telling_words import named
from workers.pipeline.orders.wordings import language_of


def rest_of(text: str, name: str, language: str) -> str | None:
    return remaining_text(text, named(name, language_of(language)))


@pytest.mark.parametrize(
    ("text", "name", "language", "rest"),
    [
        (
            "The user's locker is number 12, the code 8841, on the left. They play padel.",
            "my locker",
            "en",
            "They play padel.",
        ),
        (
            "User: Mein Tresorcode, den kennt nur Jan, lautet 5512. Ich habe zwei Kinder.",
            "meinen Tresorcode",
            "de",
            "User: Ich habe zwei Kinder.",
        ),
        (
            "User: Mi clave del banco es 9921, la de siempre. Mi madre vive en Lugo.",
            "la clave del banco",
            "es",
            "User: Mi madre vive en Lugo.",
        ),
        (
            "User: Ma fille est asthmatique. J'ai un code de cave, le 7741.",
            "le code de cave",
            "fr",
            "User: Ma fille est asthmatique.",
        ),
        (
            "用户的保险柜密码是7788，在书房。用户养了一只猫。",
            "我的保险柜密码",
            "zh",
            "用户养了一只猫。",
        ),
        (
            "User: 銀行の暗証番号は9921、引き出しの中です。妹は福岡にいます。",
            "銀行の暗証番号",
            "ja",
            "User: 妹は福岡にいます。",
        ),
    ],
)
def test_a_value_goes_with_its_clause(
    text: str, name: str, language: str, rest: str
) -> None:
    assert rest_of(text, name, language) == rest


@pytest.mark.parametrize(
    ("text", "name", "language", "rest"),
    [
        (
            "My brother is Tim, he smokes and he plays the drums. My aunt runs a farm.",
            "my brother smokes",
            "en",
            "My brother is Tim and he plays the drums. My aunt runs a farm.",
        ),
        (
            "My aunt lives in Bonn, my uncle in Kiel and my cousins in Jena.",
            "where my uncle lives",
            "en",
            "My aunt lives in Bonn and my cousins in Jena.",
        ),
        (
            "Mein Bruder heißt Paul, er ist Koch und er raucht. Meine Tante lebt in Ulm.",
            "mein Bruder raucht",
            "de",
            "Mein Bruder heißt Paul, er ist Koch. Meine Tante lebt in Ulm.",
        ),
        (
            "Mi hermano se llama Luis, es bombero y tiene asma. Mi tía vive en Vigo.",
            "mi hermano tiene asma",
            "es",
            "Mi hermano se llama Luis, es bombero. Mi tía vive en Vigo.",
        ),
        (
            "Mon frère s'appelle Paul, il est pompier et il a de l'asthme.",
            "mon frère a de l'asthme",
            "fr",
            "Mon frère s'appelle Paul, il est pompier.",
        ),
        (
            "我哥哥叫王强，是厨师，抽烟抽得很凶。我姑姑住在苏州。",
            "我哥哥抽烟",
            "zh",
            "我哥哥叫王强，是厨师。我姑姑住在苏州。",
        ),
        (
            "兄は料理人で、タバコを吸います。叔母は神戸に住んでいます。",
            "兄がタバコを吸う",
            "ja",
            "兄は料理人で。叔母は神戸に住んでいます。",
        ),
    ],
)
def test_what_is_said_of_someone_goes_and_what_else_they_do_stays(
    text: str, name: str, language: str, rest: str
) -> None:
    assert rest_of(text, name, language) == rest


@pytest.mark.parametrize(
    ("text", "name", "language", "rest"),
    [
        (
            "We have three hens: Mo, Bo and Jo. Bo limps. The vet is Dr. Lin.",
            "the vet",
            "en",
            "We have three hens: Mo, Bo and Jo. Bo limps.",
        ),
        (
            "Age 41. Two kids (Mo, 7; Lia, 4). Allergic to bee stings. Wife: Sara.",
            "my wife's name",
            "en",
            "Age 41. Two kids (Mo, 7; Lia, 4). Allergic to bee stings.",
        ),
        (
            "Adresse: Kirchweg 3, 8001 Zürich; Handy: 044 555 11 22; Kasse: Helsana",
            "mein Handy",
            "de",
            "Adresse: Kirchweg 3, 8001 Zürich; Kasse: Helsana",
        ),
        (
            "Mi casa es de mi abuela. Mi coche es un Seat rojo. Mi PIN es 4410.",
            "mi pin",
            "es",
            "Mi casa es de mi abuela. Mi coche es un Seat rojo.",
        ),
        (
            "Mon mot de passe est tulipe9. Ma box est dans le couloir.",
            "mon mot de passe",
            "fr",
            "Ma box est dans le couloir.",
        ),
        (
            "我的密码是8899。我对海鲜过敏，吃了会起疹子。",
            "我的密码",
            "zh",
            "我对海鲜过敏，吃了会起疹子。",
        ),
        (
            "母は京都に住んでいます。父は医者です。私は猫を二匹飼っています。",
            "父",
            "ja",
            "母は京都に住んでいます。私は猫を二匹飼っています。",
        ),
    ],
)
def test_all_the_rest_stays_with_its_marks(
    text: str, name: str, language: str, rest: str
) -> None:
    assert rest_of(text, name, language) == rest


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        (
            "User: (The spare key is under the pot, and the alarm code is 1199) No, it is 1198.",
            "where the spare key is",
            "User: No, it is 1198.",
        ),
        (
            "User: (Shoe size: 38; Shirt size: M) Shoe size is 39, not 38. I ski.",
            "that I ski",
            "User: (Shoe size: 38; Shirt size: M) Shoe size is 39, not 38.",
        ),
    ],
)
def test_a_bracket_in_front_is_no_clause(text: str, name: str, rest: str) -> None:
    assert rest_of(text, name, "en") == rest


@pytest.mark.parametrize(
    ("text", "name", "language"),
    [
        ("My wife is Marta. My son is Leo, he is 6.", "my wife hates mushrooms", "en"),
        ("妻は看護師です。息子は小学生です。", "妻の趣味", "ja"),
    ],
)
def test_nothing_goes_where_no_clause_is_meant(
    text: str, name: str, language: str
) -> None:
    assert rest_of(text, name, language) is None
