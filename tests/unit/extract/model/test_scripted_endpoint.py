"""The model extractor on an endpoint that answers as models do: what is right in an
answer is remembered, the rest costs quality and never data.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from shared.adapters.openai_chat import OpenAIChat
from shared.adapters.without_models import KeepingReader
from shared.domain.extraction import Extraction
from shared.domain.model_role import ModelRole
from shared.errors import ModelUnavailable
from tests.support.model_server import Body, ModelServer, Say
from tests.support.scripted_model import (
    broken,
    busy,
    chatty,
    cut,
    empty,
    fenced,
    good,
    half_a_sentence,
    listed,
    refusing,
    thinking,
    too_long,
    wrong_key,
    wrong_lines,
)
from tests.unit.extract.model.answers import fact, memories, preference
from tests.unit.extract.talks import talk
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor
from workers.pipeline.extract.model.model_extractor import ModelExtractor

GRETA = (
    "I'm Greta and I moved to Oslo in May.",
    "My son is allergic to nuts.",
    "I never work on Wednesdays.",
    "Please keep it short.",
    "In July we go to Bergen by train.",
)
"""What she says, a line each."""
ALL = memories(
    fact("The user is called Greta and moved to Oslo in May 2024.", 1),
    fact("The user's son is allergic to nuts.", 2),
    fact("The user never works on Wednesdays.", 3),
    fact("The user goes to Bergen by train in July 2024.", 5),
    preference("The user wants short answers.", 4),
)
TEXTS = {entry["text"] for entry in (*ALL["facts"], *ALL["preferences"])}


@dataclass(frozen=True)
class Outcome:
    """What was read, and how often the endpoint was asked."""

    extraction: Extraction
    requests: int

    @property
    def texts(self) -> set[str]:
        return {draft.text for draft in self.extraction.drafts}


async def read(*answers: Say | object, lines: Sequence[str] = GRETA) -> Outcome:
    """Greta's talk, read by the model behind an endpoint that answers so."""
    with ModelServer(*answers) as server:  # type: ignore[arg-type]
        chat = OpenAIChat("m", "m", ModelRole(server.url, tries=1, timeout_s=5))
        extractor = ModelExtractor(chat, BuiltInExtractor(KeepingReader()))
        said = talk(*[("user", line) for line in lines])
        extraction = await extractor.from_talk(said)
        return Outcome(extraction, len(server.requests))


def of_shown(body: Body) -> Say:
    """The right answer to the lines that are shown; to all of them it is cut."""
    shown = json.loads(body["messages"][1]["content"])["lines"]
    if len(shown) == len(GRETA):
        return cut(ALL)
    places = [GRETA.index(line.partition("): ")[2]) + 1 for line in shown]
    found = [
        {**entry, "lines": [places.index(entry["lines"][0]) + 1]}
        for entry in (*ALL["facts"], *ALL["preferences"])
        if entry["lines"][0] in places
    ]
    return good(memories(*found))


@pytest.mark.parametrize("wrap", [good, fenced, chatty, thinking, listed])
async def test_an_answer_is_read_however_it_is_wrapped(wrap: object) -> None:
    outcome = await read(wrap(ALL))  # type: ignore[operator]
    assert outcome.texts == TEXTS
    assert outcome.extraction.remarks == ()
    assert outcome.requests == 1


async def test_a_cut_answer_is_asked_for_in_parts_and_nothing_is_lost() -> None:
    outcome = await read(of_shown)
    assert outcome.texts == TEXTS
    assert outcome.extraction.remarks == ()


async def test_half_a_sentence_is_never_a_memory() -> None:
    outcome = await read(half_a_sentence(ALL))
    assert outcome.texts < TEXTS
    assert any("cut" in remark for remark in outcome.extraction.remarks)


async def test_wrong_line_numbers_cost_no_memory() -> None:
    outcome = await read(wrong_lines(ALL))
    assert len(outcome.texts & TEXTS) >= 4
    if outcome.texts != TEXTS:
        assert outcome.extraction.remarks


@pytest.mark.parametrize("bad", [refusing(), empty(), Say("maybe later")])
async def test_no_answer_is_asked_for_once_more_and_then_read_by_rules(
    bad: Say,
) -> None:
    outcome = await read(bad)
    assert outcome.texts and outcome.texts != TEXTS
    assert "model failed" in outcome.extraction.remarks[0]
    better = await read(refusing(), good(ALL))
    assert better.texts == TEXTS


async def test_nothing_found_in_a_telling_talk_is_a_failure() -> None:
    outcome = await read(good(memories()))
    assert outcome.texts
    assert "found nothing" in outcome.extraction.remarks[0]


async def test_a_talk_that_does_not_fit_is_read_in_parts() -> None:
    def answer(body: Body) -> Say:
        shown = json.loads(body["messages"][1]["content"])["lines"]
        return too_long() if len(shown) > 2 else of_shown(body)

    outcome = await read(answer)
    assert outcome.texts == TEXTS


@pytest.mark.parametrize("away", [busy(), broken()])
async def test_an_endpoint_that_is_away_is_the_jobs_matter(away: Say) -> None:
    with pytest.raises(ModelUnavailable):
        await read(away)


async def test_a_wrong_key_is_read_by_rules_and_said() -> None:
    outcome = await read(wrong_key())
    assert outcome.texts
    assert "401" in outcome.extraction.remarks[0]
