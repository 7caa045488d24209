"""What an answer means that names it by its place."""

from __future__ import annotations

import pytest

from tests.unit.extract.talks import talk
from workers.pipeline.extract.facts.pointed_at import meant_option
from workers.pipeline.extract.speech.turns import turns_of

LIST = "1. Hotel Marit, 95\n2. Pension Olga, 62\n3. City Loft, 120"


def meant(offer: str, answer: str) -> str:
    before, said = talk(("assistant", offer), ("user", answer)).messages
    return meant_option(turns_of(said)[0], turns_of(before)[0])


@pytest.mark.parametrize(
    "answer",
    [
        "number 2 then, booking it now",
        "the second one, paid already",
        "那就第二家，已经订好了",
        "die zweite, schon gebucht",
        "la segunda, ya pagada",
        "la deuxième, c'est réservé",
        "la seconda, già prenotata",
        "a opção 2, já paguei",
        "вариант 2, уже оплатил",
        "2番にします",
        "2번으로 할게요",
    ],
)
def test_a_place_means_the_option_that_stands_there(answer: str) -> None:
    assert meant(LIST, answer) == "Pension Olga, 62"


@pytest.mark.parametrize(
    ("offer", "answer"),
    [
        (LIST, "we are 2 adults and a dog"),
        (LIST, "the second week of May would suit us"),
        (LIST, "number 7 then"),
        (LIST, "is number 2 near the harbour?"),
        (LIST, "the first one or the third one, my wife decides"),
        ("For how many people? And what time?", "4, at 19:30"),
    ],
)
def test_what_names_no_place_means_no_option(offer: str, answer: str) -> None:
    assert meant(offer, answer) == ""


def test_of_an_offer_without_a_list_all_is_meant() -> None:
    offer = "I'd take the X13 over the Framework 13."
    assert meant(offer, "went with the first one") == offer
