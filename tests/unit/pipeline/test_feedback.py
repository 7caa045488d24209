"""Feedback changes what is remembered, or says that it is unclear."""

from __future__ import annotations

import pytest

from shared.domain.job import Outcome, State
from tests.unit.pipeline.shop import SCOPE, Shop
from workers.pipeline.extract.rules import RulesExtractor
from workers.pipeline.feedback import denied, replacement


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Replace 'Acme' with 'Globex' everywhere.", ("Acme", "Globex")),
        ("please change all Acme to Globex", ("Acme", "Globex")),
        ("把小王改成小黄", ("小王", "小黄")),
        ("请将所有的“北京”替换为“上海”。", ("北京", "上海")),
        ("I replaced my phone with a new one, change is good", None),
        ("不对，我住在上海", None),
    ],
)
def test_replacements_are_told_from_corrections(said: str, words: tuple[str, str] | None) -> None:
    assert replacement(said) == words


def test_what_is_denied_is_found() -> None:
    assert denied("I live in Shanghai now, not in Beijing.") == ["Beijing"]
    assert denied("我现在住在上海，不是北京。") == ["北京"]


async def _remembering(*texts: str) -> Shop:
    shop = Shop(extractor=RulesExtractor())
    for number, text in enumerate(texts):
        await shop.run(await shop.accepted(text, name=f"told {number}", arrived=1_750_000_000_000 + number))
    return shop


async def _told(shop: Shop, words: str) -> None:
    job = await shop.accepted(words, name=words, work="feedback", arrived=1_750_000_100_000, body={"feedback": words})
    await shop.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    assert await shop.run(job) is None
    assert shop.job(job).state is State.COMPLETED


async def test_words_are_replaced_everywhere_and_nowhere_else() -> None:
    shop = await _remembering("I work at Acme in Oslo.", "My boss at Acme is Ada.", "Acmeville is a town I like to visit.")
    await _told(shop, "Replace Acme with Globex")
    texts = sorted(shop.texts())
    assert [("Globex" in text, "Acme " in text) for text in texts] == [(False, False), (True, False), (True, False)]
    assert len(texts) == 3


async def test_a_correction_wins_over_what_it_denies() -> None:
    shop = await _remembering("I have a dog called Rex.", "I live in Beijing.")
    await _told(shop, "No, that's wrong. I live in Shanghai now, not in Beijing.")
    assert [text for text in shop.texts() if "Shanghai" in text]
    assert not [text for text in shop.texts() if text == "The user lives in Beijing."]
    assert [text for text in shop.texts() if "Rex" in text]
    assert max(memory.confidence for memory in shop.remembered() if "Shanghai" in memory.text) == 0.99


@pytest.mark.parametrize("words", ["That's wrong.", "不对！", "Is that right?"])
async def test_what_is_unclear_changes_nothing_and_says_so(words: str) -> None:
    shop = await _remembering("I live in Beijing.")
    before = shop.texts()
    job = await shop.accepted(words, name="unclear", work="feedback", arrived=1_750_000_100_000)
    await shop.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    await shop.run(job)
    assert shop.texts() == before
    [receipt] = shop.job(job).receipts
    assert receipt.outcome is Outcome.DROPPED and "unclear" in receipt.reason
