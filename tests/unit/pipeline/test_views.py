"""Only the kinds of memories that a sender names are made (contract 1.1, allow_memory_view)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.extraction import Extraction
from shared.domain.job_payload import AddPayload
from shared.domain.memory import Type
from shared.domain.passage import Talk
from tests.fakes.extractor import FakeExtractor
from tests.unit.pipeline.worker_bench import WorkerBench

FACT, PREFERENCE = "The ferry leaves at nine", "The user prefers window seats"


class PreferenceExtractor(FakeExtractor):
    """Takes what somebody prefers for a preference, all else for a fact."""

    async def from_talk(self, talk: Talk) -> Extraction:
        extraction = await super().from_talk(talk)
        return Extraction(
            tuple(
                replace(draft, type=Type.EXPLICIT) if "prefers" in draft.text else draft
                for draft in extraction.drafts
            )
        )


@pytest.mark.parametrize(
    "views, made",
    [
        ([], {FACT, PREFERENCE}),
        (["preference"], {PREFERENCE}),
        (["detail_factual"], {FACT}),
        (["profile", "event"], {FACT}),
        (["detail_factual", "preference"], {FACT, PREFERENCE}),
        (["tool_memory"], set()),
        (["unheard of"], {FACT, PREFERENCE}),
    ],
)
async def test_views(views: list[str], made: set[str]) -> None:
    worker = WorkerBench()
    worker.extractor = PreferenceExtractor()
    job = await worker.accepted(FACT, PREFERENCE, payload=AddPayload(tuple(views)))
    assert await worker.run(job) is None
    assert set(worker.texts()) == made
