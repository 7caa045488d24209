"""Files in messages and on knowledge bases: what can be read is remembered, what cannot
is reported.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pymupdf

from shared.domain.extraction import Extraction
from shared.domain.identity import computed_id
from shared.domain.job import (
    Checkpoint,
    ExtractedMemory,
    Job,
    Options,
    State,
    Step,
)
from shared.domain.job_payload import DocumentPayload, ExtractPayload, Queue
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.memory import Origin, Type
from shared.domain.message import FilePart
from shared.domain.passage import Passage, Talk
from shared.domain.scope import Scope
from shared.errors import Unavailable
from tests.fakes.extractor import FakeExtractor
from tests.unit.pipeline.worker_bench import ARRIVED, FakeFile, WorkerBench
from workers.pipeline.worker_context import Document, Limits

FERRY = "The ferry to the island leaves at nine"
KNOWLEDGE_BASE, FILE, JOB = (
    computed_id("shelf"),
    computed_id("file"),
    computed_id("reading"),
)
URL = "http://files.example/timetable.txt"


def text(number: int) -> bytes:
    return f"Cabin {number} has a view of the harbour and a narrow balcony.".encode()


def pdf(pages: int) -> bytes:
    document = pymupdf.open()
    for number in range(1, pages + 1):
        document.new_page().insert_text(
            (72, 400), f"On page {number} a keeper tells of lighthouse number {number}."
        )
    return bytes(document.tobytes())


async def test_text_and_files_are_remembered_with_their_origin() -> None:
    worker = WorkerBench()
    job = await worker.accepted(FERRY, files=(await worker.file(pdf(3), "lights.pdf"),))
    assert await worker.run(job) is None
    assert worker.job(job).state is State.COMPLETED
    talk, *pages = worker.remembered()
    assert talk.text == FERRY
    assert [memory.origins for memory in pages] == [
        (Origin(file="lights.pdf", source=job_source(worker, job), page=page),)
        for page in (1, 2, 3)
    ]
    [report] = worker.job(job).files
    assert (
        report.name,
        report.status,
        report.code,
        report.pages,
        report.media_type,
    ) == ("lights.pdf", "completed", 0, 3, "application/pdf")
    assert report.size > 0


def job_source(worker: WorkerBench, job: Job) -> str:
    return worker.job(job).files[0].source


async def test_one_bad_file_of_five_fails_the_task_and_nothing_else() -> None:
    worker = WorkerBench()
    good = [
        await worker.file(text(number), f"cabin {number}.txt") for number in range(4)
    ]
    bad = await worker.file(b"%PDF-1.7 torn off", "torn.pdf")
    job = await worker.accepted(FERRY, files=(*good[:2], bad, *good[2:]))
    assert await worker.run(job) is None
    failed = worker.job(job)
    assert (failed.state, failed.error_code) == (State.FAILED, 50107)
    assert failed.error_message.startswith("torn.pdf: ")
    assert [report.status for report in failed.files] == [
        "completed",
        "completed",
        "failed",
        "completed",
        "completed",
    ]
    assert [report.code for report in failed.files] == [0, 0, 50107, 0, 0]
    assert sorted(worker.texts()) == sorted(
        [FERRY, *(text(number).decode() for number in range(4))]
    )


async def test_an_error_that_nobody_foresaw_costs_the_file_and_not_the_text() -> None:
    worker = WorkerBench()
    worker.parse_error = RuntimeError("secret words of the file")
    sent = await worker.file(text(1), "odd.txt")
    job = await worker.accepted(FERRY, files=(sent,))
    while await worker.run(job) is not None:
        assert worker.job(job).state is State.RUNNING, "it may pass"
        worker.leases.wipe()
    assert worker.job(job).attempts == worker.limits.attempts
    ended = worker.job(job)
    assert (ended.state, ended.error_code) == (State.FAILED, 50000)
    assert ended.files[0].status == "failed"
    assert "secret" not in ended.error_message
    assert worker.texts() == [FERRY]


async def test_a_failed_job_that_is_replayed_reads_its_files_again() -> None:
    worker = WorkerBench(web={})
    job = await worker.accepted(
        FERRY,
        files=(FilePart("file", url=URL), await worker.file(text(2), "cabin.txt")),
    )
    await worker.run(job)
    assert worker.job(job).state is State.FAILED
    worker.web[URL] = FakeFile(text(1), "timetable.txt")
    await worker.jobs.put(worker.job(job).replayed(ARRIVED))
    assert await worker.run(job) is None
    assert (worker.job(job).state, worker.job(job).error_code) == (State.COMPLETED, 0)
    assert sorted(worker.texts()) == sorted([FERRY, text(1).decode(), text(2).decode()])
    assert len(worker.job(job).receipts) == 3


async def test_more_files_than_twenty_fail_the_task_and_twenty_are_read() -> None:
    worker = WorkerBench()
    job = await worker.accepted(
        FERRY, files=tuple([await worker.file(text(number)) for number in range(22)])
    )
    await worker.run(job)
    failed = worker.job(job)
    assert (failed.state, failed.error_code) == (State.FAILED, 50103)
    assert [report.code for report in failed.files] == [0] * 20 + [50103] * 2
    assert len(worker.texts()) == 21


async def test_a_file_that_is_too_large_is_not_parsed() -> None:
    worker = WorkerBench(limits=Limits(file_bytes=100))
    job = await worker.accepted(
        FERRY,
        files=(
            await worker.file(b"word " * 21, "large.txt"),
            await worker.file(b"word " * 20, "just.txt"),
        ),
    )
    await worker.run(job)
    assert [report.code for report in worker.job(job).files] == [50104, 0]
    assert (worker.job(job).error_code, worker.parsed) == (50104, ["just.txt"])


async def test_pages_are_limited_more_strictly_in_messages_than_in_documents() -> None:
    worker = WorkerBench(limits=Limits(pages=2, document_pages=3))
    in_message = await worker.accepted(
        FERRY, files=(await worker.file(pdf(3), "three.pdf"),)
    )
    await worker.run(in_message)
    assert worker.job(in_message).error_code == 50107
    assert worker.texts() == [FERRY]
    document = await put_document(worker, pdf(3), "three.pdf")
    await worker.run(document)
    assert worker.job(document).state is State.COMPLETED


async def test_a_file_behind_a_url_is_fetched_once() -> None:
    worker = WorkerBench(web={URL: FakeFile(text(1), "timetable.txt")})
    worker.extractor = Breaks(1)
    job = await worker.accepted(files=(FilePart("file", url=URL),))
    assert await worker.run(job) is not None
    worker.leases.wipe()
    assert await worker.run(job) is None
    assert worker.fetched == [URL]
    assert worker.texts() == [text(1).decode()]
    assert worker.job(job).files[0].name == "timetable.txt"


async def test_a_url_that_gives_nothing_fails_the_task() -> None:
    worker = WorkerBench()
    job = await worker.accepted(FERRY, files=(FilePart("file", url=URL),))
    await worker.run(job)
    assert (worker.job(job).state, worker.job(job).error_code) == (State.FAILED, 40001)
    assert worker.texts() == [FERRY]


async def test_bytes_that_are_not_kept_any_more_fail_the_file() -> None:
    worker = WorkerBench()
    job = await worker.accepted(FERRY, files=(await worker.file(text(1), "lost.txt"),))
    worker.sources.stored.clear()
    await worker.run(job)
    assert [report.status for report in worker.job(job).files] == ["failed"]
    assert worker.texts() == [FERRY]


class Breaks(FakeExtractor):
    """Fails once, at its call number `at`; `calls` counts them."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at, self.calls = at, 0

    async def from_talk(self, talk: Talk) -> Extraction:
        self._count()
        return await super().from_talk(talk)

    async def from_passages(self, passages: Any) -> Extraction:
        self._count()
        return await super().from_passages(passages)

    def _count(self) -> None:
        self.calls += 1
        if self.calls == self.at:
            raise Unavailable("the model went away")


