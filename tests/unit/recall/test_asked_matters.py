"""Which matter a question asks for, by the vectors that come along."""

from __future__ import annotations

import numpy as np
import pytest

from services.gateway.recall import asked_matters
from shared.adapters.onnx.embedder import best_embedder


async def _told(question: str, memory: str) -> float:
    embedder = best_embedder()
    vector = await embedder.query(question)
    statements = asked_matters.statement_vector(embedder.name, vector)
    [passage] = await embedder.passages([memory])
    return float(np.dot(statements, passage)) if statements else 0.0


@pytest.mark.parametrize(
    ("question", "told", "other"),
    [
        (
            "What's my age?",
            "The user celebrated their 40th last week.",
            "The user skis.",
        ),
        ("我现在住哪儿？", "用户租的房子在天通苑。", "用户喜欢听戏。"),
        ("Ai-je un animal ?", "User: On a adopté une tortue.", "User: J'aime le thé."),
    ],
)
async def test_a_statement_in_other_words_tells_of_what_is_asked(
    question: str, told: str, other: str
) -> None:
    assert await _told(question, told) >= asked_matters.TOLD
    assert await _told(question, other) < asked_matters.TOLD


async def test_most_questions_are_on_no_matter() -> None:
    embedder = best_embedder()
    vector = await embedder.query("How does a tide mill work?")
    assert asked_matters.statement_vector(embedder.name, vector) == ()


def test_another_embedder_knows_no_matters() -> None:
    assert asked_matters.statement_vector("another", [1.0]) == ()
    assert asked_matters.statement_vector("another", ()) == ()


def test_every_matter_has_questions_and_statements() -> None:
    assert all(asked and told for asked, told in asked_matters.matters())
