"""Index terms and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.language.sentences import sentences
from shared.language.words import is_chinese, terms


def test_words_are_stemmed_and_stop_words_left_out() -> None:
    assert terms("She is running to Ana's new houses") == ["run", "ana", "new", "hous"]


def test_chinese_gives_words_and_pairs() -> None:
    index_terms = terms("上海迪士尼乐园")
    assert {"上海", "乐园", "迪士"} <= set(index_terms)


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("我用Python写代码", True),
        ("hello 世界 and more", False),
        ("", False),
        ("好", True),
    ],
)
def test_the_main_language(text: str, chinese: bool) -> None:
    assert is_chinese(text) is chinese


def test_sentences_end_where_they_end() -> None:
    text = "Dr. Smith came at 5 p.m. yesterday. He left! 真的吗？是的。好的\n- one item"
    assert sentences(text) == [
        "Dr. Smith came at 5 p.m. yesterday.",
        "He left!",
        "真的吗？",
        "是的。",
        "好的",
        "- one item",
    ]


@given(st.text(max_size=200))
def test_no_text_breaks_them(text: str) -> None:
    assert all(part.strip() == part and part for part in sentences(text))
    assert all(terms(text)) or terms(text) == []


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("私は京都に住んでいて、猫を二匹飼っています。", False),
        ("海苔弁当が好き", False),
        ("東京タワー", False),
        ("나는 大學에 다닌다", False),
        ("我喜欢玩ポケモン", True),
        ("我爱吃鲜の美", True),
        ("電費我們平分", True),
    ],
)
def test_chinese_characters_of_other_languages(text: str, chinese: bool) -> None:
    assert is_chinese(text) is chinese
