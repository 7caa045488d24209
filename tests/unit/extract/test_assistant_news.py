"""What an assistant says that is more than an echo."""

from __future__ import annotations

import pytest

from tests.unit.extract.talks import said
from workers.pipeline.extract.facts.assistant_news import tells_news
from workers.pipeline.extract.speech.turns import Turn
from workers.pipeline.extract.statements.statement import Statement, TurnReading


def reading(text: str, worth: float = 0.99) -> TurnReading:
    statement = Statement(text, "fact", "user", 0, {"fact": 1.0})
    turn = Turn(said("assistant", text), "", text)
    return TurnReading(turn, (statement,), {"worth_keeping": worth})


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("Great, the in-ear ones it is.", "I take the in-ear ones"),
        ("Noted, no mackerel.", "I hate mackerel"),
        ("收到，demo 改到 6 月 18 日。", "demo 改到 6 月 18 日"),
        ("Entendido, menú sin gluten.", "quiero un menú sin gluten"),
        ("Your window seat is by the aisle window.", "window seat by the aisle window"),
        ("Keep band-aids handy.", "i'm training a kid, he cut himself twice"),
        ("多了三周时间。", "考试延到12月了"),
        ("Non-bio only, noted.", "bio brings me out in hives"),
    ],
)
def test_a_confirmation_is_no_news(text: str, earlier: str) -> None:
    assert not tells_news(reading(text), [earlier])


@pytest.mark.parametrize(
    "text",
    [
        "Great, table 14 is booked.",
        "好的，预约号是A1023。",
        "Try the bakery in Ostia.",
        "A plan: one, rest the knee for two weeks; two, swim, at first without fins; three,"
        " see a doctor about the meniscus, then begin to run on soft ground again.",
    ],
)
def test_figures_proposals_and_long_answers_are(text: str) -> None:
    assert tells_news(reading(text), ["I hurt my knee"])


def test_a_remark_that_is_hardly_worth_it_is_none() -> None:
    assert not tells_news(reading("Rome is lovely in spring.", worth=0.5), ["Rome"])
