"""What is polite and tells nothing, beside what looks like it and tells something."""

from __future__ import annotations

import pytest

from workers.pipeline.extract.speech.small_talk import is_polite_phrase, is_small_talk


@pytest.mark.parametrize(
    "sentence",
    [
        "Perfect, thanks a lot!",
        "Cheers!",
        "Will do. bye!",
        "You're welcome, have a nice day!",
        "好的，记下了。",
        "谢谢啦",
        "哈哈是啊",
        "¡Muchas gracias!",
    ],
)
def test_polite_words_only(sentence: str) -> None:
    assert is_polite_phrase(sentence) and is_small_talk(sentence, "")


@pytest.mark.parametrize(
    "sentence",
    [
        "Yes, twice a week",
        "In the morning",
        "My dog died",
        "Thanks, the flight is at 9",
        "我妈很好",
        "谢谢，我住在杭州",
    ],
)
def test_polite_words_beside_others(sentence: str) -> None:
    assert not is_polite_phrase(sentence)


@pytest.mark.parametrize(
    "said, answered",
    [
        ("Understood, plain SQL and no ORM.", "No ORM please, we write plain SQL."),
        ("Good choice. Which layout do you need?", "I take the small keyboard."),
        ("It is good to hear that she is recovering.", "My aunt is recovering."),
        ("明白，不再使用表情符号。", "以后别用表情符号。"),
    ],
)
def test_an_assistant_that_only_answers(said: str, answered: str) -> None:
    assert is_small_talk(said, answered)


@pytest.mark.parametrize(
    "said, answered",
    [
        ("The capital of Australia is Canberra.", "What is the capital of Australia?"),
        ("Ordered, it should arrive on Tuesday by courier.", "The black one please."),
        ("Your budget of 800 covers two nights.", "I have 800."),
        ("昆明住两天，大理住三天，再坐小火车去建水。", "我爸妈都去。"),
    ],
)
def test_an_assistant_that_tells_something(said: str, answered: str) -> None:
    assert not is_small_talk(said, answered)
