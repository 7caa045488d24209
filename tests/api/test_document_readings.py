"""Documents that are read by the worker's own pipeline: added, changed, deleted and read
again, each on its own.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from services.gateway.knowledge import knowledge_files
from shared.domain.extraction import Draft
from shared.domain.identity import computed_id, digest
from shared.domain.job import Job, Outcome, Receipt, State
from shared.domain.job_payload import DocumentPayload
from shared.domain.knowledge import KnowledgeFile
from shared.domain.memory import Embedded, Memory
from shared.errors import Unavailable
from shared.jobs.replay import read_again
from shared.language.lexical import weigh
from tests.api.world import World
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.extractor import FakeExtractor
from tests.unit.pipeline.worker_bench import FakeFile, WorkerBench
from workers.pipeline.merge.identity import earlier_identity

HOLIDAYS = (
    "Every employee has thirty days of paid leave in a calendar year, to be taken before"
    " the end of March of the next one, as agreed with the manager in good time and in"
    " writing for all of the people in the team."
)
PARKING = (
    "The car park behind the building is open from six in the morning to ten in the"
    " evening for all employees with a badge, and visitors ask at the desk for a ticket"
    " that is valid for the whole day of their visit here."
)
TRAM = (
    "The car park is closed; employees take the tram to the central station, and the"
    " ticket is paid by the company every month together with the salary, whoever comes"
    " by bicycle gets the same sum of money for every month."
)
"""Each is long enough for a passage of its own."""
URL = "https://example.com/prices"
REMARK = "the model was away"
ANN = {"user_id": "ann", "conversation_id": "talk"}


class Reading:
    """A gateway with a knowledge base, and a worker that works when it is asked to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.base = ""
        self.worker = WorkerBench(
            memories=world.memories,
            messages=world.messages,
            jobs=world.jobs,
            knowledge_bases=world.knowledge_bases,
            sources=world.sources,
            progress_bus=world.progress_bus,
            queue=world.queue,
            leases=world.app.state.ports.leases,
        )

    async def begin(self) -> None:
        body = {"knowledgebase_name": "handbook"}
        self.base = (await self.world.post("create/knowledgebase", body)).data["id"]

    async def add(self, content: str, name: str = "", **more: Any) -> dict[str, Any]:
        """A document, not read yet."""
        file = {"content": content, "name": name, **more}
        body = {"knowledgebase_id": self.base, "file": [file]}
        [added] = (await self.world.post("add/knowledgebase-file", body)).data
        return dict(added)

    async def work(self) -> None:
        """What waits is worked off."""
        waiting = [id for id, _ in self.world.queue.waiting]
        self.world.queue.wipe()
        for id in waiting:
            await self.worker.run(self.world.jobs.stored[id])

    async def read(self, *passages: str, name: str, **more: Any) -> dict[str, Any]:
        """A document of some passages, read."""
        text = "\n\n".join(f"# {place}\n\n{p}" for place, p in enumerate(passages))
        added = await self.add(encoded(text), name, **more)
        await self.work()
        return added

    async def read_page(self, text: str) -> dict[str, Any]:
        """The page at URL, which says this by now, read."""
        self.worker.web[URL] = FakeFile(text.encode(), "prices.txt")
        added = await self.add(URL)
        await self.work()
        return added

    async def delete(self, file: dict[str, Any]) -> None:
        body = {"file_ids": [file["id"]]}
        assert (await self.world.post("delete/knowledgebase-file", body)).status == 200

    async def replay(self, task: str) -> None:
        assert (await self.world.post(f"tasks/{task}/replay")).status == 200
        await self.work()

    def texts(self) -> list[str]:
        """What the knowledge base says, without headings."""
        texts = self.worker.texts(knowledge_base=self.base)
        return sorted(text.splitlines()[-1] for text in texts)

    async def standings(self) -> dict[str, str]:
        body = {"knowledgebase_id": self.base}
        data = (await self.world.post("get/knowledgebase-file", body)).data
        return {file["name"]: file["status"] for file in data["file_detail_list"]}


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def skill(text: str) -> str:
    return encoded(f"---\nname: mend\ndescription: {text}\n---\nsteps")


