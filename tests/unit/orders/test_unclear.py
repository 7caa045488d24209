"""Orders that may take too much along, and orders that are not understood, say so."""

from __future__ import annotations

import pytest

from tests.unit.orders.test_obey import SCOPE, bench_with, said
from workers.pipeline.corrections import parts
from workers.pipeline.orders.forgotten import SEVERAL_MATTERS, is_clearly_meant
from workers.pipeline.orders.obey import NOT_UNDERSTOOD, NOTHING_MATCHES
from workers.pipeline.orders.telling_words import named
from workers.pipeline.orders.wordings import language_of

MOVED = "We moved from Hamburg to Kiel in May, and Ben started at a bakery."


async def test_what_is_meant_by_its_meaning_alone_takes_no_other_matter_along() -> None:
    worker = await bench_with(MOVED)
    before = worker.texts()
    job = await said(worker, "Please forget where we used to live.", 5)
    assert worker.texts() == before
    [receipt] = job.receipts
    assert receipt.reason in (SEVERAL_MATTERS, NOTHING_MATCHES)


async def test_a_memory_of_several_matters_goes_whole_only_by_its_words() -> None:
    worker = await bench_with(MOVED)
    [memory] = worker.remembered(SCOPE.user)
    english = language_of("en")
    assert not is_clearly_meant(memory, named("my old home", english))
    assert is_clearly_meant(memory, named("Hamburg", english))


@pytest.mark.parametrize(
    ("known", "order"),
    [
        (
            "My neighbour Dana has a parrot.",
            "Treat Dana as if you had never known her, wipe the slate.",
        ),
        ("我的邻居丹丹养了一只鹦鹉。", "丹丹的事你就当没听过，全抹掉。"),
        (
            "Meine Nachbarin Dana hat einen Papagei.",
            "Dana soll aus deinem Gedächtnis verschwinden.",
        ),
    ],
)
async def test_an_order_that_is_not_understood_is_answered(
    known: str, order: str
) -> None:
    worker = await bench_with(known)
    before = worker.texts()
    job = await said(worker, order, 5)
    assert worker.texts() == before
    assert [receipt.reason for receipt in job.receipts] == [NOT_UNDERSTOOD]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("My flight is on the 8th and the hotel is the Astoria.", 2),
        ("My dog is called Bo. My cat is called Mia.", 2),
        ("Mi vuelo es el 8 y mi hotel es el Astoria.", 2),
        ("我住在苏州，我的车是比亚迪。", 2),
        ("I live in Halle and work in Leipzig.", 1),
        ("It is red and blue.", 1),
        ("The spare key is in the mailbox.", 1),
    ],
)
def test_a_correction_of_several_things_has_parts(
    statement: str, expected: int
) -> None:
    assert len(parts(statement)) == expected
