"""Titles and tags that a person would write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language.function_words import language_of
from shared.language.phrases import shortened, tags_of, title_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("My gym locker number is 212.", "Gym locker number"),
        ("I'm moving to Bergen in September.", "Moving to Bergen"),
        ("I don't eat pork, since I was nine.", "Don't eat pork"),
        ("The user's violin teacher is called Sven.", "Violin teacher Sven"),
        ("User: Dr. Lindqvist moved my root canal. (3 May 2026)", "Dr Lindqvist moved my root canal"),
        ("我对芒果过敏，一吃嘴巴就肿。", "芒果过敏"),
        ("谢谢，顺便说一下我的储物柜密码是6614。", "储物柜密码"),
        ("我家的猫叫年糕，今年三岁了。", "猫叫年糕"),
        ("用户不吃香菜", "不吃香菜"),
        ("My doctor said my A1C is 7.4", "A1C is 7.4"),
        ("Do you think a 2016 Outback is a fair price?", "2016 Outback is a fair price"),
        ("First name: Henrietta; Blood type: O-; Allergies: latex", "First name: Henrietta"),
        ("Groceries for this week: bananas", "Groceries for this week: bananas"),
        ("The match starts at 20:45.", "Match starts at 20:45"),
        ("La clase es a las 17:30", "Clase es a las 17:30"),
        ("Mein Kurs beginnt um 18:15 Uhr", "Kurs beginnt um 18:15 Uhr"),
        ("(Do you have a budget?) We can pay the deposit.", "Pay the deposit"),
        ("姓名：林晓岚；年龄：34；职业：老师", "姓名：林晓岚"),
        ("我国庆想出去玩，帮我推荐个地方", "国庆想出去玩"),
        ("转发一下物业通知：【停水通知】因管道检修，5月18日停水", "物业通知"),
        ("Mein Sohn (7) hat Angst vor Hunden.", "Sohn hat Angst vor Hunden"),
        ("Ich bin gegen Penicillin allergisch.", "Penicillin allergisch"),
        ("La contraseña del wifi de la oficina es girasol22.", "Contraseña del wifi de la oficina"),
        ("J'ai rendez-vous chez le dentiste lundi à 14 h.", "Rendez-vous chez le dentiste"),
        ("A professora da minha filha chama-se Beatriz.", "Professora da minha filha Beatriz"),
        ("Il codice del cancello è 4471.", "Codice del cancello"),
        ("У меня аллергия на орехи.", "Аллергия на орехи"),
        ("娘の保育園は「ひまわり」といいます。", "娘の保育園"),
        ("私はそばアレルギーです。", "そばアレルギー"),
        ("저는 땅콩 알레르기가 있어요.", "땅콩 알레르기"),
        ("사물함 비밀번호는 3925예요.", "사물함 비밀번호"),
    ],
)  # fmt: skip
def test_a_title_names_what_a_text_is_about(text: str, title: str) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Mr Okafor, our landlord, wants the rent by the 3rd.", {"Okafor", "landlord", "rent"}),
        ("Honestly, I was getting tired of every long commute.", {"commute"}),
        ("hm, the cabin tho lol, 12 km from Oslo", {"cabin", "Oslo"}),
        ("Allergies: latex; Blood type: O-", {"latex"}),
        ("Reach me at priya.nair@example.com about the printer.", {"printer"}),
        ("I sold my car and bought a cargo bike.", {"car", "cargo bike"}),
        ("我在学吉他，每周六下午跟陈老师上课。", {"陈老师", "吉他"}),
        ("老板催得紧，快递员会联系我家的猫", {"老板", "猫"}),
        ("Meine Tochter Lina geht in die Waldkita.", {"Lina", "Waldkita", "Tochter"}),
        ("Mi hermana Lucía se casa en junio en Valencia.", {"Lucía", "Valencia", "hermana"}),
        ("Mon fils Hugo joue au handball tous les mercredis.", {"Hugo", "fils", "handball"}),
        ("山田先生のピアノのレッスンは火曜日です。", {"山田先生", "ピアノ", "レッスン"}),
        ("다음 달에 부산으로 이사해요.", {"부산", "이사"}),
        ("Пароль от вайфая и аллергия", {"пароль", "аллергия"}),
    ],
)  # fmt: skip
def test_tags_are_names_and_topics(text: str, tags: set[str]) -> None:
    assert set(tags_of(text)) == tags


def test_the_words_of_one_language_are_not_those_of_another() -> None:
    assert language_of("I'm a Jain so no root veg") == "en"
    assert language_of("ich bring Nudelsalat") == "de"
    assert language_of("") == "en"


def test_nothing_is_known_of_the_words_of_other_scripts() -> None:
    text = "मैं शोर में पढ़ नहीं पाता, लाइब्रेरी का कोना ही जमता है"
    assert text.startswith(title_of(text)) and tags_of(text) == ()


@pytest.mark.parametrize(
    ("text", "longest", "title"),
    [
        ("one two\nthree", 9, "one two"),
        ("one, two", 4, "one"),
        ("extraordinarily", 5, "extra"),
        ("一二三四五", 3, "一二三"),
        ("one", 9, "one"),
    ],
)
def test_no_word_is_cut(text: str, longest: int, title: str) -> None:
    assert shortened(text, longest) == title


@given(st.text(max_size=200) | st.text("aIä我のは가 요'\n.-1,", max_size=60))
def test_no_text_breaks_them(text: str) -> None:
    title, tags = title_of(text), tags_of(text)
    assert len(title) <= 40 and "\n" not in title
    assert len(tags) <= 3 and not any("\n" in tag for tag in tags)
    assert all(any(letter.isalpha() for letter in tag) for tag in tags)
