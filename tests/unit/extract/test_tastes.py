"""Tastes in sentences that tell something else as well are preferences, and facts too."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from shared.domain.memory import Type
from shared.domain.message_reading import Reading, Utterance
from tests.fakes.reader import ScriptedReader
from tests.unit.extract.talks import talk
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor
from workers.pipeline.extract.statements.tastes import own_clauses

TASTE = ("explicit_preference", "user")
FACT = ("fact", "user")


class ClauseReader:
    """Reads a whole text as `mostly` and one of its clauses, alone, as a taste."""

    def __init__(
        self, text: str, taste: str, mostly: tuple[str, str], *labels: str
    ) -> None:
        self._whole = ScriptedReader({text: mostly}, {text: labels})
        self._alone = ScriptedReader({taste: TASTE})
        self._text = text

    async def read(
        self, messages: Sequence[Utterance], *, urgent: bool = False
    ) -> list[Reading]:
        is_whole = any(message.text == self._text for message in messages)
        return await (self._whole if is_whole else self._alone).read(messages)


@pytest.mark.parametrize("mostly", [FACT, TASTE])
@pytest.mark.parametrize(
    ("text", "taste", "fact", "preference"),
    [
        (
            "I'm Lena and I hate coriander.",
            "I hate coriander",
            "The user's name is Lena and the user hates coriander.",
            "The user hates coriander",
        ),
        (
            "我是程序员，但是我不喜欢喝茶。",
            "我不喜欢喝茶",
            "用户是程序员，但是用户不喜欢喝茶。",
            "用户不喜欢喝茶",
        ),
        (
            "Ich wohne in Kiel und ich mag keine Oliven.",
            "ich mag keine Oliven",
            "User: Ich wohne in Kiel und ich mag keine Oliven.",
            "The user says: ich mag keine Oliven",
        ),
        (
            "Je travaille à Lyon et je déteste la coriandre.",
            "je déteste la coriandre",
            "User: Je travaille à Lyon et je déteste la coriandre.",
            "The user says: je déteste la coriandre",
        ),
        (
            "Vivo en Vigo y prefiero el té verde.",
            "prefiero el té verde",
            "User: Vivo en Vigo y prefiero el té verde.",
            "The user says: prefiero el té verde",
        ),
    ],
)
async def test_a_taste_beside_a_fact_is_a_preference_and_the_sentence_a_fact(
    text: str, taste: str, fact: str, preference: str, mostly: tuple[str, str]
) -> None:
    reader = ClauseReader(text, taste, mostly, "preference", "fact")
    extraction = await BuiltInExtractor(reader).from_talk(talk(("user", text)))
    assert {(d.type is Type.EXPLICIT, d.text) for d in extraction.drafts} == {
        (False, fact),
        (True, preference),
    }


@pytest.mark.parametrize(
    "text",
    ["I love tea and I hate coffee.", "I live in Cork and my sister hates it."],
)
def test_clauses_begin_with_a_subject(text: str) -> None:
    assert len(own_clauses(text)) == 2
    assert own_clauses("I like cats and dogs, big ones.") == []


async def test_a_taste_told_in_two_clauses_is_one() -> None:
    text = "I no longer drink coffee, I switched to tea."
    reader = ClauseReader(text, "I no longer drink coffee", TASTE, "preference")
    extraction = await BuiltInExtractor(reader).from_talk(talk(("user", text)))
    [draft] = extraction.drafts
    assert "tea" in draft.text