async def test_what_was_extracted_before_a_failure_is_not_extracted_again() -> None:
    worker = WorkerBench(extractor=Breaks(4))
    job = await worker.accepted(FERRY, files=(await worker.file(pdf(8), "lights.pdf"),))
    waiting = len(worker.sources.stored)
    assert await worker.run(job) is not None
    assert len(worker.extractor.passages) == 4, (
        "the talk and two groups of passages were read"
    )
    worker.leases.wipe()
    assert await worker.run(job) is None
    assert len(worker.extractor.talks) == 1
    assert len(worker.extractor.passages) == 8, "each passage once"
    assert len(worker.texts()) == 9
    assert len(worker.sources.stored) == waiting, "what was saved meanwhile is gone"


class KilledWhileStoring(Exception):
    pass


async def test_killed_between_two_groups_nothing_is_stored_twice() -> None:
    worker = WorkerBench()
    put, calls = worker.memories.put, 0

    async def once(memories: Any) -> None:
        nonlocal calls
        calls += 1
        await put(memories)
        if calls == 2:
            raise KilledWhileStoring

    job = await worker.accepted(FERRY, files=(await worker.file(pdf(8), "lights.pdf"),))
    worker.memories.put = once  # type: ignore[method-assign]
    assert await worker.run(job) is not None
    worker.leases.wipe()
    assert await worker.run(job) is None
    assert sorted(worker.texts()) == sorted(set(worker.texts()))
    assert len(worker.texts()) == 9
    done = worker.job(job)
    assert [receipt.outcome for receipt in done.receipts] == ["stored"] * 9
    assert {receipt.memory for receipt in done.receipts} == {
        memory.id for memory in worker.remembered()
    }
    assert done.checkpoint == Checkpoint()


