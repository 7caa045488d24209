"""On which matter standing instructions are, and what is embedded to know it."""

from __future__ import annotations

from shared.domain.memory import EVERY_ANSWER, Memory, Type
from shared.domain.scope import Scope
from tests.fakes.embedder import FakeEmbedder
from workers.pipeline.merge.instruction_matters import settled_by_matter


def asks(text: str) -> Memory:
    return Memory(
        id=text,
        scope=Scope("p", "ann"),
        type=Type.EXPLICIT,
        text=text,
        tags=(EVERY_ANSWER,),
    )


ENGLISH, GERMAN = asks("answer in English"), asks("reply in German")


async def test_an_instruction_on_the_same_matter_replaces_the_older_one() -> None:
    settled = await settled_by_matter([(ENGLISH, GERMAN)], {}, FakeEmbedder())
    assert settled[ENGLISH.id, GERMAN.id].change == 1.0


async def test_what_is_known_of_a_clause_is_not_embedded_again() -> None:
    embedder = FakeEmbedder()
    length = asks("keep answers short, please do")
    first = await settled_by_matter([(length, GERMAN)], {}, embedder)
    embedder.read.clear()
    again = await settled_by_matter([(length, GERMAN)], {}, embedder)
    assert again == first and not embedder.read

    await settled_by_matter([(length, asks("be brief and kind"))], {}, embedder)
    assert "be brief and kind" in " ".join(embedder.read)
    assert length.text not in embedder.read
