"""Each row of the tables of patterns holds for its example, and not for what only looks
like it.
"""

from __future__ import annotations

import pytest

from workers.pipeline.extract.speech.patterns import LANGUAGES, Row, rows


@pytest.mark.parametrize(
    "row", rows(), ids=lambda row: f"{row.language}-{row.table}-{row.pattern[:20]}"
)
def test_a_row_matches_its_example_only(row: Row) -> None:
    assert row.matches(row.example)
    assert not row.matches(row.counter_example)


def test_every_language_says_who_speaks_and_who_wrote() -> None:
    for table in ("field", "self", "spoken", "wrote", "mail_from", "points_back"):
        languages = {row.language for row in rows() if row.table == table}
        assert languages == set(LANGUAGES), table
