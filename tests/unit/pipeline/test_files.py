"""Files in messages and on knowledge bases: what can be read is remembered, what cannot is reported."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pymupdf

from shared.domain.extraction import Extraction
from shared.domain.identity import computed_id
from shared.domain.job import Job, Options, State, Step
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.memory import Origin
from shared.domain.message import FilePart
from shared.domain.passage import Passage, Talk
from shared.domain.scope import Scope
from shared.errors import Unavailable
from tests.fakes.extractor import FakeExtractor
from tests.unit.pipeline.shop import ARRIVED, FakeFile, Shop
from workers.pipeline.workshop import Document, Limits

FERRY = "The ferry to the island leaves at nine"
SHELF, FILE, READING = computed_id("shelf"), computed_id("file"), computed_id("reading")
URL = "http://files.example/timetable.txt"


def text(number: int) -> bytes:
    return f"Cabin {number} has a view of the harbour and a narrow balcony.".encode()


def pdf(pages: int) -> bytes:
    document = pymupdf.open()
    for number in range(1, pages + 1):
        document.new_page().insert_text((72, 400), f"On page {number} a keeper tells of lighthouse number {number}.")
    return bytes(document.tobytes())


async def test_text_and_files_are_remembered_with_their_origin() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY, files=(await shop.file(pdf(3), "lights.pdf"),))
    assert await shop.run(job) is None
    assert shop.job(job).state is State.COMPLETED
    talk, *pages = shop.remembered()
    assert talk.text == FERRY
    assert [memory.origins for memory in pages] == [
        (Origin(file="lights.pdf", source=job_source(shop, job), page=page),) for page in (1, 2, 3)]
    [report] = shop.job(job).files
    assert (report.name, report.status, report.code, report.pages, report.media_type) == ("lights.pdf", "completed", 0, 3, "application/pdf")
    assert report.size > 0


def job_source(shop: Shop, job: Job) -> str:
    return shop.job(job).files[0].source


async def test_one_bad_file_of_five_fails_the_task_and_nothing_else() -> None:
    shop = Shop()
    good = [await shop.file(text(number), f"cabin {number}.txt") for number in range(4)]
    bad = await shop.file(b"%PDF-1.7 torn off", "torn.pdf")
    job = await shop.accepted(FERRY, files=(*good[:2], bad, *good[2:]))
    assert await shop.run(job) is None
    failed = shop.job(job)
    assert (failed.state, failed.error_code) == (State.FAILED, 50107)
    assert failed.error_message.startswith("torn.pdf: ")
    assert [report.status for report in failed.files] == ["completed", "completed", "failed", "completed", "completed"]
    assert [report.code for report in failed.files] == [0, 0, 50107, 0, 0]
    assert sorted(shop.texts()) == sorted([FERRY, *(text(number).decode() for number in range(4))])


async def test_a_failed_job_that_is_replayed_reads_its_files_again() -> None:
    shop = Shop(web={})
    job = await shop.accepted(FERRY, files=(FilePart("file", url=URL), await shop.file(text(2), "cabin.txt")))
    await shop.run(job)
    assert shop.job(job).state is State.FAILED
    shop.web[URL] = FakeFile(text(1), "timetable.txt")
    await shop.jobs.put(shop.job(job).replayed(ARRIVED))
    assert await shop.run(job) is None
    assert (shop.job(job).state, shop.job(job).error_code) == (State.COMPLETED, 0)
    assert sorted(shop.texts()) == sorted([FERRY, text(1).decode(), text(2).decode()])
    assert len(shop.job(job).receipts) == 3


async def test_more_files_than_twenty_fail_the_task_and_twenty_are_read() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY, files=tuple([await shop.file(text(number)) for number in range(22)]))
    await shop.run(job)
    failed = shop.job(job)
    assert (failed.state, failed.error_code) == (State.FAILED, 50103)
    assert [report.code for report in failed.files] == [0] * 20 + [50103] * 2
    assert len(shop.texts()) == 21


async def test_a_file_that_is_too_large_is_not_parsed() -> None:
    shop = Shop(limits=Limits(file_bytes=100))
    job = await shop.accepted(FERRY, files=(await shop.file(b"word " * 21, "large.txt"), await shop.file(b"word " * 20, "just.txt")))
    await shop.run(job)
    assert [report.code for report in shop.job(job).files] == [50104, 0]
    assert (shop.job(job).error_code, shop.parsed) == (50104, ["just.txt"])


async def test_pages_are_limited_more_strictly_in_messages_than_on_shelves() -> None:
    shop = Shop(limits=Limits(pages=2, shelf_pages=3))
    in_message = await shop.accepted(FERRY, files=(await shop.file(pdf(3), "three.pdf"),))
    await shop.run(in_message)
    assert shop.job(in_message).error_code == 50107
    assert shop.texts() == [FERRY]
    on_shelf = await put_on_shelf(shop, pdf(3), "three.pdf")
    await shop.run(on_shelf)
    assert shop.job(on_shelf).state is State.COMPLETED


async def test_a_file_behind_a_url_is_fetched_once() -> None:
    shop = Shop(web={URL: FakeFile(text(1), "timetable.txt")})
    shop.extractor = Breaks(1)
    job = await shop.accepted(files=(FilePart("file", url=URL),))
    assert await shop.run(job) is not None
    shop.leases.wipe()
    assert await shop.run(job) is None
    assert shop.fetched == [URL]
    assert shop.texts() == [text(1).decode()]
    assert shop.job(job).files[0].name == "timetable.txt"


async def test_a_url_that_gives_nothing_fails_the_task() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY, files=(FilePart("file", url=URL),))
    await shop.run(job)
    assert (shop.job(job).state, shop.job(job).error_code) == (State.FAILED, 40001)
    assert shop.texts() == [FERRY]


async def test_bytes_that_are_not_kept_any_more_fail_the_file() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY, files=(await shop.file(text(1), "lost.txt"),))
    shop.sources.stored.clear()
    await shop.run(job)
    assert [report.status for report in shop.job(job).files] == ["failed"]
    assert shop.texts() == [FERRY]


class Breaks(FakeExtractor):
    """Breaks at its reading number so and so, once. `read` counts the readings."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at, self.read = at, 0

    async def from_talk(self, talk: Talk) -> Extraction:
        self._count()
        return await super().from_talk(talk)

    async def from_passages(self, passages: Any) -> Extraction:
        self._count()
        return await super().from_passages(passages)

    def _count(self) -> None:
        self.read += 1
        if self.read == self.at:
            raise Unavailable("the model went away")