async def test_cancelled_while_it_is_parsed_parsing_stops() -> None:
    worker = WorkerBench()
    stopped = asyncio.Event()

    async def endless(
        data: bytes, name: str, pages: int, progress: Callable[[int, int], None]
    ) -> Document:
        try:
            await worker.progress_bus.cancel(job.id)
            progress(1, 200)
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.set()
            raise
        raise AssertionError

    worker._parse = endless  # type: ignore[method-assign]
    job = await worker.accepted(
        FERRY, files=(await worker.file(pdf(1), "endless.pdf"),)
    )
    assert await worker.run(job) is None
    assert stopped.is_set()
    assert worker.job(job).state is State.CANCELLED
    assert worker.texts() == []


async def test_pages_are_published_as_they_are_read() -> None:
    worker = WorkerBench()
    job = await worker.accepted(
        files=(await worker.file(pdf(3), "a.pdf"), await worker.file(pdf(5), "b.pdf"))
    )
    await worker.run(job)
    parsing = [
        progress
        for progress in worker.progress_bus.published
        if progress.step is Step.PARSE
    ]
    done = [progress.pages_done for progress in parsing]
    assert done == sorted(done)
    assert (
        worker.progress_bus.published[-1].pages,
        worker.progress_bus.published[-1].pages_done,
    ) == (8, 8)
    assert {progress.file for progress in parsing} == {"a.pdf", "b.pdf"}


async def test_embedding_is_published_a_few_passages_at_a_time() -> None:
    worker = WorkerBench(limits=Limits(draft_batch=32))
    await worker.run(
        await worker.accepted(files=(await worker.file(pdf(10), "lights.pdf"),))
    )
    embedding = [
        (progress.memories_done, progress.memories)
        for progress in worker.progress_bus.published
        if progress.step is Step.EMBED
    ]
    assert embedding == [(0, 10), (4, 10), (8, 10)]
    assert (
        worker.progress_bus.published[-1].memories_done,
        worker.progress_bus.published[-1].memories,
    ) == (10, 10)


async def test_memories_go_to_named_knowledge_bases_too() -> None:
    worker = WorkerBench()
    await worker.knowledge_bases.put(
        KnowledgeBase(KNOWLEDGE_BASE, "project", "Harbour")
    )
    job = await worker.accepted(
        FERRY, options=Options(knowledge_bases=(KNOWLEDGE_BASE,))
    )
    await worker.run(job)
    assert (worker.texts(), worker.texts(knowledge_base=KNOWLEDGE_BASE)) == (
        [FERRY],
        [FERRY],
    )


async def test_public_ones_are_public() -> None:
    worker = WorkerBench()
    await worker.run(await worker.accepted(FERRY, options=Options(public=True)))
    assert [memory.public for memory in worker.remembered()] == [True]


async def test_only_tags_that_fit_are_attached() -> None:
    worker = WorkerBench()
    await worker.run(
        await worker.accepted(FERRY, options=Options(tags=("ferry", "quiz")))
    )
    assert [memory.tags for memory in worker.remembered()] == [("ferry",)]


async def test_the_extractor_gets_the_messages_before() -> None:
    worker = WorkerBench(limits=Limits(messages_before=2))
    for number in range(3):
        await worker.accepted(
            f"Earlier words number {number}",
            name=f"earlier {number}",
            arrived=ARRIVED - 1000 + number,
        )
    await worker.accepted(
        "In another conversation",
        name="other",
        scope=Scope("project", "ana", "elsewhere"),
        arrived=ARRIVED - 1,
    )
    await worker.accepted("Later words", name="later", arrived=ARRIVED + 1)
    await worker.run(await worker.accepted(FERRY, "And back at five"))
    [talk] = worker.extractor.talks
    assert [message.text for message in talk.messages] == [FERRY, "And back at five"]
    assert [message.text for message in talk.before] == [
        "Earlier words number 1",
        "Earlier words number 2",
    ]


