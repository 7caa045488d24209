"""The checks themselves: what they must find wrong, and what they must let pass."""

from __future__ import annotations

from typing import Any

import pytest

from tests.behaviour.checks import is_proper_tag, is_proper_title, judged
from tests.behaviour.items import Item, items_of
from tests.behaviour.rows import Row

RENT = "The user's rent is 900 euro. [changed 10 May 2025: the rent is 980 now]"
NEWER = "The user's rent is 980 euro now."


def items(*texts: str) -> list[Item]:
    """Facts, the first of them the most relevant."""
    entries = [
        {"memory_value": text, "relativity": 1 - place / 10}
        for place, text in enumerate(texts)
    ]
    return items_of({"memory_detail_list": entries})


@pytest.mark.parametrize(
    "texts, wanted",
    [
        ((NEWER,), {"first": "980", "contains": ["rent"], "absent": ["900"]}),
        ((NEWER, RENT), {"first": ["980", "1020"], "absent": ["900"]}),
        ((), {"nothing": True, "at_most": 0}),
        ((RENT,), {"absent": ["900", "980"], "at_least": 1}),
    ],
)
def test_what_is_right_passes(texts: tuple[str, ...], wanted: dict[str, Any]) -> None:
    assert not list(judged(items(*texts), wanted))


@pytest.mark.parametrize(
    "texts, wanted",
    [
        ((), {"first": "980"}),
        ((RENT, NEWER), {"first": "980"}),
        ((NEWER,), {"contains": ["980", "internet"]}),
        (("The user's rent is 900 euro.",), {"absent": ["900"]}),
        ((NEWER, RENT), {"gone": ["900"]}),
        ((NEWER,), {"nothing": True}),
        ((NEWER, RENT), {"at_most": 1}),
        ((NEWER,), {"at_least": 2}),
        (("Room 1900 has 9000 seats.",), {"contains": ["900"]}),
    ],
)
def test_what_is_wrong_does_not(texts: tuple[str, ...], wanted: dict[str, Any]) -> None:
    assert len(list(judged(items(*texts), wanted))) == 1


@pytest.mark.parametrize(
    "title, proper",
    [
        ("Rent of the flat", True),
        ("Rent, euro", False),
        ("Rent of\nthe flat", False),
        ("The apartm", False),
        ("", False),
    ],
)
def test_titles(title: str, proper: bool) -> None:
    fields = {"memory_key": title, "tags": ["rent", "euro"]}
    text = "The apartment has a rent of 900 euro for the flat."
    assert is_proper_title(Item("fact", text, False, 0, fields)) is proper


def test_tags() -> None:
    assert is_proper_tag("rent") and is_proper_tag("天气")
    assert not is_proper_tag("2025-03-01") and not is_proper_tag("a\nb")


@pytest.mark.parametrize(
    "checks",
    [
        (),
        ({"ask": "How much is my rent?"},),
        ({"ask": "How much is my rent?", "frist": "900"},),
        ({"stored": {"kind": "fact"}},),
        ({"guess": "900"},),
    ],
)
def test_a_row_that_cannot_fail_is_refused(checks: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(ValueError, match="r1"):
        Row("r1", "K1", "en", ({"feedback": "Wrong."},), checks)
