"""Statements that are plainly of two people."""

from __future__ import annotations

import pytest

from workers.pipeline.merge.other_people import are_of_two_people


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
