"""What the command line says of tasks and searches."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from souvenir_client import explanation, outcomes, show
from souvenir_client.values import Json, Task
from workers.pipeline.jobs import feedback
from workers.pipeline.orders import forgotten, obey


def task(**raw: object) -> Task:
    return Task("t", "completed", raw=dict(raw))


def receipt(outcome: str, kind: str = "fact", id: str = "m") -> Json:
    return {"outcome": outcome, "kind": kind, "memory_id": id}


@pytest.mark.parametrize(
    "receipts, words",
    [
        ([], "nothing to remember was found in it"),
        ([receipt("stored")], "1 fact stored"),
        (
            [receipt("stored"), receipt("stored"), receipt("stored", "preference")],
            "2 facts and 1 preference stored",
        ),
        (
            [receipt("merged"), receipt("superseded"), receipt("stored", "tool")],
            "1 tool memory stored, 1 fact updated, 1 fact known already",
        ),
        ([receipt("somehow new")], "1 fact somehow new"),
    ],
)
def test_receipts_by_outcome_and_kind(receipts: list[Json], words: str) -> None:
    assert outcomes.summary(task(receipts=receipts)) == words


def order(outcome: str, reason: str, id: str = "") -> Json:
    return {"outcome": outcome, "kind": "fact", "memory_id": id, "reason": reason}


@pytest.mark.parametrize(
    "receipts, words",
    [
        (
            [order("dropped", obey.NOTHING_MATCHES)],
            "nothing was forgotten: nothing matches",
        ),
        (
            [order("dropped", forgotten.SEVERAL_MATTERS)],
            "nothing was forgotten: the memory that may be meant tells of other things"
            " too and has none of these words; it stays. Say the words that it has, or"
            " call delete/memory",
        ),
        ([order("archived", obey.FORGOTTEN, "m")], "1 fact forgotten"),
        (
            [
                order("archived", obey.FORGOTTEN, "m"),
                order("stored", obey.REMAINDER, "n"),
                order("dropped", obey.NOTHING_MATCHES),
            ],
            "1 fact forgotten, what else was said kept as 1 fact, not everything was"
            " forgotten: nothing matches",
        ),
        ([order("dropped", obey.KEPT_OUT)], "not remembered, as wished"),
        (
            [
                order("restored", obey.BROUGHT_BACK, "m"),
                order("archived", obey.WHOLE_AGAIN, "n"),
            ],
            "undone: 1 fact brought back",
        ),
        (
            [order("dropped", obey.NOTHING_TO_RESTORE)],
            "nothing was undone: nothing was forgotten within the last day",
        ),
        (
            [order("dropped", feedback.UNCLEAR)],
            "feedback ignored: it does not say what is right, nor clearly what is to be"
            " forgotten",
        ),
        (
            [order("dropped", "small talk that changes nothing known")],
            "1 fact left out",
        ),
    ],
)
def test_what_became_of_an_order(receipts: list[Json], words: str) -> None:
    assert outcomes.summary(task(receipts=receipts)) == words


@pytest.mark.parametrize(
    "reason",
    [
        obey.NOTHING_MATCHES,
        obey.NOT_UNDERSTOOD,
        obey.NOT_EVERYTHING,
        forgotten.SEVERAL_MATTERS,
        forgotten.NO_FORMER,
    ],
)
def test_every_reason_of_an_order_that_does_nothing_is_known(reason: str) -> None:
    said = outcomes.summary(task(receipts=[order("dropped", reason)]))
    assert said.startswith("nothing was forgotten: ")


def test_a_server_that_says_nothing_of_memories() -> None:
    assert outcomes.summary(task()) == ""


def test_files_with_their_pages_and_what_could_not_be_read() -> None:
    files = [
        {"name": "a.pdf", "status": "completed", "pages": 12, "message": ""},
        {"name": "b.pdf", "status": "failed", "pages": 0, "message": "damaged"},
    ]
    read = task(receipts=[receipt("stored")], files=files, remarks=["model away"])
    assert outcomes.summary(read) == "12 pages of a.pdf: 1 fact stored"
    assert outcomes.problems(read) == ["b.pdf: damaged", "model away"]


def test_progress_moves_in_the_unit_of_the_step() -> None:
    """Passages are all done while memories are embedded, the longest part."""
    progress = {"pages": 9, "passages": 352, "passages_done": 352, "memories": 80}
    assert show.unit_of("extract", progress) == "passages"
    assert show.unit_of("embed", progress) == "memories"
    assert show.unit_of("store", progress) == "memories"
    assert show.unit_of("parse", progress) == "pages"
    assert show.unit_of("describe", progress) == "passages"
    assert show.unit_of("queued", {}) == ""


def test_ids_are_never_cut() -> None:
    lines = list(show.aligned(("id", "x"), [("i" * 200, "字 字\nb"), ("a", "c")]))
    assert lines[1] == "i" * 200 + "  字 字 b"
    assert lines[2].index("c") == 202


def test_the_terms_of_a_score_are_drawn() -> None:
    drawn = io.StringIO()
    row = {
        "question": 0,
        "kind": "fact",
        "rank": 1,
        "relativity": 0.8,
        "total": 5.0,
        "text": "The user lives in [Rome].",
        "verdict": "returned",
        "terms": {"meaning": 6.0, "lexical": 0.0, "speaker": -1.0},
    }
    cut = {**row, "rank": 2, "relativity": None, "verdict": "below_threshold"}
    explanation.draw(
        Console(file=drawn, width=80),
        {
            "threshold": 0.45,
            "questions": [{"text": "Where?"}],
            "considered": [row, cut],
        },
    )
    text = drawn.getvalue()
    assert "fact: Where?" in text and "5.00 = 6.00 meaning - 1.00 speaker" in text
    assert "lexical" not in text, "a term that counts for nothing is left out"
    assert "[Rome]" in text and "(below the threshold)" in text
    assert "a relativity of 0.45" in text
