"""What a newer edition of a file says goes before what an older one said."""

from __future__ import annotations

import pytest

from services.gateway.recall.newer_editions import newer_editions_first
from services.gateway.recall.scoring import Score, ScoredMatch
from shared.domain.memory import Memory, Origin, Type
from shared.domain.scope import Scope

FEE = "Late fee: a book that comes back late costs {} cents a day, at most 8 euros."
GEBUEHR = "逾期费：书晚还一天收{}毛，最多八块。"


def passage(
    text: str, at: int, file: str = "rules.md", source: str = "", base: str = ""
) -> ScoredMatch:
    origin = Origin(file=file, source=source or f"bytes-{at}")
    memory = Memory(
        text,
        Scope("p", "u"),
        Type.USER,
        text,
        origins=(origin,),
        created_at=at,
        knowledge_base=base,
    )
    return ScoredMatch(memory, 1 - at / 10, Score())


@pytest.mark.parametrize("sentence", [FEE, GEBUEHR])
def test_the_newer_edition_goes_first(sentence: str) -> None:
    old, new = passage(sentence.format(30), 1), passage(sentence.format(45), 2)
    ordered = newer_editions_first([old, new])
    assert [match.memory.text for match in ordered] == [
        new.memory.text,
        old.memory.text,
    ]
    assert ordered[0].relativity == old.relativity


@pytest.mark.parametrize(
    "other",
    [
        passage(FEE.format(45), 2, file="other.md"),
        passage(FEE.format(45), 2, source="bytes-1"),  # the same edition
        passage(FEE.format(45), 2, base="rome"),
        passage("Opening hours: Monday to Friday from nine to six.", 2),
    ],
)
def test_what_is_no_newer_edition_stays(other: ScoredMatch) -> None:
    old = passage(FEE.format(30), 1)
    assert newer_editions_first([old, other]) == [old, other]


@pytest.mark.parametrize("name", ["image.png", "IMG.JPG", "file 1"])
def test_pictures_and_files_without_a_name_have_no_editions(name: str) -> None:
    old, new = passage(FEE.format(30), 1, name), passage(FEE.format(45), 2, name)
    assert newer_editions_first([old, new]) == [old, new]
