"""The words that say what was done with a thing stay with the sentence that only names it."""

from __future__ import annotations

import pytest

from shared.domain.message_reading import KeptPart, Reading
from shared.language.sentences import sentence_spans
from workers.pipeline.extract.statements.unnoticed import with_unnoticed


def starts_of_kept(text: str) -> list[int]:
    """Where the sentences begin that are kept when the reader keeps the last one."""
    start, end = sentence_spans(text)[-1]
    part = KeptPart(start, end, 0.99, {"fact": 1.0}, {"user": 1.0})
    reading = Reading(
        labels={"worth_keeping": 0.99}, about={"user": 1.0}, parts=(part,)
    )
    return sorted(part.start for part in with_unnoticed(text, reading).parts)


@pytest.mark.parametrize(
    "text",
    [
        "J'ai signé ! Un studio à Nantes, 480 euros.",
        "Ho firmato! Un monolocale a Parma.",
        "I bought it! A red canoe with two seats.",
        "Ich habe gekauft! Ein altes Motorrad aus Polen.",
    ],
)
def test_what_was_done_is_kept_with_what_it_was_done_with(text: str) -> None:
    assert starts_of_kept(text)[0] == 0


@pytest.mark.parametrize(
    "text",
    [
        "I see! A friend is coming on Sunday from Leeds.",
        "Super ! Un studio à Nantes, 480 euros.",
        "Je vois ! Mon frère vit à Nantes.",
    ],
)
def test_small_talk_before_a_statement_is_not(text: str) -> None:
    assert starts_of_kept(text)[0] != 0