async def test_extraction_alone_remembers_nothing() -> None:
    worker = WorkerBench()
    job = await worker.accepted(FERRY, payload=ExtractPayload())
    worker.memories.stored.clear()
    assert await worker.run(job) is None
    assert worker.job(job).extracted == (
        ExtractedMemory(Type.LONG_TERM, FERRY, FERRY[:40]),
    )
    assert worker.texts() == []


async def put_document(
    worker: WorkerBench, data: bytes, name: str, url: str = ""
) -> Job:
    await worker.knowledge_bases.put(
        KnowledgeBase(KNOWLEDGE_BASE, "project", "Harbour")
    )
    source = "" if url else await worker.sources.put(data)
    file = KnowledgeFile(
        id=FILE,
        knowledge_base=KNOWLEDGE_BASE,
        project="project",
        name=name,
        source=source,
        url=url,
        job=JOB,
    )
    await worker.knowledge_bases.put_file(file)
    job = Job(
        id=JOB,
        scope=Scope("project", ""),
        payload=DocumentPayload(KNOWLEDGE_BASE, FILE),
        queue=Queue.FILES,
    )
    await worker.jobs.put(job)
    return job


async def test_a_document_is_remembered_in_its_knowledge_base_and_nowhere_else() -> (
    None
):
    worker = WorkerBench()
    job = await put_document(worker, pdf(2), "lights.pdf")
    assert await worker.run(job) is None
    assert len(worker.texts(knowledge_base=KNOWLEDGE_BASE)) == 2
    assert worker.texts() == []
    [file] = await worker.knowledge_bases.files("project")
    assert (file.status, file.code) == ("completed", 0)
    assert [
        memory.origins[0].source
        for memory in worker.remembered(knowledge_base=KNOWLEDGE_BASE)
    ] == [file.source] * 2


async def test_a_document_that_cannot_be_read_fails_with_its_code() -> None:
    worker = WorkerBench()
    job = await put_document(worker, b"%PDF-1.7 torn off", "torn.pdf")
    assert await worker.run(job) is None
    [file] = await worker.knowledge_bases.files("project")
    assert (file.status, file.code) == ("failed", 50107)
    assert file.message


async def test_a_document_behind_a_url_is_known_by_its_bytes() -> None:
    worker = WorkerBench(web={URL: FakeFile(text(1), "timetable.txt")})
    job = await put_document(worker, b"", "", url=URL)
    assert await worker.run(job) is None
    [file] = await worker.knowledge_bases.files("project")
    [memory] = worker.remembered(knowledge_base=KNOWLEDGE_BASE)
    assert file.source == memory.origins[0].source != ""
    assert (file.status, file.name, file.size) == (
        "completed",
        "timetable.txt",
        len(text(1)),
    )


async def test_a_document_taken_away_meanwhile_leaves_nothing() -> None:
    worker = WorkerBench()

    class TakenAway(FakeExtractor):
        async def from_passages(self, passages: Any) -> Extraction:
            await worker.knowledge_bases.delete_files("project", [FILE])
            await worker.jobs.put(worker.job(job).ended(State.CANCELLED, ARRIVED))
            return await super().from_passages(passages)

    worker.extractor = TakenAway()
    job = await put_document(worker, pdf(2), "lights.pdf")
    assert await worker.run(job) is None
    assert worker.texts(knowledge_base=KNOWLEDGE_BASE) == []
    assert await worker.knowledge_bases.files("project") == []


async def test_a_dead_document_says_so_on_its_file() -> None:
    class Away(FakeExtractor):
        async def from_passages(self, passages: list[Passage]) -> Extraction:  # type: ignore[override]
            raise Unavailable("away")

    worker = WorkerBench(extractor=Away())
    job = await put_document(worker, pdf(1), "lights.pdf")
    while await worker.run(job) is not None:
        worker.leases.wipe()
    [file] = await worker.knowledge_bases.files("project")
    assert (worker.job(job).state, file.status, file.code) == (
        State.DEAD,
        "failed",
        Unavailable.code,
    )


async def test_the_end_is_written_on_the_file_although_that_failed_at_first() -> None:
    worker = WorkerBench()
    update, calls = worker.knowledge_bases.update_file, 0

    async def second_time(file: KnowledgeFile) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise Unavailable("away")
        await update(file)

    job = await put_document(worker, pdf(1), "lights.pdf")
    worker.knowledge_bases.update_file = second_time  # type: ignore[method-assign]
    while await worker.run(job) is not None:
        worker.leases.wipe()
    [file] = await worker.knowledge_bases.files("project")
    assert (worker.job(job).state, file.status) == (State.COMPLETED, "completed")
    assert len(worker.texts(knowledge_base=KNOWLEDGE_BASE)) == 1