async def test_what_was_extracted_before_a_failure_is_not_extracted_again() -> None:
    shop = Shop(extractor=Breaks(4))
    job = await shop.accepted(FERRY, files=(await shop.file(pdf(8), "lights.pdf"),))
    waiting = len(shop.sources.stored)
    assert await shop.run(job) is not None
    assert len(shop.extractor.passages) == 4, "the talk and two groups of passages were read"
    shop.leases.wipe()
    assert await shop.run(job) is None
    assert len(shop.extractor.talks) == 1
    assert len(shop.extractor.passages) == 8, "each passage once"
    assert len(shop.texts()) == 9
    assert len(shop.sources.stored) == waiting, "what was saved meanwhile is gone"


class KilledWhileStoring(Exception):
    pass


async def test_killed_between_two_groups_nothing_is_stored_twice() -> None:
    shop = Shop()
    put, calls = shop.memories.put, 0

    async def once(memories: Any) -> None:
        nonlocal calls
        calls += 1
        await put(memories)
        if calls == 2:
            raise KilledWhileStoring

    job = await shop.accepted(FERRY, files=(await shop.file(pdf(8), "lights.pdf"),))
    shop.memories.put = once  # type: ignore[method-assign]
    assert await shop.run(job) is not None
    shop.leases.wipe()
    assert await shop.run(job) is None
    assert sorted(shop.texts()) == sorted(set(shop.texts()))
    assert len(shop.texts()) == 9
    done = shop.job(job)
    assert [receipt.outcome for receipt in done.receipts] == ["stored"] * 9
    assert {receipt.memory for receipt in done.receipts} == {memory.id for memory in shop.remembered()}
    assert done.body == {}


