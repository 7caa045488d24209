"""Statements that are plainly of two people, or of two things."""

from __future__ import annotations

import pytest

from workers.pipeline.merge.other_things import are_of_two_people, are_of_two_things


@pytest.mark.parametrize(
    ("old", "new", "are"),
    [
        ("The user's mother lives in Lagos.", "The user lives in London now.", True),
        ("用户的姐姐在北京。", "用户搬到广州了。", True),
        ("The user's sister is 30.", "The user's brother turned 40.", True),
        ("The user's mother lives in Lagos.", "The user's mum moved to Abuja.", False),
        ("The user's son is ill.", "The user took him to school again.", False),
        ("The user's wife is pregnant.", "The user is a father now.", False),
        ("The user lives in Leeds.", "The user lives in London now.", False),
    ],
)
def test_two_people(old: str, new: str, are: bool) -> None:
    assert are_of_two_people(old, new) is are


@pytest.mark.parametrize(
    ("old", "new", "are"),
    [
        ("数学作业交。", "英语作业交了。", True),
        ("the maths homework is due", "the english homework is due", True),
        ("the homework is due", "the english homework is due", False),
        ("the yoga class starts", "the yoga class starts", False),
    ],
)
def test_two_things(old: str, new: str, are: bool) -> None:
    assert are_of_two_things(old, new) is are
