"""PDF: reading order, structure, and what a page carries without saying it."""

from __future__ import annotations

from typing import Any

import pymupdf
import pytest

from shared.errors import FileRejected
from tests.unit.parsers.makers import elements_of, pdf, text_of, write
from workers.parsers.parse_file import FileLimits, parse

LEFT = [
    f"Left line {number} goes on for a while and fills it" for number in range(1, 13)
]
RIGHT = [
    f"Right line {number} goes on for a while and fills it" for number in range(1, 13)
]


def test_headings_paragraphs_and_pages() -> None:
    def draw(page: Any) -> None:
        write(page, (72, 90, f"Chapter {'AB'[page.number]}"), size=20)
        write(
            page,
            (72, 130, "The first sentence of this chapter is long enough to be"),
            (72, 145, "broken over two lines of text."),
        )

    document = parse(pdf(draw, 2), "book.pdf")
    assert [
        (e.category, e.text, e.metadata.page_number) for e in document.elements
    ] == [
        ("Title", "Chapter A", 1),
        (
            "NarrativeText",
            "The first sentence of this chapter is long enough to be broken over two lines of text.",
            1,
        ),
        ("Title", "Chapter B", 2),
        (
            "NarrativeText",
            "The first sentence of this chapter is long enough to be broken over two lines of text.",
            2,
        ),
    ]
    assert (document.media_type, document.pages, document.name, document.tags) == (
        "application/pdf",
        2,
        "book.pdf",
        ("multimodal:file",),
    )


def test_columns_are_read_one_after_the_other_although_written_row_by_row() -> None:
    def draw(page: Any) -> None:
        write(
            page,
            (
                72,
                80,
                "A title that runs over both of the columns below it, from edge to edge of them",
            ),
            size=11,
        )
        for at, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
            write(page, (72, 110 + 14 * at, left), (320, 110 + 14 * at, right))
        write(
            page,
            (
                72,
                320,
                "A closing line that runs over both of the columns above it, from edge to edge",
            ),
        )

    text = text_of(parse(pdf(draw)))
    places = [text.index(line) for line in ("A title", *LEFT, *RIGHT, "A closing")]
    assert places == sorted(places)


def test_labels_and_values_stay_together() -> None:
    rows = [
        ("Name", "Ada Lovelace"),
        ("Born", "10 December 1815"),
        ("Field", "Mathematics"),
        ("Known for", "Notes"),
        ("Died", "1852"),
    ]

    def draw(page: Any) -> None:
        for at, (label, value) in enumerate(rows):
            write(page, (72, 100 + 16 * at, label), (250, 100 + 16 * at, value))

    text = " ".join(text_of(parse(pdf(draw))).split())
    for label, value in rows:
        assert f"{label} {value}" in text


def test_running_headers_are_told_once_and_page_numbers_are_left_out() -> None:
    def draw(page: Any) -> None:
        write(
            page,
            (72, 40, "Annual report of the water board"),
            (280, 810, f"Page {page.number + 1} of 4"),
            (480, 40, str(page.number + 17)),
        )
        write(page, (72, 300, f"What is said on sheet {'ABCD'[page.number]} only."))

    text = text_of(parse(pdf(draw, 4)))
    assert text.count("water board") == 1
    assert "Page" not in text
    assert not any(str(number) in text for number in range(17, 21))
    assert [f"sheet {letter}" in text for letter in "ABCD"] == [True] * 4


def test_a_number_in_the_margin_of_a_single_page_stays() -> None:
    text = text_of(
        parse(pdf(lambda page: write(page, (72, 40, "1984"), (72, 300, "is a novel."))))
    )
    assert "1984" in text


def test_words_split_at_line_ends_are_joined_and_hyphens_of_words_kept() -> None:
    def draw(page: Any) -> None:
        write(
            page,
            (72, 100, "The commit-"),
            (72, 114, "tee likes long-"),
            (72, 128, "term plans, and calls long-term plans good ones."),
        )

    assert (
        text_of(parse(pdf(draw)))
        == "The committee likes long-term plans, and calls long-term plans good ones."
    )


def test_a_hyphen_that_belongs_to_the_word_stays_at_the_end_of_a_line() -> None:
    def draw(page: Any) -> None:
        write(
            page,
            (72, 100, "This is a well-"),
            (72, 114, "known fact about decision-"),
            (72, 128, "making, and long-"),
            (72, 142, "ing for a decision in the making is under-"),
            (72, 156, "standable where people stand by it."),
        )

    assert text_of(parse(pdf(draw))) == (
        "This is a well-known fact about decision-making, and longing for a decision"
        " in the making is understandable where people stand by it."
    )


def test_a_short_column_beside_a_long_one_is_read_after_it() -> None:
    def draw(page: Any) -> None:
        for at, left in enumerate([*LEFT, *LEFT, *LEFT]):
            write(page, (72, 100 + 14 * at, left))
        for at, right in enumerate(RIGHT):
            write(page, (320, 100 + 14 * at, right))
        write(page, (301, 660, "7"))

    text = text_of(parse(pdf(draw)))
    assert text.index(RIGHT[0]) > text.rindex(LEFT[-1])


def test_numbers_that_count_the_pages_are_left_out_wherever_the_text_ends() -> None:
    def draw(page: Any) -> None:
        write(page, (72, 100, f"What is said on sheet {'ABC'[page.number]} only."))
        write(page, (300, 400, str(page.number + 4)))

    assert text_of(parse(pdf(draw, 3))) == "\n".join(
        f"What is said on sheet {letter} only." for letter in "ABC"
    )