@pytest.fixture
async def reading() -> AsyncIterator[Reading]:
    async with World(FakeEmbedder(), working=False) as world:
        reading = Reading(world)
        await reading.begin()
        yield reading


async def test_of_two_documents_that_say_the_same_one_is_deleted(
    reading: Reading,
) -> None:
    old = await reading.read(HOLIDAYS, PARKING, name="2025.md")
    await reading.read(HOLIDAYS, TRAM, name="2026.md")
    assert reading.texts() == sorted([HOLIDAYS, HOLIDAYS, PARKING, TRAM])
    await reading.delete(old)
    assert reading.texts() == sorted([HOLIDAYS, TRAM])


async def test_of_two_tasks_whose_files_say_the_same_one_is_undone(
    reading: Reading,
) -> None:
    tasks = []
    for name, other in (("a.md", PARKING), ("b.md", TRAM)):
        data = encoded(f"# One\n\n{HOLIDAYS}\n\n# Two\n\n{other}")
        part = {"type": "file", "file": {"file_data": data, "filename": name}}
        body = {**ANN, "messages": [{"role": "user", "content": [part]}]}
        tasks.append((await reading.world.post("add/message", body)).data["task_id"])
        await reading.work()
    undone = await reading.world.post(f"tasks/{tasks[0]}/undo")
    assert undone.status == 200
    left = [text.splitlines()[-1] for text in reading.worker.texts("ann")]
    assert left == [HOLIDAYS, TRAM]


async def as_of_an_earlier_release(reading: Reading, files: list[Any]) -> None:
    """Words that two documents say are stored once, as the first one's."""
    first, second = (file["task_id"] for file in files)
    memories, jobs = reading.world.memories, reading.world.jobs
    [one] = [m for m in of_job(reading, first) if HOLIDAYS in m.text]
    [other] = [m for m in of_job(reading, second) if HOLIDAYS in m.text]
    await memories.delete("one", [one.id, other.id])
    draft = Draft(one.type, one.text)
    id = earlier_identity(draft, jobs.stored[first], reading.base)
    known = replace(one, id=id)
    await memories.put([Embedded(known, weigh(known.text))])
    for task, receipt in (
        (first, Receipt(known.id, Outcome.STORED)),
        (second, Receipt(known.id, Outcome.MERGED, other=known.id)),
    ):
        job = jobs.stored[task]
        receipts = [r for r in job.receipts if r.memory not in (one.id, other.id)]
        await jobs.put(replace(job, receipts=(*receipts, receipt)))


def of_job(reading: Reading, task: str) -> list[Memory]:
    stored = reading.world.memories.stored.values()
    return [entry.memory for entry in stored if entry.memory.job == task]


async def test_what_an_earlier_release_kept_once_is_read_again_in_the_other_document(
    reading: Reading,
) -> None:
    files = [
        await reading.read(HOLIDAYS, PARKING, name="2025.md"),
        await reading.read(HOLIDAYS, TRAM, name="2026.md"),
    ]
    await as_of_an_earlier_release(reading, files)
    assert reading.texts() == sorted([HOLIDAYS, PARKING, TRAM])
    jobs = reading.world.jobs
    one_before = replace(jobs.stored[files[1]["task_id"]], id=computed_id("before"))
    await jobs.put(one_before)
    await reading.delete(files[0])
    waiting = [id for id, _ in reading.world.queue.waiting]
    assert waiting == [files[1]["task_id"]]
    assert await reading.standings() == {"2026.md": "running"}
    await reading.work()
    assert reading.texts() == sorted([HOLIDAYS, TRAM])
    assert await reading.standings() == {"2026.md": "completed"}


async def test_a_document_that_is_read_again_takes_nothing_from_another(
    reading: Reading,
) -> None:
    files = [
        await reading.read(HOLIDAYS, PARKING, name="2025.md"),
        await reading.read(HOLIDAYS, TRAM, name="2026.md"),
    ]
    await as_of_an_earlier_release(reading, files)
    job = reading.world.jobs.stored[files[0]["task_id"]]
    await read_again(reading.world.ports, job, ())
    reading.worker.extractor = FakeExtractor()
    await reading.work()
    assert HOLIDAYS in reading.texts()
    await reading.delete(files[0])
    await reading.work()
    assert reading.texts() == sorted([HOLIDAYS, TRAM])


