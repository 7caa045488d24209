"""Only the kinds of memories that a sender names are made (contract 1.1, allow_memory_view)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.extraction import Draft, Extraction
from shared.domain.job_payload import AddPayload
from shared.domain.memory import Type
from shared.domain.passage import Talk
from tests.fakes.extractor import FakeExtractor
from tests.unit.pipeline.worker_bench import WorkerBench

FACT, PREFERENCE = "The ferry leaves at nine", "The user prefers window seats"
NAME, DAY = "The user's name is Ada", "The user sees a dentist on 12 April"
ALL = {FACT, PREFERENCE, NAME, DAY}


class PreferenceExtractor(FakeExtractor):
    """Takes what somebody prefers for a preference, all else for a fact; the dentist has
    a day.
    """

    async def from_talk(self, talk: Talk) -> Extraction:
        extraction = await super().from_talk(talk)
        return Extraction(
            tuple(
                replace(draft, type=Type.EXPLICIT) if "prefers" in draft.text else draft
                for draft in map(_dated, extraction.drafts)
            )
        )


def _dated(draft: Draft) -> Draft:
    day = 86_400_000 if draft.text == DAY else 0
    return replace(draft, said_at=draft.happened_at + day)


@pytest.mark.parametrize(
    "views, made",
    [
        ([], ALL),
        (["preference"], {PREFERENCE}),
        (["detail_factual"], {FACT, NAME, DAY}),
        (["profile"], {NAME}),
        (["event"], {DAY}),
        (["profile", "event", "preference"], {NAME, DAY, PREFERENCE}),
        (["detail_factual", "preference"], ALL),
        (["tool_memory"], set()),
        (["unheard of"], ALL),
    ],
)
async def test_views(views: list[str], made: set[str]) -> None:
    worker = WorkerBench()
    worker.extractor = PreferenceExtractor()
    job = await worker.accepted(*sorted(ALL), payload=AddPayload(tuple(views)))
    assert await worker.run(job) is None
    assert set(worker.texts()) == made