def test_chinese_lines_are_joined_without_a_space() -> None:
    def draw(page: Any) -> None:
        write(
            page,
            (72, 100, "会议定于下周三上午九点在三楼会议室举行请各部门负责人"),
            (72, 116, "准时参加。"),
            font="china-s",
        )

    assert (
        text_of(parse(pdf(draw)))
        == "会议定于下周三上午九点在三楼会议室举行请各部门负责人准时参加。"
    )


def test_list_items_are_recognised() -> None:
    def draw(page: Any) -> None:
        write(
            page,
            (72, 100, "We need:"),
            (80, 116, "1. a saw with fine teeth"),
            (80, 132, "2. glue"),
            (80, 148, "- two clamps"),
        )

    assert elements_of(pdf(draw)) == [
        ("NarrativeText", "We need:"),
        ("ListItem", "1. a saw with fine teeth"),
        ("ListItem", "2. glue"),
        ("ListItem", "- two clamps"),
    ]


def grid(page: Any, xs: list[float], ys: list[float], vertical: bool = True) -> None:
    for y in ys:
        page.draw_line((xs[0], y), (xs[-1], y))
    for x in xs if vertical else []:
        page.draw_line((x, ys[0]), (x, ys[-1]))


ROWS = [
    ("City", "People", "Area"),
    ("Bergen", "291,940", "465"),
    ("Oslo", "717,710", "454"),
    ("Tromsø", "77,992", "2,521"),
]
MARKDOWN = (
    "| City | People | Area |\n| --- | --- | --- |\n| Bergen | 291,940 | 465 |\n"
    "| Oslo | 717,710 | 454 |\n| Tromsø | 77,992 | 2,521 |"
)


@pytest.mark.parametrize(
    ("vertical", "ys"), [(True, [100, 120, 140, 160, 180]), (False, [100, 120, 180])]
)
def test_a_table_is_markdown_in_its_place(vertical: bool, ys: list[float]) -> None:
    def draw(page: Any) -> None:
        grid(page, [72, 200, 320, 440], ys, vertical)
        write(page, (72, 80, "Before the table."), (72, 210, "After the table."))
        for at, row in enumerate(ROWS):
            write(
                page,
                *(
                    (x + 4, 114 + 20 * at, cell)
                    for x, cell in zip((72, 200, 320), row, strict=True)
                ),
            )

    assert elements_of(pdf(draw)) == [
        ("NarrativeText", "Before the table."),
        ("Table", MARKDOWN),
        ("NarrativeText", "After the table."),
    ]


def test_a_merged_cell_gives_its_text_to_all_that_it_covers() -> None:
    def draw(page: Any) -> None:
        grid(page, [72, 200, 320], [120, 140, 160])
        page.draw_line((72, 100), (320, 100))
        page.draw_line((72, 100), (72, 120))
        page.draw_line((320, 100), (320, 120))
        write(
            page,
            (170, 114, "Both"),
            (76, 134, "a"),
            (204, 134, "b"),
            (76, 154, "c"),
            (204, 154, "d"),
        )

    assert elements_of(pdf(draw)) == [
        ("Table", "| Both | Both |\n| --- | --- |\n| a | b |\n| c | d |")
    ]


def test_a_frame_around_text_is_no_table() -> None:
    def draw(page: Any) -> None:
        page.draw_rect((60, 80, 500, 200))
        write(
            page,
            (72, 100, "A note in a box, that is"),
            (72, 114, "text as any other is."),
            (72, 128, "It has three lines."),
        )

    assert all(kind != "Table" for kind, _ in elements_of(pdf(draw)))


def test_a_table_of_contents_is_a_table() -> None:
    def draw(page: Any) -> None:
        for at, name in enumerate(("Beginnings", "Middle years", "The end")):
            write(page, (72, 100 + 16 * at, f"{name} {'. ' * 30}{3 + at}"))

    assert elements_of(pdf(draw)) == [
        (
            "Table",
            "| Beginnings | 3 |\n| --- | --- |\n| Middle years | 4 |\n| The end | 5 |",
        )
    ]


def test_a_paragraph_that_goes_on_overleaf_is_one() -> None:
    long = (
        "A paragraph that is long enough to be a real one goes on to the next page and"
    )

    def draw(page: Any) -> None:
        write(
            page,
            (72, 400, long if page.number == 0 else "ends there with these words."),
        )

    assert [text for _, text in elements_of(pdf(draw, 2))] == [
        f"{long} ends there with these words."
    ]


def test_an_encrypted_file_says_so() -> None:
    data = pdf(
        lambda page: write(page, (72, 72, "secret")),
        encryption=pymupdf.PDF_ENCRYPT_AES_256,
        user_pw="key",
        owner_pw="owner",
    )
    with pytest.raises(FileRejected, match="encrypted") as caught:
        parse(data)
    assert caught.value.code == 50107


def test_an_encrypted_file_that_opens_without_a_password_is_read() -> None:
    data = pdf(
        lambda page: write(page, (72, 72, "open to all")),
        encryption=pymupdf.PDF_ENCRYPT_AES_256,
        owner_pw="owner",
    )
    assert text_of(parse(data)) == "open to all"


def test_pages_are_counted_before_they_are_read() -> None:
    seen: list[tuple[int, int]] = []
    data = pdf(lambda page: write(page, (72, 72, "x")), 4)
    with pytest.raises(FileRejected, match="4 pages") as caught:
        parse(
            data,
            limits=FileLimits(pages=3),
            progress=lambda done, total: seen.append((done, total)),
        )
    assert (caught.value.code, seen) == (50107, [])


def test_progress_counts_pages() -> None:
    seen: list[tuple[int, int]] = []
    parse(
        pdf(lambda page: write(page, (72, 72, "some words here")), 3),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
