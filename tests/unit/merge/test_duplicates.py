"""The same, a part, or more, by the words alone; in doubt nothing of it."""

from __future__ import annotations

import pytest

from workers.pipeline.merge.duplicates import Overlap, overlap


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("The user has a dog named Rex.", "The user has a dog named Rex and a cat."),
        (
            "User: We pay the rent by card. (3 May 2025)",
            "User: We pay the rent by card, never in cash. (1 June 2025)",
        ),
        ("用户：体检约在4月22号。", "用户：体检约在4月22号，要空腹。"),
        ("User: Ich wohne in Kiel.", "User: Ich wohne in Kiel, mit zwei Katzen."),
        ("The user wrote that book.", "The user wrote the book."),
    ],
)
def test_a_part_lies_within_the_fuller_one(part: str, whole: str) -> None:
    assert overlap(part, whole) is Overlap.WITHIN
    is_same = overlap(whole, part) is Overlap.WITHIN
    assert is_same or overlap(whole, part) is Overlap.FULLER


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # denials, in some language
        (
            "The user smokes cigars every day.",
            "The user never smokes cigars every day.",
        ),
        ("The dog does bite children.", "The dog does not bite children."),
        ("User: Ich rauche Zigarren.", "User: Ich rauche Zigarren nicht mehr."),
        ("用户吃辣的火锅", "用户不吃辣的火锅"),
        ("The user is a nurse in Basel.", "The user was a nurse in Basel."),
        # who and whom, from and to
        ("User: Anna likes Ben a lot.", "User: Ben likes Anna a lot."),
        ("The user flies from Rome to Lyon.", "The user flies to Rome from Lyon."),
        # numbers and signs
        ("The user ran on 2023-05-20 again.", "The user ran on 2023-06-20 again."),
        ("The flat costs $900 a month.", "The flat costs €900 a month."),
        # limits
        ("The user eats fish at home.", "The user eats fish at home only on Fridays."),
        # a word of much else
        ("User: Maybe.", "User: Maybe, the cello is sold."),
        # other questions, other lines of a form
        (
            "User: (How old is your dog?) Three years by now",
            "User: (How old is your cat?) Three years by now",
        ),
        ("Rent: 900, due on the third", "Deposit: 900, due on the third"),
        # nothing
        ("", ""),
        ("", "The user has a dog named Rex."),
    ],
)
def test_in_doubt_both_are_kept(one: str, other: str) -> None:
    assert overlap(one, other) is Overlap.NONE
    assert overlap(other, one) is Overlap.NONE
