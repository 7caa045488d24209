"""Periods within a month."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shared.language.dates import mentioned

SAID = datetime(2026, 3, 10, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("We go to Porto from 12 to 14 June.", (2026, 6, 12), (2026, 6, 14)),
        ("Porto, 12-14 June 2027", (2027, 6, 12), (2027, 6, 14)),
        ("Porto on June 12th through 14th.", (2026, 6, 12), (2026, 6, 14)),
        ("我们6月12日到14日去波尔图。", (2026, 6, 12), (2026, 6, 14)),
        ("2027年六月十二号至十四号去波尔图。", (2027, 6, 12), (2027, 6, 14)),
        ("The review is on 12 April at 9 to 10.", (2026, 4, 12), (2026, 4, 12)),
    ],
)
def test_a_period_has_two_ends(
    text: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert mentioned(text, SAID) == [(date(*first), date(*last))]


def test_what_ends_before_it_begins_is_no_period() -> None:
    days = mentioned("between 14-12 June", SAID)
    assert days == [(date(2026, 6, 12), date(2026, 6, 12))]
