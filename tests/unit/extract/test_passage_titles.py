"""Titles and tags of passages of documents."""

from __future__ import annotations

from shared.domain.extraction import Draft
from shared.domain.passage import Passage
from workers.pipeline.extract.facts.passage_facts import facts_of_passages


def draft(text: str, heading: str = "") -> Draft:
    passage = Passage(text, "source", "plan.pdf", 0, heading=heading)
    (found,) = facts_of_passages([passage])
    return found


def test_a_heading_loses_what_is_above_it_rather_than_its_end() -> None:
    heading = "The handbook of the northern region > Part three, rivers > Bridges"
    title = draft("The stone bridge was built in 1810.", heading).title
    assert title == "Part three, rivers > Bridges"


def test_a_long_heading_is_not_cut_within_a_word() -> None:
    heading = "Regulations on the loading, unloading and weighing of ferries abroad"
    title = draft("The stone bridge was built in 1810.", heading).title
    assert len(title) <= 60 and heading.startswith(f"{title} ")


def test_no_line_break_gets_into_title_and_tags() -> None:
    found = draft("OFFICE OF THE HARBOUR\n\nThe Ferry Act of the harbour master")
    assert not any("\n" in words for words in (found.title, *found.tags))


def test_a_picture_is_named_by_the_text_in_it() -> None:
    said = "A picture named zh.png (PNG, 820 × 560 pixels, 31 KB)."
    found = draft(f"{said} The text in it follows.\n储物柜密码是6614，请勿外传")
    assert found.title == "储物柜密码" and found.tags[:1] == ("储物柜",)
    assert draft(f"{said} No text was found in it.").title == "plan.pdf"


def test_a_heading_stands_once_above_its_text() -> None:
    text = "Harbour\n\nFerries\n\nThe ferry leaves at nine.\n\nFerries\n\nend."
    found = draft(text, "Harbour > Ferries")
    assert found.text == (
        "Harbour > Ferries\nThe ferry leaves at nine.\n\nFerries\n\nend."
    )
    assert draft("Harbour ferries", "Harbour ferries").text == "Harbour ferries"