async def test_the_version_of_a_skill_before_the_deleted_one_comes_back(
    reading: Reading,
) -> None:
    versions = []
    for text in ("first", "second", "third"):
        versions.append(await reading.add(skill(text), f"{text}.md", type="skill"))
        await reading.work()
    [current] = reading.worker.remembered(knowledge_base=reading.base)
    assert "third" in current.text
    await reading.delete(versions[2])
    await reading.work()
    [current] = reading.worker.remembered(knowledge_base=reading.base)
    assert "second" in current.text
    await reading.delete(versions[0])
    await reading.work()
    [current] = reading.worker.remembered(knowledge_base=reading.base)
    assert "second" in current.text


async def test_a_skill_comes_back_though_its_bytes_went_with_another_name(
    reading: Reading,
) -> None:
    await reading.add(skill("first"), "first.md", type="skill")
    await reading.work()
    copy = await reading.add(skill("first"), "copy.md", type="skill")
    await reading.work()
    second = await reading.add(skill("second"), "second.md", type="skill")
    await reading.work()
    await reading.delete(copy)
    await reading.work()
    await reading.delete(second)
    await reading.work()
    [current] = reading.worker.remembered(knowledge_base=reading.base)
    assert "first" in current.text
    assert await reading.standings() == {"first.md": "completed"}


