"""A correction is understood alone."""

from __future__ import annotations

import pytest

from workers.pipeline.orders.subject import with_subject


@pytest.mark.parametrize(
    ("correction", "before", "text"),
    [
        (
            "No, it's June 28.",
            ["Ines's appointment is on June 18."],
            "(Ines's appointment is on June 18) No, it's June 28.",
        ),
        ("不对，是周三。", ["会议在周二。"], "（会议在周二）不对，是周三。"),
        (
            "I meant Rui, not Ines.",
            ["Ines is allergic to walnuts.", "I live in Porto."],
            "(Ines is allergic to walnuts) I meant Rui, not Ines.",
        ),
        ("Nein, am 28. Juni.", [], "Nein, am 28. Juni."),
        (
            "疫苗写错了，是两针。",
            ["名字：豆包\n疫苗：三针\n饮食：鸡肉"],
            "（疫苗：三针）疫苗写错了，是两针。",
        ),
        (
            "The shop opens at 9:30 on Sundays, not 9.",
            ["I live in Porto."],
            "The shop opens at 9:30 on Sundays, not 9.",
        ),
        (
            "No, the dentist appointment is on June 28.",
            ["The dentist appointment is on June 18."],
            "No, the dentist appointment is on June 28.",
        ),
    ],
)
def test_the_subject_stands_in_front(
    correction: str, before: list[str], text: str
) -> None:
    assert with_subject(correction, before) == text