async def test_called_off_while_it_is_parsed_parsing_stops() -> None:
    shop = Shop()
    stopped = asyncio.Event()

    async def endless(data: bytes, name: str, pages: int, progress: Callable[[int, int], None]) -> Document:
        try:
            await shop.board.cancel(job.id)
            progress(1, 200)
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.set()
            raise
        raise AssertionError

    shop._parse = endless  # type: ignore[method-assign]
    job = await shop.accepted(FERRY, files=(await shop.file(pdf(1), "endless.pdf"),))
    assert await shop.run(job) is None
    assert stopped.is_set()
    assert shop.job(job).state is State.CANCELLED
    assert shop.texts() == []


async def test_pages_are_told_as_they_are_read() -> None:
    shop = Shop()
    job = await shop.accepted(files=(await shop.file(pdf(3), "a.pdf"), await shop.file(pdf(5), "b.pdf")))
    await shop.run(job)
    parsing = [progress for progress in shop.board.told if progress.step is Step.PARSE]
    done = [progress.pages_done for progress in parsing]
    assert done == sorted(done)
    assert (shop.board.told[-1].pages, shop.board.told[-1].pages_done) == (8, 8)
    assert {progress.file for progress in parsing} == {"a.pdf", "b.pdf"}


async def test_embedding_is_told_a_few_passages_at_a_time() -> None:
    shop = Shop(limits=Limits(drafts=32))
    await shop.run(await shop.accepted(files=(await shop.file(pdf(10), "lights.pdf"),)))
    embedding = [(progress.memories_done, progress.memories) for progress in shop.board.told if progress.step is Step.EMBED]
    assert embedding == [(0, 10), (4, 10), (8, 10)]
    assert (shop.board.told[-1].memories_done, shop.board.told[-1].memories) == (10, 10)


async def test_memories_go_to_named_knowledge_bases_too() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY, options=Options(knowledge_bases=(SHELF,)))
    await shop.run(job)
    assert (shop.texts(), shop.texts(shelf=SHELF)) == ([FERRY], [FERRY])


async def test_public_ones_are_public() -> None:
    shop = Shop()
    await shop.run(await shop.accepted(FERRY, options=Options(public=True)))
    assert [memory.public for memory in shop.remembered()] == [True]


async def test_only_tags_that_fit_are_attached() -> None:
    shop = Shop()
    await shop.run(await shop.accepted(FERRY, options=Options(tags=("ferry", "quiz"))))
    assert [memory.tags for memory in shop.remembered()] == [("ferry",)]


async def test_the_extractor_is_told_what_was_said_before() -> None:
    shop = Shop(limits=Limits(before=2))
    for number in range(3):
        await shop.accepted(f"Earlier words number {number}", name=f"earlier {number}", arrived=ARRIVED - 1000 + number)
    await shop.accepted("In another conversation", name="other", scope=Scope("project", "ana", "elsewhere"), arrived=ARRIVED - 1)
    await shop.accepted("Later words", name="later", arrived=ARRIVED + 1)
    await shop.run(await shop.accepted(FERRY, "And back at five"))
    [talk] = shop.extractor.talks
    assert [message.text for message in talk.messages] == [FERRY, "And back at five"]
    assert [message.text for message in talk.before] == ["Earlier words number 1", "Earlier words number 2"]


async def test_extraction_alone_remembers_nothing() -> None:
    shop = Shop()
    job = await shop.accepted(FERRY, work="extract")
    shop.memories.stored.clear()
    assert await shop.run(job) is None
    assert shop.job(job).body["extracted"] == [
        {"type": "LongTermMemory", "title": FERRY[:40], "text": FERRY, "tags": [], "reasoning": ""}]
    assert shop.texts() == []


