"""What the status service tells of a job, and what can be done to one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.domain.identity import computed_id
from shared.domain.job import (
    Checkpoint,
    FileReport,
    Job,
    Outcome,
    Progress,
    Receipt,
    State,
    Step,
)
from shared.domain.job_payload import DocumentPayload, Queue
from shared.domain.knowledge import KnowledgeFile
from shared.domain.memory import Embedded, Memory, Type
from shared.domain.scope import Scope
from shared.errors import NotFound, Unavailable
from shared.language.lexical import weigh
from tests.fakes.jobs import FakeJobs
from tests.unit.status.status_bench import StatusBench, client_on


async def test_a_record_that_one_read_misses_is_no_unknown_task() -> None:
    bench = StatusBench()
    job = await bench.job()

    class Lags(FakeJobs):
        """Knows a job from the second time on."""

        asked = 0

        async def get(self, project: str | None, id: str) -> Job | None:
            self.asked += 1
            return await bench.jobs.get(project, id) if self.asked > 1 else None

    lagging = replace(bench.ports, jobs=Lags())
    async with client_on(lagging) as client:
        answer = await client.get(f"/jobs/{job.id}/status", params={"project": "one"})
    assert answer.status_code == 200
    assert answer.json()["data"]["task"]["task_id"] == job.id


async def test_a_waiting_job_is_running_for_the_wire() -> None:
    bench = StatusBench()
    job = await bench.job()
    view = await bench.get(f"/jobs/{job.id}")
    assert (
        view["task_id"],
        view["status"],
        view["state"],
        view["step"],
        view["attempts"],
    ) == (job.id, "running", "queued", "queued", 0)
    assert "error_code" not in view
    assert "memory_views" not in view


async def test_a_running_one_shows_live_figures() -> None:
    bench = StatusBench()
    job = await bench.job(state=State.RUNNING, attempts=1)
    await bench.progress_bus.publish(
        Progress(
            job.id,
            State.RUNNING,
            Step.PARSE,
            files=3,
            files_done=1,
            pages=40,
            pages_done=17,
            file="b.pdf",
        )
    )
    view = await bench.get(f"/jobs/{job.id}")
    assert (view["status"], view["step"]) == ("running", "parse")
    assert (
        view["progress"].items()
        >= {
            "files": 3,
            "files_done": 1,
            "pages": 40,
            "pages_done": 17,
            "passages": 0,
            "passages_done": 0,
            "memories": 0,
            "file": "b.pdf",
        }.items()
    )


async def test_a_completed_one_says_what_became_of_each_memory() -> None:
    bench = StatusBench()
    receipts = (
        Receipt("m1", Outcome.STORED, "fact"),
        Receipt("m2", Outcome.SUPERSEDED, "preference", other="m0"),
        Receipt("m3", Outcome.MERGED, "fact", other="m9"),
        Receipt("m4", Outcome.STORED, "tool"),
        Receipt("m5", Outcome.STORED, "fact", view="event"),
        Receipt("m6", Outcome.ARCHIVED, "fact"),
    )
    job = await bench.job(state=State.COMPLETED, receipts=receipts)
    view = await bench.get(f"/jobs/{job.id}")
    assert (view["status"], view["step"], view["counts"]) == (
        "completed",
        "done",
        {"stored": 3, "superseded": 1, "merged": 1, "archived": 1},
    )
    assert view["receipts"][1] == {
        "memory_id": "m2",
        "outcome": "superseded",
        "kind": "preference",
        "reason": "",
        "other": "m0",
    }
    assert view["memory_views"] == {
        "added": 3,
        "updated": 1,
        "deleted": 1,
        "memory_ids": {
            "added": ["m1", "m4", "m5"],
            "updated": ["m2"],
            "deleted": ["m6"],
        },
        "detail_factual": {"memory_ids": ["m1", "m5"]},
        "preference": {"memory_ids": ["m2"]},
        "tool_memory": {"memory_ids": ["m4"]},
        "skill": {"memory_ids": []},
        "profile": {"memory_ids": []},
        "event": {"memory_ids": ["m5"]},
    }


async def test_a_failed_one_says_which_file_and_why_although_the_figures_are_lost() -> (
    None
):
    bench = StatusBench()
    files = (
        FileReport("a.pdf", "00", "application/pdf", 12, 999, "completed"),
        FileReport("b.pdf", status="failed", code=50107, message="torn"),
    )
    job = await bench.job(
        state=State.FAILED, error_code=50107, error_message="b.pdf: torn", files=files
    )
    view = await bench.get(f"/jobs/{job.id}")
    assert (view["status"], view["error_code"], view["error_message"]) == (
        "failed",
        50107,
        "b.pdf: torn",
    )
    assert [
        (file["name"], file["status"], file["code"], file["message"])
        for file in view["files"]
    ] == [("a.pdf", "completed", 0, ""), ("b.pdf", "failed", 50107, "torn")]
    assert (
        view["progress"]["files"],
        view["progress"]["files_done"],
        view["progress"]["pages"],
    ) == (2, 2, 12)


@pytest.mark.parametrize("state", [State.DEAD, State.CANCELLED, State.FAILED])
async def test_every_bad_end_has_a_code(state: State) -> None:
    bench = StatusBench()
    view = await bench.get(f"/jobs/{(await bench.job(state=state)).id}")
    assert view["status"] == "failed"
    assert view["error_code"] >= 50000
    assert view["error_message"]


async def test_the_record_is_right_where_the_board_says_otherwise() -> None:
    bench = StatusBench()
    job = await bench.job(state=State.COMPLETED)
    await bench.progress_bus.publish(Progress(job.id, State.RUNNING, Step.EXTRACT))
    view = await bench.get(f"/jobs/{job.id}")
    assert (view["status"], view["step"]) == ("completed", "done")


async def test_an_error_that_is_being_tried_again_is_not_shown_yet() -> None:
    bench = StatusBench()
    job = await bench.job(
        state=State.RUNNING, attempts=2, error_code=50004, error_message="away"
    )
    assert "error_code" not in await bench.get(f"/jobs/{job.id}")


@pytest.mark.parametrize(
    "method, path",
    [
        ("GET", "/jobs/{}"),
        ("GET", "/jobs/{}/events"),
        ("POST", "/jobs/{}/replay"),
        ("POST", "/jobs/{}/cancel"),
    ],
)
async def test_unknown_and_foreign_jobs_are_the_same(method: str, path: str) -> None:
    bench = StatusBench()
    foreign = await bench.job(project="two", state=State.DEAD)
    assert await bench.refused(method, path.format(foreign.id)) == (404, 50131)
    assert await bench.refused(method, path.format(computed_id("nobody"))) == (
        404,
        50131,
    )
    assert bench.jobs.stored[foreign.id] == foreign


async def test_the_latest_jobs_of_a_user() -> None:
    bench = StatusBench()
    first, second = (
        await bench.job("a", created_at=1),
        await bench.job("b", created_at=2),
    )
    await bench.job("c", user="ben")
    await bench.job("d", project="two")
    assert [view["task_id"] for view in await bench.get("/jobs", user="ana")] == [
        second.id,
        first.id,
    ]
    assert [
        view["task_id"] for view in await bench.get("/jobs", user="ana", limit=1)
    ] == [second.id]


async def test_dead_letters_are_listed_and_replayed() -> None:
    bench = StatusBench()
    dead = await bench.job(
        "dead",
        state=State.DEAD,
        attempts=5,
        error_code=50004,
        error_message="away",
        queue=Queue.FILES,
        checkpoint=Checkpoint(stored=1),
    )
    await bench.job("failed", state=State.FAILED)
    await bench.job("dead of another", project="two", state=State.DEAD)
    assert [view["task_id"] for view in await bench.get("/dead")] == [dead.id]
    view = await bench.post(f"/jobs/{dead.id}/replay")
    assert (view["status"], view["attempts"]) == ("running", 0)
    assert bench.jobs.stored[dead.id] == replace(
        dead,
        state=State.QUEUED,
        attempts=0,
        error_code=0,
        error_message="",
        updated_at=bench.jobs.stored[dead.id].updated_at,
    )
    assert bench.queue.waiting == [(dead.id, "files")]
    assert await bench.get("/dead") == []


async def test_a_failed_job_begins_anew() -> None:
    bench = StatusBench()
    failed = await bench.job(
        state=State.FAILED,
        files=(FileReport("b.pdf", status="failed"),),
        receipts=(Receipt("m", Outcome.STORED),),
    )
    await bench.post(f"/jobs/{failed.id}/replay")
    assert (
        bench.jobs.stored[failed.id].files,
        bench.jobs.stored[failed.id].receipts,
    ) == ((FileReport("b.pdf"),), ())


@pytest.mark.parametrize(
    "state", [State.QUEUED, State.RUNNING, State.COMPLETED, State.CANCELLED]
)
async def test_other_jobs_are_not_replayed(state: State) -> None:
    bench = StatusBench()
    job = await bench.job(state=state)
    assert await bench.refused("POST", f"/jobs/{job.id}/replay") == (400, 40000)
    assert bench.queue.waiting == []


async def test_a_replayed_document_is_running_again_in_its_knowledge_base() -> None:
    bench = StatusBench()
    file, job = computed_id("file"), computed_id("job")
    await bench.knowledge_bases.put_file(
        KnowledgeFile(
            file,
            computed_id("shelf"),
            "one",
            "a.pdf",
            status="failed",
            code=50107,
            message="torn",
            job=job,
        )
    )
    await bench.job(state=State.FAILED, payload=DocumentPayload(file=file))
    await bench.post(f"/jobs/{job}/replay")
    [record] = await bench.knowledge_bases.files("one")
    assert (record.status, record.code, record.message) == ("running", 0, "")


async def fast_memory(bench: StatusBench, job: str) -> None:
    memory = Memory(
        computed_id("fast"),
        Scope("one", "ana"),
        Type.WORKING,
        "user: hello",
        fast=True,
        job=job,
    )
    await bench.memories.put([Embedded(memory, weigh(memory.text))])


async def test_a_cancelled_job_is_over_and_leaves_nothing() -> None:
    bench = StatusBench()
    job = await bench.job(state=State.RUNNING, fingerprint="f")
    await fast_memory(bench, job.id)
    await bench.in_flight.claim("f", job.id, 60)
    view = await bench.post(f"/jobs/{job.id}/cancel")
    assert (view["status"], view["state"]) == ("failed", "cancelled")
    assert bench.jobs.stored[job.id].state is State.CANCELLED
    assert await bench.progress_bus.cancelled(job.id)
    assert bench.memories.stored == {}
    assert await bench.in_flight.claim("f", "another", 60) == "another"
    assert [progress.state async for progress in bench.progress_bus.watch(job.id)] == [
        State.CANCELLED
    ], "who waits is view"


async def test_what_has_ended_cannot_be_cancelled() -> None:
    bench = StatusBench()
    job = await bench.job(state=State.COMPLETED)
    assert (await bench.post(f"/jobs/{job.id}/cancel"))["state"] == "completed"
    assert not await bench.progress_bus.cancelled(job.id)


async def test_what_a_model_said_goes_with_a_job_that_is_cancelled() -> None:
    bench = StatusBench()
    source = await bench.ports.sources.put(b"another's")
    said = await bench.ports.sources.put(b"what the model found")
    job = await bench.job(
        state=State.QUEUED, attempts=1, checkpoint=Checkpoint((said,))
    )
    await bench.post(f"/jobs/{job.id}/cancel")
    assert await bench.ports.sources.get(source) == b"another's"
    with pytest.raises(NotFound):
        await bench.ports.sources.get(said)
    assert bench.jobs.stored[job.id].checkpoint == Checkpoint()


async def group(bench: StatusBench, first: State, second: State) -> tuple[Job, Job]:
    """The jobs of a group chat of two."""
    other = await bench.job(
        "other", user="ben", state=second, error_code=50107, error_message="torn"
    )
    return await bench.job(state=first, companions=(other.id,)), other


@pytest.mark.parametrize(
    "first, second, status",
    [
        (State.COMPLETED, State.RUNNING, "running"),
        (State.COMPLETED, State.FAILED, "failed"),
        (State.FAILED, State.RUNNING, "running"),
        (State.COMPLETED, State.COMPLETED, "completed"),
    ],
)
async def test_a_group_stands_as_the_worst_of_its_jobs(
    first: State, second: State, status: str
) -> None:
    bench = StatusBench()
    job, _ = await group(bench, first, second)
    view = await bench.get(f"/jobs/{job.id}")
    assert (view["task_id"], view["status"], view["user_id"]) == (job.id, status, "ana")
    assert view.get("error_code") == (50107 if status == "failed" else None)


async def test_a_group_is_cancelled_and_replayed_as_one() -> None:
    bench = StatusBench()
    job, other = await group(bench, State.RUNNING, State.QUEUED)
    assert (await bench.post(f"/jobs/{job.id}/cancel"))["state"] == "cancelled"
    assert bench.jobs.stored[other.id].state is State.CANCELLED
    bench = StatusBench()
    job, other = await group(bench, State.COMPLETED, State.DEAD)
    assert (await bench.post(f"/jobs/{job.id}/replay"))["status"] == "running"
    assert (bench.jobs.stored[job.id].state, bench.queue.waiting) == (
        State.COMPLETED,
        [(other.id, "text")],
    )


async def test_jobs_in_some_states() -> None:
    bench = StatusBench()
    running, queued = (
        await bench.job("a", created_at=1, state=State.RUNNING),
        await bench.job("b", created_at=2),
    )
    await bench.job("c", created_at=3, state=State.COMPLETED)
    assert [
        view["task_id"]
        for view in await bench.get("/jobs", user="ana", state=["running", "queued"])
    ] == [queued.id, running.id]
    assert [
        view["task_id"]
        for view in await bench.get("/jobs", user="ana", state="running")
    ] == [running.id]


async def test_a_cancelled_document_says_so_in_its_knowledge_base() -> None:
    bench = StatusBench()
    file, job = computed_id("file"), computed_id("job")
    await bench.knowledge_bases.put_file(
        KnowledgeFile(file, computed_id("shelf"), "one", "a.pdf", job=job)
    )
    await bench.job(payload=DocumentPayload(file=file))
    await bench.post(f"/jobs/{job}/cancel")
    assert [
        (record.status, record.message)
        for record in await bench.knowledge_bases.files("one")
    ] == [("failed", "called off")]


class Absent:
    """A port whose service does not answer."""

    def __getattr__(self, name: str) -> Any:
        async def ask(*_: Any, **__: Any) -> Any:
            raise Unavailable("away")

        return ask


async def test_without_redis_the_record_still_answers() -> None:
    bench = StatusBench()
    job = await bench.job("running", state=State.RUNNING)
    dead = await bench.job("dead", state=State.DEAD)
    bench.client = client_on(
        replace(bench.ports, progress_bus=Absent(), queue=Absent(), in_flight=Absent())
    )
    assert (await bench.get(f"/jobs/{job.id}"))["status"] == "running"
    assert (await bench.post(f"/jobs/{job.id}/cancel"))["state"] == "cancelled"
    assert (await bench.post(f"/jobs/{dead.id}/replay"))["state"] == "queued"


async def test_without_qdrant_it_says_so() -> None:
    bench = StatusBench()
    bench.client = client_on(replace(bench.ports, jobs=Absent()))
    assert await bench.refused("GET", f"/jobs/{computed_id('job')}") == (503, 50004)


async def test_probes() -> None:
    bench = StatusBench()
    assert (await bench.client.get("/health")).status_code == 200
    assert (await bench.client.get("/ready")).status_code == 200
    assert "souvenir_http_requests" in (await bench.client.get("/metrics")).text
    bench.client = client_on(replace(bench.ports, progress_bus=Absent()))
    without_redis = await bench.client.get("/ready")
    assert without_redis.status_code == 200
    assert without_redis.json()["checks"]["redis"] == "does not answer"
    bench.client = client_on(replace(bench.ports, keys=Absent()))
    assert (await bench.client.get("/ready")).status_code == 503


class WrittenOver(FakeJobs):
    """A worker that had looked before the end was written writes its own view over it, once."""

    late: Job | None = None

    async def put(self, job: Job) -> None:
        await super().put(job)
        if job.state.final and self.late is not None:
            late, self.late = self.late, None
            await super().put(late)


async def test_a_worker_that_writes_at_that_moment_does_not_bring_it_back() -> None:
    jobs = WrittenOver()
    bench = StatusBench()
    job = await bench.job(state=State.RUNNING)
    await jobs.put(job)
    jobs.late = replace(job, updated_at=2)
    async with client_on(replace(bench.ports, jobs=jobs)) as client:
        view = (
            await client.post(f"/jobs/{job.id}/cancel", params={"project": "one"})
        ).json()["data"]
    assert (view["state"], jobs.stored[job.id].state) == ("cancelled", State.CANCELLED)
