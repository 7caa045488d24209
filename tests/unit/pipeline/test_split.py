"""Split: passages with their pages and headings."""

from __future__ import annotations

from dataclasses import dataclass

from unstructured.documents.elements import (
    Element,
    ElementMetadata,
    ListItem,
    NarrativeText,
    Table,
    Title,
)

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
