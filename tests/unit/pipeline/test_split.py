"""Split: passages with their pages and headings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from unstructured.documents.elements import (
    Element,
    ElementMetadata,
    ListItem,
    NarrativeText,
    Table,
    Title,
)

from workers.parsers.markdown_tables import markdown_table
from workers.pipeline.steps.split import MAX_CHARACTERS, split


@dataclass(frozen=True)
class ParsedFile:
    elements: tuple[Element, ...]
    media_type: str = "application/pdf"
    pages: int = 0
    tags: tuple[str, ...] = ("multimodal:file",)
    name: str = "x.pdf"
    title: str = "The whole"


def title(text: str, page: int = 0, depth: int = 0) -> Element:
    return Title(
        text, metadata=ElementMetadata(page_number=page or None, category_depth=depth)
    )


def prose(text: str, page: int = 0) -> Element:
    return NarrativeText(text, metadata=ElementMetadata(page_number=page or None))


def words(count: int, word: str = "harbour") -> str:
    return " ".join([f"{word}."] * count)


def test_nothing_gives_nothing() -> None:
    assert split(ParsedFile(()), "hash", "x.pdf") == []


def test_a_passage_knows_where_it_stands() -> None:
    [passage] = split(
        ParsedFile((title("Boats", 3), prose("They are moored here.", 3))),
        "hash",
        "x.pdf",
    )
    assert (
        passage.page,
        passage.heading,
        passage.source,
        passage.file,
        passage.position,
    ) == (3, "Boats", "hash", "x.pdf", 0)
    assert (passage.media_type, passage.tags) == (
        "application/pdf",
        ("multimodal:file",),
    )
    assert "They are moored here." in passage.text


def test_no_word_is_lost_and_none_comes_twice() -> None:
    elements: list[Element] = []
    for number in range(9):
        page, depth = number // 3 + 1, number % 3
        elements.append(title(f"Title{number}", page, depth))
        elements.append(prose(words(40, f"word{number}"), page))
    passages = split(ParsedFile(tuple(elements)), "hash", "x.pdf")
    text = " ".join(passage.text for passage in passages)
    assert [text.count(f"word{number}.") for number in range(9)] == [40] * 9
    assert [text.count(f"Title{number}") for number in range(9)] == [1] * 9
    assert [passage.position for passage in passages] == list(range(len(passages)))


def test_a_passage_never_spans_two_pages() -> None:
    passages = split(
        ParsedFile(
            tuple(
                prose(f"Short words on page {page}.", page)
                for page in (1, 1, 2, 5, 5, 5)
            )
        ),
        "hash",
        "x.pdf",
    )
    assert [passage.page for passage in passages] == [1, 2, 5]
    assert all(f"page {passage.page}." in passage.text for passage in passages)


def test_what_has_no_pages_has_page_zero() -> None:
    assert [
        passage.page
        for passage in split(ParsedFile((prose("Just text."),)), "hash", "x.txt")
    ] == [0]


def test_a_long_paragraph_is_cut_and_keeps_its_heading() -> None:
    passages = split(
        ParsedFile((title("Boats", 1), prose(words(600), 1))), "hash", "x.pdf"
    )
    assert len(passages) > 3
    assert {passage.heading for passage in passages} == {"Boats"}
    assert max(len(passage.text) for passage in passages) <= MAX_CHARACTERS


def test_a_long_table_is_cut_too() -> None:
    table = Table(
        " ".join(f"cell{number}" for number in range(800)),
        metadata=ElementMetadata(page_number=2),
    )
    passages = split(ParsedFile((table,)), "hash", "x.pdf")
    assert max(len(passage.text) for passage in passages) <= MAX_CHARACTERS
    assert sum(passage.text.count("cell") for passage in passages) == 800


def test_headings_are_nested_and_left_again() -> None:
    passages = split(
        ParsedFile(
            (
                title("One", 1),
                prose(words(60), 1),
                title("Inner", 2, 1),
                prose(words(60), 2),
                title("Two", 3),
                prose(words(60), 3),
            )
        ),
        "hash",
        "x",
    )
    assert [passage.heading for passage in passages] == ["One", "One > Inner", "Two"]


def test_a_heading_at_the_end_of_a_page_stands_over_the_next_one() -> None:
    passages = split(
        ParsedFile((prose(words(120), 1), title("Boats", 1), prose(words(60), 2))),
        "hash",
        "x.pdf",
    )
    assert passages[-1].heading == "Boats"
    assert passages[0].heading == "The whole"


def test_small_sections_share_a_passage() -> None:
    small: list[Element] = []
    for number in range(6):
        small += [title(f"T{number}"), ListItem(f"item {number}")]
    assert len(split(ParsedFile(tuple(small)), "hash", "x.docx")) < 6


def test_a_heading_is_never_alone() -> None:
    table = Table(
        "| When | What |\n| --- | --- |\n| May | Leak |",
        metadata=ElementMetadata(page_number=1),
    )
    elements = (
        title("Incidents", 1),
        table,
        title("Outlook", 1),
        prose(words(60), 2),
        title("Empty end", 2),
    )
    passages = split(ParsedFile(elements), "hash", "x.docx")
    assert [passage.heading for passage in passages] == ["Incidents", "Outlook"]
    assert passages[0].text.startswith("Incidents\n\n| When | What |")
    assert passages[1].text.startswith("Outlook\n\nharbour.")
    assert passages[1].text.endswith("Empty end")


def test_a_document_of_headings_only_is_one_passage() -> None:
    elements = (title("Boats", 1), title("Sails", 2), title("Oars", 3))
    [passage] = split(ParsedFile(elements), "hash", "x.pdf")
    assert passage.text == "Boats\n\nSails\n\nOars"


def test_each_piece_of_a_long_table_has_its_head() -> None:
    rows = "\n".join(f"| part {number} | {number * 7} |" for number in range(200))
    table = Table(
        f"| Part | Price |\n| --- | --- |\n{rows}", metadata=ElementMetadata()
    )
    passages = split(ParsedFile((title("Prices"), table)), "hash", "x.docx")
    assert len(passages) > 2
    assert all("| Part | Price |" in passage.text for passage in passages)
    assert all(len(passage.text) <= MAX_CHARACTERS for passage in passages)
    text = "\n".join(passage.text for passage in passages)
    assert all(text.count(f"| part {number} |") == 1 for number in range(200))


def table_of(names: list[str], rows: list[list[str]]) -> Table:
    return Table(markdown_table([names, *rows]), metadata=ElementMetadata())


def test_a_table_with_a_head_as_long_as_a_passage_is_written_row_by_row() -> None:
    names = [f"Field {number} of the ticket, as typed" for number in range(40)]
    rows = [
        [f"T-{row}", *(f"said {row} on {number}." * 3 for number in range(1, 40))]
        for row in range(10)
    ]
    rows[3][7] = ""
    passages = split(ParsedFile((table_of(names, rows),)), "hash", "x.csv")
    assert all(len(passage.text) <= MAX_CHARACTERS for passage in passages)
    for row, cells in enumerate(rows):
        lines = {
            line
            for passage in passages
            if f"{names[0]}: T-{row}\n" in passage.text
            for line in passage.text.split("\n")
        }
        pairs = zip(names, cells, strict=True)
        assert {f"{name}: {cell}" for name, cell in pairs if cell} <= lines
        assert (f"{names[7]}:" in "\n".join(lines)) == (row != 3)


def test_a_table_of_long_questions_and_short_answers_is_written_by_its_columns() -> (
    None
):
    names = ["Participant", *(f"Question {n}: " + "how much? " * 9 for n in range(99))]
    rows = [[f"Ann{row}", *(str(row % 5) for _ in range(99))] for row in range(200)]
    table = table_of(names, rows)
    passages = split(ParsedFile((table,)), "hash", "x.csv")
    texts = [passage.text for passage in passages]
    assert sum(map(len, texts)) < 4 * len(table.text)
    assert all(len(text) <= MAX_CHARACTERS for text in texts)
    assert all(text.startswith("Question ") for text in texts)
    for number in (0, 50, 98):
        of_question = [text for text in texts if f"Question {number}: " in text]
        answers = "\n".join(of_question).split("\n")
        assert {f"Ann{row}: {row % 5}" for row in range(200)} <= set(answers)


def test_a_row_that_is_longer_than_a_passage_keeps_the_names_of_its_columns() -> None:
    long = words(400)
    rows = [["T-1", "short"], ["T-2", long], ["T-3", "short|too"]]
    rows += [[f"T-{number}", "short"] for number in range(4, 400)]
    table = table_of(["Ticket", "Description"], rows)
    passages = split(ParsedFile((table,)), "hash", "x.csv")
    texts = [passage.text for passage in passages]
    assert all("Ticket" in text and "Description" in text for text in texts)
    of_long = [text for text in texts if "harbour." in text]
    assert len(of_long) > 2
    assert all(text.startswith("Ticket: T-2\nDescription: ") for text in of_long)
    assert sum(text.count("harbour.") for text in texts) == 400
    assert any("| T-3 | short\\|too |" in text for text in texts)


def test_names_too_long_to_stand_at_every_value_are_whole_once() -> None:
    names = ["Who", *(f"Q{number} " + words(60) for number in range(20))]
    rows = [[f"Ann{row}", *("yes" for _ in range(20))] for row in range(30)]
    passages = split(ParsedFile((table_of(names, rows),)), "hash", "x.csv")
    texts = [passage.text for passage in passages]
    assert all(len(text) <= MAX_CHARACTERS for text in texts)
    assert any(names[7].strip() in text for text in texts)
    assert any("Q7 harbour." in text and "Ann3: yes" in text for text in texts)


def test_whatever_is_long_in_a_table_its_pieces_are_not() -> None:
    cells = ["x" * 5000, words(600), ""]
    for names in product(cells, repeat=2):
        for row in product(cells, repeat=2):
            table = table_of(["", *names], [["", *row], ["a", "b", "c"], [*row, "d"]])
            passages = split(ParsedFile((table,)), "hash", "x.csv")
            assert all(len(passage.text) <= MAX_CHARACTERS for passage in passages)


def test_a_passage_of_several_small_parts_is_named_by_each() -> None:
    elements = (
        title("Clinic", depth=0),
        title("Prices", depth=1),
        prose("A vaccination is 45 euros."),
        title("Team", depth=1),
        title("Dr Thal", depth=2),
        prose("Surgery."),
    )
    [passage] = split(ParsedFile(elements), "hash", "x.html")
    assert passage.heading == "Clinic > Prices, Team"
    within = (title("A", depth=0), prose("a."), title("B", depth=1), prose("b."))
    [passage] = split(ParsedFile(within), "hash", "x.html")
    assert passage.heading == "A"
