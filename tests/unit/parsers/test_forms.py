"""The fields of a PDF's form, the remarks on its pages, and forms of HTML."""

from __future__ import annotations

from typing import Any

import pymupdf

from tests.unit.parsers.makers import elements_of, pdf, text_of, write
from workers.parsers.parse_file import parse

BOX, TEXT = pymupdf.PDF_WIDGET_TYPE_CHECKBOX, pymupdf.PDF_WIDGET_TYPE_TEXT


def add(page: Any, box: tuple[float, ...], kind: int, **values: Any) -> None:
    """A field of a form."""
    widget = pymupdf.Widget()
    widget.rect, widget.field_type = pymupdf.Rect(box), kind
    for name, value in values.items():
        setattr(widget, name, value)
    page.add_widget(widget)


def test_boxes_of_a_form_are_told_beside_their_labels() -> None:
    def draw(page: Any) -> None:
        write(page, (72, 100, "Smoker:"), (90, 130, "Diabetes"), (90, 150, "Asthma"))
        add(page, (120, 90, 132, 102), BOX, field_name="a", field_value=True)
        add(page, (72, 120, 84, 132), BOX, field_name="b", field_value=False)
        add(page, (72, 140, 84, 152), BOX, field_name="c", field_value=True)

    assert [text for _, text in elements_of(pdf(draw))] == [
        "Smoker: ☒",
        "☐ Diabetes",
        "☒ Asthma",
    ]


def test_boxes_within_a_line_cut_it() -> None:
    def draw(page: Any) -> None:
        write(page, (72, 100, "Pets:         yes          no"))
        add(page, (100, 91, 110, 101), BOX, field_name="a", field_value=False)
        add(page, (150, 91, 160, 101), BOX, field_name="b", field_value=True)

    assert text_of(parse(pdf(draw))) == "Pets: ☐ yes ☒ no"


def test_entries_and_choices_stand_behind_their_labels() -> None:
    combo, choices = pymupdf.PDF_WIDGET_TYPE_COMBOBOX, pymupdf.PDF_WIDGET_TYPE_LISTBOX
    button = pymupdf.PDF_WIDGET_TYPE_BUTTON
    tall = pymupdf.PDF_TX_FIELD_IS_MULTILINE

    def draw(page: Any) -> None:
        labels = ("Name:", "Country:", "Remarks:", "Hobby:")
        for at, label in zip((100, 130, 160, 280), labels, strict=True):
            write(page, (72, at, label))
        add(page, (130, 88, 300, 104), TEXT, field_name="n", field_value="Ada Byron")
        add(
            page,
            (130, 118, 300, 134),
            combo,
            field_name="c",
            choice_values=["Norway", "Chile"],
            field_value="Chile",
        )
        add(
            page,
            (130, 148, 400, 240),
            TEXT,
            field_name="r",
            field_flags=tall,
            field_value="No nuts.\nNo milk.",
        )
        add(
            page,
            (130, 268, 300, 330),
            choices,
            field_name="h",
            choice_values=["Chess", "Golf"],
            field_value="Golf",
        )
        add(page, (72, 400, 200, 420), button, field_name="b", button_caption="Send")

    assert text_of(parse(pdf(draw))).split("\n") == [
        "Name: Ada Byron",
        "Country: Chile",
        "Remarks: No nuts. No milk.",
        "Hobby: Golf",
    ]


def test_remarks_on_a_page_are_kept_with_their_author() -> None:
    def draw(page: Any) -> None:
        write(page, (72, 100, "The rent is 900 euro."))
        note = page.add_text_annot((300, 100), "Raised in May")
        note.set_info(title="Kim")
        note.update()
        mark = page.add_highlight_annot((72, 90, 180, 104))
        mark.set_info(content="Check this", title="Bo")
        mark.update()

    assert [text for _, text in elements_of(pdf(draw))] == [
        "The rent is 900 euro.",
        "Comment by Kim: Raised in May",
        "Comment by Bo on “The rent is 900 euro.”: Check this",
    ]


def test_what_was_typed_onto_a_page_is_text() -> None:
    def draw(page: Any) -> None:
        write(page, (72, 100, "Name:"))
        page.add_freetext_annot((110, 88, 300, 106), "Ada Byron")

    assert "Ada Byron" in text_of(parse(pdf(draw)))


def test_a_form_of_html_tells_its_values() -> None:
    data = (
        b"<!doctype html><form><input type=checkbox checked> Smoker"
        b" <input type=radio> Diver <input type=hidden value=x>"
        b" Paid <select><option>monthly<option selected>yearly</select>"
        b" by <input value='Ada'></form>"
    )
    assert elements_of(data) == [
        ("NarrativeText", "☒ Smoker ☐ Diver Paid yearly by Ada")
    ]


def test_boxes_that_are_drawn_before_a_label_are_ticked_or_empty() -> None:
    def draw(page: Any) -> None:
        for at, label in enumerate(("Liability", "Household", "Legal")):
            y = 100 + 18 * at
            page.draw_rect((72, y - 9, 82, y + 1))
            write(page, (88, y, label))
        page.draw_line((73, 92), (81, 100))
        page.draw_line((81, 92), (73, 100))
        write(page, (73.5, 135.5, "X"), size=10)

    assert [text for _, text in elements_of(pdf(draw))] == [
        "☒ Liability",
        "☐ Household",
        "☒ Legal",
    ]


def test_squares_of_a_legend_are_no_boxes() -> None:
    def draw(page: Any) -> None:
        page.draw_rect((72, 91, 82, 101), fill=(1, 0, 0))
        write(page, (88, 100, "Rain in May"))

    assert text_of(parse(pdf(draw))) == "Rain in May"


def test_boxes_in_the_cells_of_a_table_stand_in_their_columns() -> None:
    def draw(page: Any) -> None:
        for y in (100, 120, 140, 160):
            page.draw_line((72, y), (370, y))
        for x in (72, 250, 310, 370):
            page.draw_line((x, 100), (x, 160))
        write(page, (76, 114, "Question"), (254, 114, "Yes"), (314, 114, "No"))
        write(page, (76, 134, "Do you smoke?"), (76, 154, "Do you drive?"))
        for number, (x, y) in enumerate(
            ((270, 124), (330, 124), (270, 144), (330, 144))
        ):
            box = (x, y, x + 10, y + 10)
            add(page, box, BOX, field_name=str(number), field_value=number in (0, 3))

    assert elements_of(pdf(draw)) == [
        (
            "Table",
            "| Question | Yes | No |\n| --- | --- | --- |\n| Do you smoke? | ☒ | ☐ |\n"
            "| Do you drive? | ☐ | ☒ |",
        )
    ]