async def test_bytes_go_with_the_last_document_that_was_read_in_them(
    reading: Reading,
) -> None:
    files = [await reading.read(PARKING, name=name) for name in ("a.md", "b.md")]
    await reading.delete(files[0])
    assert reading.world.sources.stored
    await reading.delete(files[1])
    assert not reading.world.sources.stored


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is added again is read again."""
    monkeypatch.setattr(knowledge_files, "DUPLICATE_WITHIN_MS", -1)


@pytest.mark.usefixtures("at_once")
async def test_a_page_that_has_changed_takes_the_place_of_what_it_said(
    reading: Reading,
) -> None:
    first = await reading.read_page(PARKING)
    second = await reading.read_page(TRAM)
    assert (first["id"], reading.texts()) == (second["id"], [TRAM])
    assert list(reading.world.jobs.stored) == [second["task_id"]]
    assert list(reading.world.sources.stored.values()) == [TRAM.encode()]
    await reading.delete(second)
    assert reading.texts() == []
    assert not reading.world.jobs.stored and not reading.world.sources.stored


@pytest.mark.usefixtures("at_once")
async def test_a_page_that_says_the_same_keeps_its_memories(reading: Reading) -> None:
    await reading.read_page(PARKING)
    [before] = reading.worker.remembered(knowledge_base=reading.base)
    for _ in range(3):
        again = await reading.read_page(PARKING)
    assert reading.worker.remembered(knowledge_base=reading.base) == [before]
    assert len(reading.world.jobs.stored) == 2
    await reading.read_page(TRAM)
    assert reading.texts() == [TRAM]
    await reading.delete(again)
    assert reading.texts() == []
    assert not reading.world.jobs.stored and not reading.world.sources.stored


@pytest.mark.usefixtures("at_once")
async def test_a_page_that_is_gone_keeps_what_it_said_until_it_is_deleted(
    reading: Reading,
) -> None:
    await reading.read_page(PARKING)
    reading.worker.web.clear()
    again = await reading.add(URL)
    await reading.work()
    assert await reading.standings() == {"prices": "failed"}
    assert reading.texts() == [PARKING]
    await reading.delete(again)
    assert reading.texts() == []
    assert not reading.world.jobs.stored and not reading.world.sources.stored


@pytest.mark.usefixtures("at_once")
async def test_what_was_corrected_by_hand_on_a_page_goes_with_its_file(
    reading: Reading,
) -> None:
    await reading.read_page(PARKING)
    [memory] = reading.worker.remembered(knowledge_base=reading.base)
    body = {"memory_id": memory.id, "content": "It is open at night."}
    assert (await reading.world.post("update/memory", body)).status == 200
    page = await reading.read_page(TRAM)
    assert reading.texts() == sorted(["It is open at night.", TRAM])
    await reading.delete(page)
    assert reading.texts() == []
    assert reading.world.jobs.stored == {}


async def test_jobs_that_no_file_names_go_with_their_knowledge_base(
    reading: Reading,
) -> None:
    await reading.read(PARKING, name="a.md")
    payload = DocumentPayload(
        reading.base, computed_id("a file"), "gone.md", digest(b"x")
    )
    job = next(iter(reading.world.jobs.stored.values()))
    lost = replace(job, id=computed_id("lost"), payload=payload)
    await reading.world.jobs.put(lost)
    body = {"knowledgebase_id": reading.base}
    assert (await reading.world.post("delete/knowledgebase", body)).status == 200
    assert reading.world.jobs.stored == {}


async def test_a_document_that_is_added_while_its_base_is_deleted_leaves_nothing(
    reading: Reading,
) -> None:
    memories = reading.world.memories
    delete_where = memories.delete_where

    async def meanwhile(*args: Any, **named: Any) -> None:
        memories.delete_where = delete_where  # type: ignore[method-assign]
        await reading.add(encoded(PARKING), "late.md")
        await delete_where(*args, **named)

    memories.delete_where = meanwhile  # type: ignore[method-assign]
    body = {"knowledgebase_id": reading.base}
    assert (await reading.world.post("delete/knowledgebase", body)).status == 200
    assert not reading.world.jobs.stored and not reading.world.sources.stored
    assert not reading.world.knowledge_bases.stored_files


async def test_a_replay_keeps_what_cannot_be_read_again(reading: Reading) -> None:
    reading.worker.extractor = FakeExtractor(REMARK)
    file = await reading.read(PARKING, name="a.md")
    reading.world.sources.stored.clear()
    await reading.replay(file["task_id"])
    assert reading.texts() == [PARKING]
    assert await reading.standings() == {"a.md": "failed"}
    job = reading.world.jobs.stored[file["task_id"]]
    assert len(job.stored_memories) == 1


async def test_what_could_not_be_read_again_is_replaced_when_it_can(
    reading: Reading,
) -> None:
    reading.worker.extractor = FakeExtractor(REMARK)
    reading.worker.web[URL] = FakeFile(PARKING.encode(), "p.txt")
    part = {"type": "file", "file": {"file_data": URL}}
    text = {"type": "text", "text": "My flight leaves at nine."}
    body = {**ANN, "messages": [{"role": "user", "content": [text, part]}]}
    task = (await reading.world.post("add/message", body)).data["task_id"]
    await reading.work()
    assert reading.worker.texts("ann") == ["My flight leaves at nine.", PARKING]
    reading.world.sources.stored.clear()
    reading.worker.web.clear()
    for _ in range(2):
        await reading.replay(task)
        assert reading.world.jobs.stored[task].state is State.FAILED
        known = ["My flight leaves at nine.", PARKING]
        assert sorted(reading.worker.texts("ann")) == sorted(known)
    reading.worker.web[URL] = FakeFile(TRAM.encode(), "p.txt")
    reading.worker.extractor = FakeExtractor()
    await reading.replay(task)
    assert reading.world.jobs.stored[task].state is State.COMPLETED
    assert sorted(reading.worker.texts("ann")) == ["My flight leaves at nine.", TRAM]


async def test_a_replay_reads_the_bytes_that_were_read_before(
    reading: Reading,
) -> None:
    reading.worker.extractor = FakeExtractor(REMARK)
    reading.worker.web[URL] = FakeFile(PARKING.encode(), "p.txt")
    part = {"type": "file", "file": {"file_data": URL}}
    body = {**ANN, "messages": [{"role": "user", "content": [part]}]}
    task = (await reading.world.post("add/message", body)).data["task_id"]
    await reading.work()
    reading.worker.web.clear()
    await reading.replay(task)
    assert reading.worker.texts("ann") == [PARKING]
    assert reading.world.jobs.stored[task].state is State.COMPLETED
    assert reading.worker.fetched == [URL]


async def test_bytes_that_a_replay_of_anothers_task_would_read_stay(
    reading: Reading,
) -> None:
    reading.worker.extractor = FakeExtractor(REMARK)
    text = encoded(f"# 0\n\n{PARKING}")
    file = await reading.read(PARKING, name="a.md")
    part = {"type": "file", "file": {"file_data": text}}
    body = {**ANN, "messages": [{"role": "user", "content": [part]}]}
    await reading.world.post("add/message", body)
    await reading.work()
    await reading.world.post("delete/memory", {"user_ids": ["ann"]})
    assert len(reading.world.sources.stored) == 1
    await reading.delete(file)
    assert reading.world.sources.stored == {}


async def test_a_file_whose_job_was_not_written_down_is_read_when_it_is_sent_again(
    reading: Reading,
) -> None:
    jobs = reading.world.jobs
    put, jobs.put = jobs.put, _away  # type: ignore[method-assign]
    body = {
        "knowledgebase_id": reading.base,
        "file": [{"content": encoded(PARKING), "name": "a.txt"}],
    }
    assert (await reading.world.post("add/knowledgebase-file", body)).status == 503
    jobs.put = put  # type: ignore[method-assign]
    assert jobs.stored == {}
    added = await reading.add(encoded(PARKING), "a.txt")
    assert added["task_id"] in jobs.stored
    await reading.work()
    assert reading.texts() == [PARKING]
    assert await reading.standings() == {"a.txt": "completed"}


async def _away(job: Job) -> None:
    raise Unavailable("away")


@pytest.mark.parametrize("job", [None, State.CANCELLED])
async def test_a_file_that_no_job_reads_is_shown_as_failed(
    reading: Reading, job: State | None
) -> None:
    added = await reading.add(encoded(PARKING), "a.txt")
    assert await reading.standings() == {"a.txt": "running"}
    jobs, files = reading.world.jobs, reading.world.knowledge_bases.stored_files
    if job is None:
        await jobs.delete("one", [added["task_id"]])
    else:
        await jobs.put(replace(jobs.stored[added["task_id"]], state=job))
    files[added["id"]] = replace(files[added["id"]], created_at=1)
    assert await reading.standings() == {"a.txt": "failed"}
    await reading.add(encoded(PARKING), "a.txt")
    await reading.work()
    assert reading.texts() == [PARKING]


async def test_a_file_that_is_deleted_while_its_record_is_written_stays_deleted(
    reading: Reading,
) -> None:
    bases = reading.world.knowledge_bases
    update = bases.update_file
    reading.worker.web[URL] = FakeFile(PARKING.encode(), "p.txt")
    added = await reading.add(URL)

    async def after_the_deletion(file: KnowledgeFile) -> None:
        bases.update_file = update  # type: ignore[method-assign]
        await reading.delete(added)
        await update(file)

    bases.update_file = after_the_deletion  # type: ignore[method-assign]
    await reading.work()
    assert (bases.stored_files, reading.texts()) == ({}, [])


async def test_what_waits_goes_into_no_knowledge_base_that_was_deleted(
    reading: Reading,
) -> None:
    said = [{"role": "user", "content": "The safe code is 4711."}]
    body = {**ANN, "allow_knowledgebase_ids": [reading.base], "messages": said}
    task = (await reading.world.post("add/message", body)).data["task_id"]
    deletion = {"knowledgebase_id": reading.base}
    assert (await reading.world.post("delete/knowledgebase", deletion)).status == 200
    await reading.work()
    assert reading.worker.texts("ann") == ["The safe code is 4711."]
    assert reading.texts() == []
    job = reading.world.jobs.stored[task]
    assert job.state is State.COMPLETED
    assert job.remarks == (f"the knowledge base {reading.base} was deleted",)


async def test_nobody_stores_in_a_knowledge_base_while_it_is_deleted(
    reading: Reading,
) -> None:
    """Its lease is held from before its memories go until its record is gone."""
    memories, held = reading.world.memories, []
    delete_where = memories.delete_where
    lease = f"shelf:{computed_id(reading.base)}"

    async def watched(*args: Any, **named: Any) -> None:
        held.append(await reading.worker.leases.acquire(lease, 1.0))
        await delete_where(*args, **named)

    memories.delete_where = watched  # type: ignore[method-assign]
    body = {"knowledgebase_id": reading.base}
    assert (await reading.world.post("delete/knowledgebase", body)).status == 200
    assert held == [None]
    assert await reading.worker.leases.acquire(lease, 1.0) is not None
