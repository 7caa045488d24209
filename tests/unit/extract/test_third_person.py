"""Who is spoken of: the first person by name, in English and Chinese, and other
languages left alone.
"""

from __future__ import annotations

import pytest

from workers.pipeline.extract.speech.third_person import third_person, well_typed


@pytest.mark.parametrize(
    ("first", "third"),
    [
        (
            "Mine is blue. I hurt myself and my friends helped me.",
            "The user's is blue. They hurt themselves and their friends helped them.",
        ),
        (
            "Can you write me a letter? I have a master's.",
            "Can you write the user a letter? They have a master's.",
        ),
        (
            "I already ordered it and I also need quiet.",
            "The user already ordered it and they also need quiet.",
        ),
        ("I need quiet.", "The user needs quiet."),
        ("I live alone and work at home.", "The user lives alone and works at home."),
        ("I want to rest and eat well.", "The user wants to rest and eat well."),
        ("I HATE NOISE.", "The user HATES NOISE."),
        ("Hola, me caso con Marcos el sábado.", "Hola, me caso con Marcos el sábado."),
        (
            "Das ist mein Hund, er ist nicht alt.",
            "Das ist mein Hund, er ist nicht alt.",
        ),
        ("I love the la la song.", "The user loves the la la song."),
        ("My boss 老王 wants it", "The user's boss 老王 wants it"),
        ("我和我先生都去。我妈高兴坏了。", "用户和其先生都去。用户的妈高兴坏了。"),
        ("I'm Priya. I bake.", "The user's name is Priya. They bake."),
        (
            "Hi, I'm Tom and I work at a bank.",
            "Hi, the user's name is Tom and they work at a bank.",
        ),
        ("I'm Italian and I cook.", "The user is Italian and they cook."),
        ("I'm Happy to help.", "The user is Happy to help."),
        ("你好，我叫陈静，在杭州上班。", "你好，用户的名字叫陈静，在杭州上班。"),
        ("我叫外卖了。", "用户叫外卖了。"),
        ("我的快递丢了，气死我了", "用户的快递丢了，气死我了"),
    ],
)
def test_the_speaker_is_named(first: str, third: str) -> None:
    assert third_person(first) == third


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("i dont eat fish and im happy", "I don't eat fish and I'm happy"),
        ("so i've moved", "so I've moved"),
        ("they arent here", "they aren't here"),
        ("for i in range(3)", "for i in range(3)"),
        ("part i of it, i.e. this", "part i of it, i.e. this"),
        ("Iron Man", "Iron Man"),
    ],
)
def test_typing_in_a_hurry_is_understood(typed: str, spelt: str) -> None:
    assert well_typed(typed) == spelt
