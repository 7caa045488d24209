"""What a query asks: chatter, several questions, descriptions."""

from __future__ import annotations

import pytest

from services.gateway.recall.query_parser import (
    MAX_HEAD,
    MAX_QUESTIONS,
    MAX_TAIL,
    parse_query,
)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        (
            "今天天气真好，路上看到一只小猫。对了，我其实想问的是：我的牙医叫什么名字？",
            "我的牙医叫什么名字？",
        ),
        ("最近好忙啊。等等，诶，等等，我订的酒店在哪条街？", "我订的酒店在哪条街？"),
        (
            "What a day! The bus was late again. What I really wanted to ask is: when is my exam?",
            "when is my exam?",
        ),
        (
            "So much to do... my question is where did I park the car?",
            "where did I park the car?",
        ),
    ],
)
def test_chatter_before_the_question_is_cut_off(query: str, meant: str) -> None:
    assert [question.text for question in parse_query(query)] == [meant]


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("我表哥多大了？另外，我的车停在哪里？", ["我表哥多大了", "我的车停在哪里？"]),
        (
            "How old is my cousin? Also, where is my car?",
            ["How old is my cousin?", "where is my car?"],
        ),
    ],
)
def test_several_questions_are_split(query: str, parts: list[str]) -> None:
    assert [question.text for question in parse_query(query)] == parts


def test_a_plain_query_is_left_alone() -> None:
    for query in (
        "上海 天气",
        "what did I do last May?",
        "I want to ask for a raise and need advice",
        "Anna",
    ):
        assert [question.text for question in parse_query(query)] == [query]


def test_at_most_a_few_questions_are_looked_up() -> None:
    assert len(parse_query("另外，".join(["我的车停在哪里？"] * 9))) == MAX_QUESTIONS


def test_what_is_asked_of_a_described_thing_is_found() -> None:
    assert [
        parse_query(query)[0].rest
        for query in (
            "那个在医院上班的人，生日是哪天？",
            "那个三十岁的人叫什么名字？",
            "我的生日是哪天？",
            "Where does the one who sings live?",
        )
    ] == ["生日是哪天", "叫什么名字", "", ""]


def test_words_that_only_ask_are_not_searched_for() -> None:
    question = parse_query("我的手机是什么型号来着？")[0]
    assert (
        "什么" not in question.search_words
        and "来着" not in question.search_words
        and "手机" in question.search_words
    )
    assert parse_query("什么")[0].search_words == "什么", (
        "a query of nothing else keeps its words"
    )


def test_the_language_is_recognised() -> None:
    assert [
        parse_query(query)[0].chinese
        for query in ("上海 weather 怎么样", "what is 你好?")
    ] == [True, False]


def test_of_a_long_query_the_end_is_kept() -> None:
    question = parse_query("word " * 5_000 + "where is my umbrella?")[0]
    assert (
        question.text.endswith("where is my umbrella?")
        and len(question.text) <= MAX_HEAD + MAX_TAIL + 1
    )


@pytest.mark.parametrize("query", ["", "   ", "\0", "。", "？？", "...", "另外，"])
def test_nothing_and_odd_queries_break_nothing(query: str) -> None:
    assert len(parse_query(query)) <= 1