async def put_on_shelf(shop: Shop, data: bytes, name: str, url: str = "") -> Job:
    await shop.shelves.put(KnowledgeBase(SHELF, "project", "Harbour"))
    source = "" if url else await shop.sources.put(data)
    file = KnowledgeFile(id=FILE, knowledge_base=SHELF, project="project", name=name, source=source, url=url, job=READING)
    await shop.shelves.put_file(file)
    job = Job(id=READING, scope=Scope("project", ""), work="document", queue="files", body={"knowledge_base": SHELF, "file": FILE})
    await shop.jobs.put(job)
    return job


async def test_a_document_is_read_onto_its_shelf_and_nowhere_else() -> None:
    shop = Shop()
    job = await put_on_shelf(shop, pdf(2), "lights.pdf")
    assert await shop.run(job) is None
    assert len(shop.texts(shelf=SHELF)) == 2
    assert shop.texts() == []
    [file] = await shop.shelves.files("project")
    assert (file.status, file.code) == ("completed", 0)
    assert [memory.origins[0].source for memory in shop.remembered(shelf=SHELF)] == [file.source] * 2


async def test_a_document_that_cannot_be_read_fails_with_its_code() -> None:
    shop = Shop()
    job = await put_on_shelf(shop, b"%PDF-1.7 torn off", "torn.pdf")
    assert await shop.run(job) is None
    [file] = await shop.shelves.files("project")
    assert (file.status, file.code) == ("failed", 50107)
    assert file.message


async def test_a_document_behind_a_url_is_known_by_its_bytes() -> None:
    shop = Shop(web={URL: FakeFile(text(1), "timetable.txt")})
    job = await put_on_shelf(shop, b"", "", url=URL)
    assert await shop.run(job) is None
    [file] = await shop.shelves.files("project")
    [memory] = shop.remembered(shelf=SHELF)
    assert file.source == memory.origins[0].source != ""
    assert (file.status, file.name, file.size) == ("completed", "timetable.txt", len(text(1)))


async def test_a_document_taken_away_meanwhile_leaves_nothing() -> None:
    shop = Shop()

    class TakenAway(FakeExtractor):
        async def from_passages(self, passages: Any) -> Extraction:
            await shop.shelves.delete_files("project", [FILE])
            await shop.jobs.put(shop.job(job).ended(State.CANCELLED, ARRIVED))
            return await super().from_passages(passages)

    shop.extractor = TakenAway()
    job = await put_on_shelf(shop, pdf(2), "lights.pdf")
    assert await shop.run(job) is None
    assert shop.texts(shelf=SHELF) == []
    assert await shop.shelves.files("project") == []


async def test_a_dead_document_says_so_on_its_file() -> None:
    class Away(FakeExtractor):
        async def from_passages(self, passages: list[Passage]) -> Extraction:  # type: ignore[override]
            raise Unavailable("away")

    shop = Shop(extractor=Away())
    job = await put_on_shelf(shop, pdf(1), "lights.pdf")
    while await shop.run(job) is not None:
        shop.leases.wipe()
    [file] = await shop.shelves.files("project")
    assert (shop.job(job).state, file.status, file.code) == (State.DEAD, "failed", Unavailable.code)


async def test_the_end_is_written_on_the_file_although_that_failed_at_first() -> None:
    shop = Shop()
    put, calls = shop.shelves.put_file, 0

    async def second_time(file: KnowledgeFile) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise Unavailable("away")
        await put(file)

    job = await put_on_shelf(shop, pdf(1), "lights.pdf")
    shop.shelves.put_file = second_time  # type: ignore[method-assign]
    while await shop.run(job) is not None:
        shop.leases.wipe()
    [file] = await shop.shelves.files("project")
    assert (shop.job(job).state, file.status) == (State.COMPLETED, "completed")
    assert len(shop.texts(shelf=SHELF)) == 1
