"""Relative dates by table: each row finds its example, and nothing its counter-example."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shared.language.date_tables import TABLES, Row, all_rows, table_rules
from shared.language.dates import mentions, resolve

SAID = date(2026, 3, 10)
ROWS = list(all_rows())
ROWS_OF = {name: [row for row in ROWS if row.language == name] for name in TABLES}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.language}-{row.example}")
def test_a_row_finds_its_example(row: Row) -> None:
    first, _, last = row.days.partition("..")
    days = [tuple(map(str, mention.days)) for mention in mentions(row.example, SAID)]
    assert (first, last or first) in days


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.language}-{row.example}")
def test_a_row_leaves_its_counter_example(row: Row) -> None:
    rules = table_rules(row.language)
    pattern, meaning = rules[ROWS_OF[row.language].index(row)]
    match = pattern.search(row.counter_example)
    assert match is None or meaning(match, SAID) is None


@pytest.mark.parametrize(
    ("said", "resolved"),
    [
        (
            "Gestern war ich beim Arzt.",
            "Gestern (9 March 2026) war ich beim Arzt.",
        ),
        ("明後日は歯医者です。", "明後日（2026年3月12日）は歯医者です。"),
        ("내일 치과에 가요.", "내일 (11 March 2026) 치과에 가요."),
        ("कल परीक्षा है।", "कल (11 March 2026) परीक्षा है।"),
        ("कल परीक्षा थी।", "कल (9 March 2026) परीक्षा थी।"),
    ],
)
def test_days_are_written_beside_once(said: str, resolved: str) -> None:
    at = datetime(2026, 3, 10, 12, tzinfo=UTC)
    assert resolve(said, at) == resolved
    assert resolve(resolved, at) == resolved


@pytest.mark.parametrize(
    "said",
    [
        "Hier ist es schön.",
        "Der Morgen war kalt.",
        "Am Samstag schlafe ich.",
        "Nächsten Freitag ziehe ich um.",
        "Por la mañana trabajo.",
        "Le vendredi je nage.",
        "Il sabato lavoro.",
        "कल की बात है।",
        "오늘날 모두 바빠요.",
        "毎週金曜日に泳ぎます。",
    ],
)
def test_what_names_no_certain_day_is_left_alone(said: str) -> None:
    assert resolve(said, datetime(2026, 3, 10, 12, tzinfo=UTC)) == said
