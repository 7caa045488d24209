"""Tables that nothing but their spans or their alignment holds together, and CSV."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.parsers.makers import elements_of, pdf, write
from workers.parsers.parse_file import parse
from workers.parsers.sniff import sniff

ROTA = (
    "<table><tr><th>Day</th><th>Room</th><th>Nurse</th></tr>"
    "<tr><td rowspan=2>Monday</td><td>A1</td><td>Ida</td></tr>"
    "<tr><td>A2</td><td>Leo</td></tr><tr><td colspan=2>Tuesday</td><td>Kim</td></tr>"
    "</table>"
)
ROTA_MARKDOWN = (
    "| Day | Room | Nurse |\n| --- | --- | --- |\n| Monday | A1 | Ida |\n"
    "| Monday | A2 | Leo |\n| Tuesday | Tuesday | Kim |"
)


@pytest.mark.parametrize("page", ["<!doctype html>{}", "# Rota\n\n{}\n\nThe end."])
def test_spans_of_html_tables_repeat_their_cell(page: str) -> None:
    tables = [
        text
        for kind, text in elements_of(page.format(ROTA).encode())
        if kind == "Table"
    ]
    assert tables == [ROTA_MARKDOWN]


def test_a_cell_does_not_reach_out_of_its_part_of_the_table() -> None:
    data = (
        b"<!doctype html><table><thead><tr><th rowspan=9>Day</th><th>Who</th></tr>"
        b"</thead><tbody><tr><td rowspan=0>Mon</td><td>Ida</td></tr>"
        b"<tr><td>Leo</td></tr></tbody></table>"
    )
    assert elements_of(data) == [
        ("Table", "| Day | Who |\n| --- | --- |\n| Mon | Ida |\n| Mon | Leo |")
    ]


def test_spans_that_would_fill_the_memory_are_not_followed() -> None:
    row = "<tr>" + "<td rowspan=65534 colspan=1000>x</td>" * 50 + "</tr>"
    [(kind, text)] = elements_of(f"<!doctype html><table>{row * 50}</table>".encode())
    assert kind == "Table"
    assert len(text) < 2_000_000


def test_a_caption_and_lists_in_cells_are_kept() -> None:
    data = (
        b"<!doctype html><table><caption>Duty</caption><tr><td>Ida</td>"
        b"<td><ul><li>early</li><li>late</li></ul></td></tr></table>"
    )
    assert elements_of(data) == [
        ("NarrativeText", "Duty"),
        ("Table", "| Ida | early late |\n| --- | --- |"),
    ]


def test_what_a_page_hides_is_not_read() -> None:
    data = (
        b"<!doctype html><p>Seen</p><p style='display:none'>none</p><p hidden>no</p>"
        b"<p><span style='color:#fff'>white</span> and seen</p>"
        b"<table><tr><td style='color:white;background:#036'>Head</td><td>b</td></tr>"
        b"</table>"
    )
    assert elements_of(data) == [
        ("NarrativeText", "Seen"),
        ("NarrativeText", "and seen"),
        ("Table", "| Head | b |\n| --- | --- |"),
    ]


ITEMS = (
    ("Item", "Qty", "Price"),
    ("Guard, nights", "12", "450.00"),
    ("Alarm", "3", "900.00"),
    ("Keys", "1", "150.00"),
)


def test_aligned_rows_without_rules_are_a_table() -> None:
    def draw(page: Any) -> None:
        write(page, (72, 60, "What we did for you in May, as we had agreed."))
        for at, row in enumerate(ITEMS):
            for x, cell in zip((72, 300, 420), row, strict=True):
                write(page, (x, 100 + 16 * at, cell))
        write(page, (420, 164, "1,500.00"), (300, 164, "Total"))

    assert elements_of(pdf(draw)) == [
        ("NarrativeText", "What we did for you in May, as we had agreed."),
        (
            "Table",
            "| Item | Qty | Price |\n| --- | --- | --- |\n| Guard, nights | 12 | 450.00 |"
            "\n| Alarm | 3 | 900.00 |\n| Keys | 1 | 150.00 |\n|  | Total | 1,500.00 |",
        ),
    ]


def test_labels_and_values_are_lines_of_their_own() -> None:
    rows = (
        ("Name", "Ada Byron"),
        ("Born", "1815"),
        ("", "in London"),
        ("Died", "1852"),
    )

    def draw(page: Any) -> None:
        for at, (label, value) in enumerate(rows):
            lines = [(72, 100 + 16 * at, label)] if label else []
            write(page, *lines, (250, 100 + 16 * at, value))

    assert elements_of(pdf(draw)) == [
        ("NarrativeText", "Name Ada Byron\nBorn 1815 in London\nDied 1852")
    ]


def test_labels_beside_an_address_are_a_block_of_their_own() -> None:
    address = ("Nordvakt AS", "Havnegata 4", "5003 Bergen")
    dates = (("Date:", "12 March"), ("Due:", "11 April"), ("Number:", "88121"))

    def draw(page: Any) -> None:
        for at, (line, (label, value)) in enumerate(zip(address, dates, strict=True)):
            y = 100 + 14 * at
            write(page, (72, y, line), (350, y, label), (450, y, value))

    [(_, text)] = elements_of(pdf(draw))
    assert text.split("\n") == [
        *address,
        "Date: 12 March",
        "Due: 11 April",
        "Number: 88121",
    ]


def test_csv_is_a_table_whatever_parts_its_cells() -> None:
    data = "Name;Größe\nIda;1,70\nLeo;1,80\n".encode("cp1252")
    assert sniff(data) == "text/csv"
    assert elements_of(data) == [
        ("Table", "| Name | Größe |\n| --- | --- |\n| Ida | 1,70 |\n| Leo | 1,80 |")
    ]
    quoted = b'a,b\n"one, two","three\nfour"\n5,6\n'
    assert elements_of(quoted)[0][1].split("\n")[2] == "| one, two | three four |"


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ida, thanks a lot.\nBest wishes, Leo.\n",
        "Hi, all\nBye, all\nOK, all\n",
        "one\ntwo\nthree\n",
        "- tea, green\n- milk\n",
    ],
)
def test_prose_with_commas_is_no_csv(text: str) -> None:
    assert parse(text.encode()).media_type == "text/plain"
