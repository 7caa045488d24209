"""Which instructions bear on every answer, by the model that is shipped."""

from __future__ import annotations

import pytest

from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.domain.memory import EVERY_ANSWER
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.reader import ScriptedReader
from tests.unit.extract.talks import talk
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor
from workers.pipeline.extract.preferences.standing import StandingInstructions

ON_EVERY_ANSWER = (
    "Answer me in Polish from now on, I'm practising.",
    "no emojis please, they look silly on my phone",
    "Bitte kurz fassen, ich lese das zwischen zwei Terminen.",
    "以后先给结论，我在地铁上看的。",
    "Llámame Nico, nada de señor.",
    "My screen reader stumbles over tables, so plain sentences only.",
    "箇条書きはやめて、普通の文章で答えて。",
)
ON_SOME = (
    "The kitchen must have a window, and no ground floor.",
    "Nobody cries in my play before the third act.",
    "Whenever you write to my landlord for me, keep it formal.",
    "Rezepte bitte immer für fünf Personen.",
    "不要推荐要排队的餐厅。",
    "Never suggest cruises, I get seasick.",
    "散文の締めは雨の場面にして。",
)


@pytest.fixture(scope="module")
def standing() -> StandingInstructions:
    return StandingInstructions(OnnxEmbedder())


@pytest.mark.parametrize("said", ON_EVERY_ANSWER)
async def test_what_bears_on_every_answer(
    standing: StandingInstructions, said: str
) -> None:
    assert await standing.among([said]) == {said}


@pytest.mark.parametrize("said", ON_SOME)
async def test_what_bears_on_some(standing: StandingInstructions, said: str) -> None:
    assert await standing.among([said]) == frozenset()


async def test_with_another_embedder_words_on_the_manner_decide() -> None:
    others = StandingInstructions(FakeEmbedder())
    short, cruises = "Keep your answers brief.", "Never suggest cruises."
    assert await others.among([short, cruises]) == {short}


async def test_a_wish_about_what_is_made_does_not_come_with_every_answer() -> None:
    text = "No rhymes in the toast, and not a word about his first wife."
    reader = ScriptedReader({text: ("instruction", "user")})
    extraction = await BuiltInExtractor(reader, OnnxEmbedder()).from_talk(
        talk(("user", text))
    )
    [draft] = [draft for draft in extraction.drafts if "rhymes" in draft.text]
    assert EVERY_ANSWER not in draft.tags
