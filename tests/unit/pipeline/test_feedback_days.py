"""What feedback puts in the place of other words tells of the day that the new words name,
as a memory that is changed by hand does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from shared.domain.extraction import Extraction
from shared.domain.identity import computed_id
from shared.domain.job_payload import FeedbackPayload
from shared.domain.memory import Embedded, Memory, Type
from shared.domain.memory_detail import ABOUT, ASPECT, UNTIL
from shared.domain.passage import Talk
from shared.language.lexical import weigh
from tests.fakes.extractor import FakeExtractor
from tests.support.job_model import job_model
from tests.support.model_server import ModelServer
from tests.support.scripted_model import good
from tests.unit.pipeline.worker_bench import ARRIVED, SCOPE, WorkerBench


def noon(year: int, month: int, day: int) -> int:
    return round(datetime(year, month, day, 12, tzinfo=UTC).timestamp() * 1000)


SAID = noon(2025, 6, 3)  # a Tuesday; the feedback comes on 15 June
NEXT_YEAR = noon(2026, 1, 15)
EVENT = {ASPECT: "event", ABOUT: "Ana", UNTIL: noon(2025, 6, 5)}


def remembered(text: str, happened_at: int) -> Memory:
    return Memory(
        computed_id(text),
        SCOPE,
        Type.LONG_TERM,
        text,
        happened_at=happened_at,
        said_at=SAID,
        detail=EVENT,
    )


async def bench_with(*memories: Memory) -> WorkerBench:
    worker = WorkerBench()
    for memory in memories:
        (dense,) = await worker.embedder.passages([memory.text])
        await worker.memories.put([Embedded(memory, weigh(memory.text), dense)])
    return worker


async def corrected(words: str, *memories: Memory) -> Memory:
    """The one memory that the feedback leaves beside what it archives."""
    worker = await bench_with(*memories)
    job = await worker.accepted(words, payload=FeedbackPayload())
    await worker.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    await worker.run(job)
    (found,) = worker.remembered()
    return found


@pytest.mark.parametrize(
    ("text", "words", "changed", "day"),
    [
        (
            "Ana marries on 4 June 2025.",
            "Replace 4 June with 7 July",
            "Ana marries on 7 July 2025.",
            noon(2025, 7, 7),
        ),
        (
            "Ana marries on 4 June.",
            "Replace 4 June with 10 June",
            "Ana marries on 10 June.",
            noon(2025, 6, 10),
        ),
        (
            "User: Ana marries tomorrow (4 June 2025).",
            "Replace tomorrow with next Friday",
            "User: Ana marries next Friday (13 June 2025).",
            noon(2025, 6, 13),
        ),
        (
            "User: Ana marries tomorrow (4 June 2025) (3 June 2025)",
            "Replace tomorrow with on 9 June",
            "User: Ana marries on 9 June (3 June 2025)",
            noon(2025, 6, 9),
        ),
        (
            "User: Ana marries tomorrow (4 June 2025).",
            "Replace tomorrow with at last",
            "User: Ana marries at last.",
            SAID,
        ),
        (
            "用户：安娜明天（2025年6月4日）结婚。",
            "把明天改成后天",
            "用户：安娜后天（2025年6月5日）结婚。",
            noon(2025, 6, 5),
        ),
    ],
)
async def test_other_days_are_those_of_the_new_words(
    text: str, words: str, changed: str, day: int
) -> None:
    memory = await corrected(words, remembered(text, noon(2025, 6, 4)))
    assert (memory.text, memory.happened_at) == (changed, day)
    assert memory.said_at == SAID
    assert UNTIL not in memory.detail and memory.detail[ASPECT] == "event"


@pytest.mark.parametrize(
    "text", ["Ana marries tomorrow (4 June 2025).", "Ana marries on 4 June 2025."]
)
async def test_other_words_leave_the_day_as_it_is(text: str) -> None:
    day = noon(2025, 6, 4)
    memory = await corrected("Replace Ana with Anna", remembered(text, day))
    assert memory.text == text.replace("Ana", "Anna")
    assert (memory.happened_at, memory.detail) == (day, EVENT | {ABOUT: "Anna"})


@pytest.mark.parametrize(
    ("happened_at", "text", "day"),
    [
        (noon(2025, 6, 4), "Ana marries Bob on 7 July 2025.", noon(2025, 7, 7)),
        (noon(2025, 6, 4), "Ana marries Bob on 4 June.", noon(2025, 6, 4)),
        (noon(2025, 6, 4), "Ana marries Bob.", NEXT_YEAR),
        (SAID, "Ana marries Bob on 4 June.", noon(2026, 6, 4)),
    ],
)
async def test_a_rewriting_of_a_model_keeps_the_day_that_it_names_too(
    happened_at: int, text: str, day: int
) -> None:
    worker = await bench_with(remembered("Ana marries on 4 June.", happened_at))
    job = await worker.accepted(
        "No, she marries Bob.", payload=FeedbackPayload(), arrived=NEXT_YEAR
    )
    await worker.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    action = {"do": "rewrite", "memories": [1], "text": text, "kind": "fact"}
    decision = {"understood": True, "why": "done", "actions": [action]}
    with ModelServer(good(decision)) as server:
        worker.extract_model = job_model(server)
        await worker.run(job)
    (memory,) = worker.remembered()
    assert (memory.text, memory.happened_at) == (text, day)
    assert memory.said_at == NEXT_YEAR


class SeesNothing(FakeExtractor):
    """To it all is small talk."""

    async def from_talk(self, talk: Talk) -> Extraction:
        return Extraction()


@pytest.mark.parametrize(
    ("words", "text", "day"),
    [
        (
            "No, Ana marries tomorrow in Rome.",
            "User: Ana marries tomorrow (16 June 2025) in Rome.",
            noon(2025, 6, 16),
        ),
        ("No, Ana marries in Rome.", "User: Ana marries in Rome.", ARRIVED),
    ],
)
async def test_so_does_a_correction_that_seems_small_talk(
    words: str, text: str, day: int
) -> None:
    worker = WorkerBench(extractor=SeesNothing())
    job = await worker.accepted(words, payload=FeedbackPayload())
    await worker.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    await worker.run(job)
    (memory,) = worker.remembered()
    told: Sequence[object] = (memory.text, memory.happened_at, memory.said_at)
    assert told == (text, day, ARRIVED)
