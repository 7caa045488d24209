"""A correction is understood alone."""

from __future__ import annotations

import pytest

from workers.pipeline.orders.subject import lacks_subject, with_subject


@pytest.mark.parametrize(
    ("correction", "before", "text"),
    [
        (
            "No, it's June 28.",
            ["Ines's appointment is on June 18."],
            "(Ines's appointment is on June 18) No, it's June 28.",
        ),
        ("不对，是周三。", ["会议在周二。"], "（会议在周二）不对，是周三。"),
        (
            "I meant Rui, not Ines.",
            ["Ines is allergic to walnuts.", "I live in Porto."],
            "(Ines is allergic to walnuts) I meant Rui, not Ines.",
        ),
        ("Nein, am 28. Juni.", [], "Nein, am 28. Juni."),
        (
            "疫苗写错了，是两针。",
            ["名字：豆包\n疫苗：三针\n饮食：鸡肉"],
            "（疫苗：三针）疫苗写错了，是两针。",
        ),
        (
            "The shop opens at 9:30 on Sundays, not 9.",
            ["I live in Porto."],
            "The shop opens at 9:30 on Sundays, not 9.",
        ),
        (
            "No, the dentist appointment is on June 28.",
            ["The dentist appointment is on June 18."],
            "No, the dentist appointment is on June 28.",
        ),
    ],
)
def test_the_subject_stands_in_front(
    correction: str, before: list[str], text: str
) -> None:
    assert with_subject(correction, before) == text


@pytest.mark.parametrize(
    ("correction", "before", "text"),
    [
        (
            "记错了，是4月12号。",
            ["爸爸的生日是4月2号。"],
            "（爸爸的生日是4月2号）记错了，是4月12号。",
        ),
        (
            "是周日晚上八点。",
            ["火车是周五晚上八点。"],
            "（火车是周五晚上八点）是周日晚上八点。",
        ),
        (
            "違います、4月12日です。",
            ["父の誕生日は4月2日です。"],
            "(父の誕生日は4月2日です) 違います、4月12日です。",
        ),
        (
            "아니요, 4월 12일이에요.",
            ["아빠 생일은 4월 2일이에요."],
            "(아빠 생일은 4월 2일이에요) 아니요, 4월 12일이에요.",
        ),
    ],
)
def test_a_date_without_its_subject_says_of_nothing_however_many_words_it_has(
    correction: str, before: list[str], text: str
) -> None:
    assert with_subject(correction, before) == text


@pytest.mark.parametrize(
    ("correction", "lacks"),
    [
        ("不对，在二楼。", True),
        ("错了，叫团团。", True),
        ("其实是九点半。", True),
        ("不对，我住在二楼。", False),
        ("不对，会议改到九点半。", False),
        ("違います、父は八十歳です。", False),
        ("아니요, 아빠는 여든이에요.", False),
        ("No, it's June 28.", False),
    ],
)
def test_a_subject_is_missed_by_the_form_of_the_clause(
    correction: str, lacks: bool
) -> None:
    assert lacks_subject(correction) is lacks


@pytest.mark.parametrize(
    ("said", "before"),
    [
        ("邓凯不在东莞了，他去了越南，一年回来两次。", "老有人半夜做实验回来。"),
        (
            "Ravi isn't working in Leeds any more, he moved back home.",
            "I'm back home late.",
        ),
        ("Heike wohnt nicht mehr in Ulm, sie kommt oft.", "Ich komme oft zu spät."),
    ],
)
def test_what_says_whose_it_is_has_no_other_subject_for_a_word_further_on(
    said: str, before: str
) -> None:
    assert with_subject(said, [before]) == said
