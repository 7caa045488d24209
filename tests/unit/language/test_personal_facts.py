"""What is certain of a user: read from memories as the extractors word them."""

from __future__ import annotations

import pytest

from shared.language.personal_facts import personal_facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "Hi, the user's name is Ada and the user lives in Rome with the user's two cats. (10 March 2026)",
            {"name": "Ada", "home": "Rome"},
        ),
        (
            "The user's name is Greta Holm. The user works as a nurse at St. Mary's hospital. (2026-03-10)",
            {"name": "Greta Holm", "job": "nurse at St Mary's hospital"},
        ),
        (
            "The user moved to Lisbon last month (February 2026). (10 March 2026)",
            {"home": "Lisbon"},
        ),
        ("The user moved from Kiel to Oslo in May.", {"home": "Oslo in May"}),
        (
            "The user is a product manager based in Hangzhou. (10 March 2026)",
            {"home": "Hangzhou", "job": "product manager"},
        ),
        ("The user's birthday is on 3 May. (10 March 2026)", {"birthday": "3 May"}),
        ("The user was born on 12 July 1990 in Kassel.", {"birthday": "12 July 1990"}),
        (
            "The user just started at Bosch as a software engineer.",
            {"job": "Bosch as a software engineer"},
        ),
        ("The user is allergic to peanuts. (10 March 2026)", {"allergy": "peanuts"}),
        (
            "用户的名字叫陈思远，在杭州一家储能公司做工程师。（2026年3月10日）",
            {"name": "陈思远", "job": "在杭州一家储能公司做工程师"},
        ),
        ("用户住在上海浦东，老家在成都。（2026年3月10日）", {"home": "上海浦东"}),
        ("用户上个月搬到了深圳。", {"home": "深圳"}),
        ("用户在宁波的一家氢能公司上班。", {"job": "宁波的一家氢能公司"}),
        ("用户的生日是5月3日。", {"birthday": "5月3日"}),
        ("用户对花生过敏。", {"allergy": "花生"}),
        (
            "User: Ich heiße Anna und wohne in Kassel. (10 March 2026)",
            {"name": "Anna", "home": "Kassel"},
        ),
        (
            "User: Me llamo Lucía y vivo en Sevilla.",
            {"name": "Lucía", "home": "Sevilla"},
        ),
        ("User: Je m'appelle Zoé. J'habite à Lyon.", {"name": "Zoé", "home": "Lyon"}),
    ],
)
def test_what_is_certain_is_read(text: str, facts: dict[str, str]) -> None:
    assert {fact.attribute: fact.value for fact in personal_facts(text)} == facts


@pytest.mark.parametrize(
    "text",
    [
        "The user's sister lives in Oslo and works as a lawyer.",
        "The user used to live in Berlin.",
        "The user is thinking of moving to Porto next year (2027).",
        "The user no longer lives in Rome.",
        "The user would move to Rome if the user is a doctor.",
        "The user is happy that spring is here.",
        "The user asked whether the user lives in Rome.",
        "用户的妈4月15日在成都做手术。",
        "用户下个月（2026年4月）搬到深圳。",
        "用户想搬到了解的城市。",
        "用户的姐姐住在奥斯陆。",
        "Tom: I live in Rome.",
        "Quoted by the user: Ich heiße Anna.",
        "Assistant: the user could live in Rome",
        "User: Meine Schwester wohnt in Kiel.",
    ],
)
def test_what_is_not_certain_is_not(text: str) -> None:
    assert personal_facts(text) == ()
