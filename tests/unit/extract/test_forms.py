"""Forms, questionnaires and tables: values keep their labels, answers their questions."""

from __future__ import annotations

import pytest

from shared.language.sentences import joined, labelled, sentences
from workers.pipeline.extract.speech.forms import is_form, readable


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Q: Do you smoke?\nA: No\nQ: City?\nA: Porto",
            "Q: Do you smoke? A: No; Q: City? A: Porto",
        ),
        (
            "问：吸烟吗？\n答：不\n问：城市？\n答：成都",
            "问：吸烟吗？答：不；问：城市？答：成都",
        ),
        ("Do you smoke?\nNo\nCity?\nPorto", "Do you smoke? – No; City? – Porto"),
        ("Smoker? No\nMarried? Yes", "Smoker? – No; Married? – Yes"),
        ("是否吸烟？\n否\n是否已婚？\n是", "是否吸烟？–否；是否已婚？–是"),
        ("Smoker: no\nAllergies: none", "Smoker: no; Allergies: none"),
        ("smoker: no\nallergies: none", "smoker: no; allergies: none"),
        ("是否吸烟：否\n是否已婚：是", "是否吸烟：否；是否已婚：是"),
        ("早餐：粥\n午餐：面", "早餐：粥；午餐：面"),
        ("喫煙：なし\nアレルギー：卵", "喫煙：なし；アレルギー：卵"),
        ("Fumeur : non\nAllergies : œufs", "Fumeur : non; Allergies : œufs"),
        (
            "Plan:\n| Day | What |\n|---|:--|\n| **Mon** | legs |\n| Tue | |",
            "Plan: Day: Mon; What: legs; Day: Tue",
        ),
        (
            "| | Mon | Tue |\n|--|--|--|\n| Ana | early | late |",
            "Ana: Mon: early; Tue: late",
        ),
        ("To buy:\n- milk\n- eggs", "To buy: milk; eggs"),
        (
            "I moved to\nRome last week. It rains.",
            "I moved to Rome last week. It rains.",
        ),
        ("我搬家了。\n很累", "我搬家了。很累"),
        ("うれしいです。\n猫がいます。", "うれしいです。猫がいます。"),
        ("Is it late? A train comes.", "Is it late? A train comes."),
    ],
)
def test_rows_read_well_in_one_line(text: str, told: str) -> None:
    assert joined(sentences(readable(text))) == told


def test_an_answer_is_one_sentence_with_its_question() -> None:
    text = "Q: Do you smoke?\nA: No\nQ: City?\nA: Porto"
    assert sentences(text) == ["Q: Do you smoke?\nA: No", "Q: City?\nA: Porto"]
    assert sentences("Can I have mango?\nI am diabetic.") == [
        "Can I have mango?",
        "I am diabetic.",
    ]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Smoker: no\nAllergies: none", True),
        ("Here you are:\nRaucher: nein\nDiät: vegan\nAlter: 43", True),
        ("是否吸烟：否\n是否已婚：是", True),
        ("Note: it closes at nine.", False),
        ("I moved.\nThe car is red.\nNote: it is fast\nEdit: no", False),
        ("https://example.org\nhttps://example.com", False),
    ],
)
def test_a_form_is_mostly_labels_with_values(text: str, form: bool) -> None:
    assert is_form(text) is form


@pytest.mark.parametrize(
    "line", ["To buy:", "It is late.", "https://example.org", "10:30"]
)
def test_what_has_no_value_or_no_label_is_no_row(line: str) -> None:
    assert not labelled(line)


def test_a_question_in_a_transcript_is_not_joined_to_who_answers_it() -> None:
    text = "Zoe: who drives?\nIda: I do\nZoe: and Sunday?\nUwe: not me"
    assert readable(text) == text
