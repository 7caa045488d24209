"""The clauses of statements in several languages, and their places."""

from __future__ import annotations

import pytest

from workers.pipeline.merge.clauses import clauses, of_assistant, without_quote_of


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "User: Rent is 1,450.50 a month, due on 3 May at 10:30. (4 March 2025)",
            ["Rent is 1,450.50 a month", "due on 3 May at 10:30"],
        ),
        (
            "The user has a dog and a cat but no fish.",
            ["The user has a dog", "and a cat", "but no fish"],
        ),
        ("User: (How much is it, all in?) 2,300", ["2,300"]),
        (
            "用户：体检约在4月22号，在市一医院；要空腹。",
            ["体检约在4月22号", "在市一医院", "要空腹"],
        ),
        ("用户：（你几岁？）四十", ["四十"]),
        (
            "Ben: Ich wohne in Kiel und arbeite in Bonn.",
            ["Ich wohne in Kiel", "und arbeite in Bonn"],
        ),
        (
            "La cena es el viernes, y el cine el lunes",
            ["La cena es el viernes", "y el cine el lunes"],
        ),
        ("मेरा भाई दिल्ली में है। बहन यहाँ।", ["मेरा भाई दिल्ली में है", "बहन यहाँ"]),
        ("أسكن في القاهرة، وأعمل هنا", ["أسكن في القاهرة", "وأعمل هنا"]),
        (
            "The trip (June, July) is booked; the car is not.",
            ["The trip (June, July) is booked", "the car is not"],
        ),
        (
            "User: Height 171 cm | weight 74 kg\npulse 60",
            ["Height 171 cm", "weight 74 kg", "pulse 60"],
        ),
        ("用户：我住在上海,养了一只猫", ["我住在上海", "养了一只猫"]),
        (
            "User: I fed the cats,the dogs at 9 a.m. sharp",
            ["I fed the cats", "the dogs at 9 a.m. sharp"],
        ),
        (
            "The user works at St. Mary's as a nurse.",
            ["The user works at St. Mary's as a nurse"],
        ),
        (
            "The bus leaves from stop no. 5. The rent is 1,150 € incl. heating.",
            ["The bus leaves from stop no. 5", "The rent is 1,150 € incl. heating"],
        ),
        (
            "She said no. Ben left at 10. Rent is 9.",
            ["She said no", "Ben left at 10", "Rent is 9"],
        ),
        ("La Dra. Ruiz llamó. Vive aquí.", ["La Dra. Ruiz llamó", "Vive aquí"]),
        (
            "Der Bus fährt ab Nr. 7. Er ist rot.",
            ["Der Bus fährt ab Nr. 7", "Er ist rot"],
        ),
        (
            "Je travaille avec ma mère à Brest et je chante.",
            ["Je travaille avec ma mère à Brest", "et je chante"],
        ),
        (
            "Ich wohne in der Bahnhofstr. 12 in Fulda. Sie ist laut.",
            ["Ich wohne in der Bahnhofstr. 12 in Fulda", "Sie ist laut"],
        ),
        ("", []),
        ("User: ... (4 March 2025)", []),
    ],
)
def test_clauses(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "assistants"),
    [
        ("Assistant: The rent is high.", True),
        ("The assistant suggested Ostia.", True),
        ("助手说：房租很高", True),
        ("助手：房租很高", True),
        ("User: The assistant at the bakery is Mia.", False),
        ("助手席空着", False),
        ("The user's assistant is Mia.", False),
    ],
)
def test_whose_words_they_are(text: str, assistants: bool) -> None:
    assert of_assistant(text) is assistants


@pytest.mark.parametrize(
    ("older", "text", "rest"),
    [
        (
            "Pilar: gigs mostly. We play the Tin Shed on 17 May",
            "Pilar: (We play the Tin Shed on 17 May) shut up",
            "Pilar: shut up",
        ),
        (
            "用户：我妈从重庆过来帮我，住店楼上",
            "用户：（我妈从重庆过来帮我，住店楼上。）她腿脚不行",
            "用户：她腿脚不行",
        ),
        ("User: Notes on 17 May", "User: (No) of course", "User: (No) of course"),
        (
            "User: a dog",
            "User: (Do you have pets?) a cat",
            "User: (Do you have pets?) a cat",
        ),
    ],
)
def test_what_is_quoted_of_the_older_statement_is_left_out(
    older: str, text: str, rest: str
) -> None:
    assert without_quote_of(older, text) == rest
