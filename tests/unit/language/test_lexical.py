"""Lexical vectors."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.language.dates import resolve
from shared.language.lexical import (
    ask,
    term_id,
    weigh,
    without_date,
    without_written_dates,
)


def weight(text: str, term: str, context: str = "") -> float:
    vector = weigh(text, context)
    return dict(zip(vector.indices, vector.values, strict=True)).get(term_id(term), 0.0)


def test_a_query_and_a_memory_meet_in_their_terms() -> None:
    assert set(ask("Which dogs?").indices) <= set(
        weigh("A dog sleeps in the sun.").indices
    )
    assert set(ask("上海天气").indices) & set(weigh("今天上海的天气很好").indices)


def test_ids_never_change() -> None:
    assert (term_id("dog"), term_id("上海")) == (2167159165, 4288429437), (
        "vectors that are stored would no longer be found"
    )


def test_more_often_counts_more_and_less_each_time() -> None:
    once, twice, thrice = (
        weight("dog " * times + "sleeps", "dog") for times in (1, 2, 3)
    )
    assert once < twice < thrice and thrice - twice < twice - once


def test_a_longer_memory_counts_less_for_one_word() -> None:
    assert weight("dog", "dog") > weight(
        "dog " + " ".join(f"word{number}" for number in range(60)), "dog"
    )


def test_context_counts_at_a_discount() -> None:
    assert 0 < weight("yes", "dog", context="a dog") < weight("a dog", "dog")


def test_numbers_have_one_form() -> None:
    assert set(ask("07").indices) == set(ask("7").indices)


def test_the_day_at_the_end_is_apart_from_the_text() -> None:
    assert (
        without_date("A walk. (3 May 2024)") == "A walk."
        and without_date("散步（2024年5月3日）") == "散步"
    )
    assert without_date("A film (Alien) of 1979") == "A film (Alien) of 1979"
    assert without_date("Works at Bosch (since 2019)") == "Works at Bosch (since 2019)"


def test_dates_that_were_written_beside_relative_ones_are_apart_from_what_was_said() -> (
    None
):
    spoken_at = datetime(2025, 5, 10, 9)
    for said in (
        "I lost it yesterday, next month I get a new one.",
        "下周三开会，去年底搬的家，明天上午9点去医院。",
        "Last weekend we sailed; I move in March 2026.",
    ):
        assert without_written_dates(resolve(said, spoken_at)) == said
    kept = "Works at Bosch (since 2019), born 1990 (in Ulm)."
    assert without_written_dates(kept) == kept


@given(st.text())
def test_any_text_gives_a_vector_in_order(text: str) -> None:
    vector = weigh(text, text)
    assert list(vector.indices) == sorted(set(vector.indices)) and len(
        vector.indices
    ) == len(vector.values)
    assert all(0 <= index < 2**32 for index in vector.indices) and all(
        value > 0 for value in vector.values
    )
