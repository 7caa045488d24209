"""What stands in where the small models cannot run: all is kept, nothing changes."""

from __future__ import annotations

import pytest

from shared.adapters.without_models import CautiousJudge, KeepingReader
from shared.domain.judgement import Judgement
from shared.domain.message_reading import Utterance
from tests.unit.merge.store import Store, fact


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "I moved to Rome. Why not? My dog is ill!",
            ["I moved to Rome.", "My dog is ill!"],
        ),
        ("我住在上海。你呢？", ["我住在上海。"]),
        ("Any ideas?", []),
        ("", []),
    ],
)
async def test_every_sentence_but_questions_is_a_fact(
    text: str, parts: list[str]
) -> None:
    [reading] = await KeepingReader().read([Utterance(text)])
    assert [text[part.start : part.end] for part in reading.parts] == parts
    assert all((part.kind, part.owner) == ("fact", "user") for part in reading.parts)
    assert reading.likely("worth_keeping") == bool(parts)
    assert reading.likely("order_forget") == 0


async def test_nothing_bears_on_anything() -> None:
    judge = CautiousJudge()
    assert (
        await judge.judge([("a", "b"), ("c", "d")])
        == [Judgement({"unrelated": 1.0})] * 2
    )
    assert await judge.judge([]) == []


async def test_without_a_judge_nothing_is_archived_or_marked() -> None:
    store = Store(CautiousJudge())  # type: ignore[arg-type]
    texts = ["The user smokes.", "The user quit smoking.", "The user does not smoke."]
    for text in texts:
        await store.add(fact(text))
    assert store.texts() == sorted(texts) and store.archived() == []
