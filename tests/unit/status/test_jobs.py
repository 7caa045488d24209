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
from tests.unit.status.status_bench import Desk, client_on


async def test_a_waiting_job_is_running_for_the_wire() -> None:
    desk = Desk()
    job = await desk.job()
    told = await desk.get(f"/jobs/{job.id}")
    assert (
        told["task_id"],
        told["status"],
        told["state"],
        told["step"],
        told["attempts"],
    ) == (job.id, "running", "queued", "queued", 0)
    assert "error_code" not in told
    assert "memory_views" not in told


async def test_a_running_one_shows_live_figures() -> None:
    desk = Desk()
    job = await desk.job(state=State.RUNNING, attempts=1)
    await desk.progress_bus.publish(
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
    told = await desk.get(f"/jobs/{job.id}")
    assert (told["status"], told["step"]) == ("running", "parse")
    assert (
        told["progress"].items()
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
    desk = Desk()
    receipts = (
        Receipt("m1", Outcome.STORED, "fact"),
        Receipt("m2", Outcome.SUPERSEDED, "preference", other="m0"),
        Receipt("m3", Outcome.MERGED, "fact", other="m9"),
        Receipt("m4", Outcome.STORED, "tool"),
    )
    job = await desk.job(state=State.COMPLETED, receipts=receipts)
    told = await desk.get(f"/jobs/{job.id}")
    assert (told["status"], told["step"], told["counts"]) == (
        "completed",
        "done",
        {"stored": 2, "superseded": 1, "merged": 1},
    )
    assert told["receipts"][1] == {
        "memory_id": "m2",
        "outcome": "superseded",
        "kind": "preference",
        "reason": "",
        "other": "m0",
    }
    assert told["memory_views"] == {
        "added": 2,
        "updated": 1,
        "deleted": 0,
        "detail_factual": {"memory_ids": ["m1"]},
        "preference": {"memory_ids": ["m2"]},
        "tool_memory": {"memory_ids": ["m4"]},
        "skill": {"memory_ids": []},
    }


async def test_a_failed_one_says_which_file_and_why_although_the_figures_are_lost() -> (
    None
):
    desk = Desk()
    files = (
        FileReport("a.pdf", "00", "application/pdf", 12, 999, "completed"),
        FileReport("b.pdf", status="failed", code=50107, message="torn"),
    )
    job = await desk.job(
        state=State.FAILED, error_code=50107, error_message="b.pdf: torn", files=files
    )
    told = await desk.get(f"/jobs/{job.id}")
    assert (told["status"], told["error_code"], told["error_message"]) == (
        "failed",
        50107,
        "b.pdf: torn",
    )
    assert [
        (file["name"], file["status"], file["code"], file["message"])
        for file in told["files"]
    ] == [("a.pdf", "completed", 0, ""), ("b.pdf", "failed", 50107, "torn")]
    assert (
        told["progress"]["files"],
        told["progress"]["files_done"],
        told["progress"]["pages"],
    ) == (2, 2, 12)


@pytest.mark.parametrize("state", [State.DEAD, State.CANCELLED, State.FAILED])
async def test_every_bad_end_has_a_code(state: State) -> None:
    desk = Desk()
    told = await desk.get(f"/jobs/{(await desk.job(state=state)).id}")
    assert told["status"] == "failed"
    assert told["error_code"] >= 50000
    assert told["error_message"]


async def test_the_record_is_right_where_the_board_says_otherwise() -> None:
    desk = Desk()
    job = await desk.job(state=State.COMPLETED)
    await desk.progress_bus.publish(Progress(job.id, State.RUNNING, Step.EXTRACT))
    told = await desk.get(f"/jobs/{job.id}")
    assert (told["status"], told["step"]) == ("completed", "done")


async def test_an_error_that_is_being_tried_again_is_not_told_yet() -> None:
    desk = Desk()
    job = await desk.job(
        state=State.RUNNING, attempts=2, error_code=50004, error_message="away"
    )
    assert "error_code" not in await desk.get(f"/jobs/{job.id}")


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
    desk = Desk()
    foreign = await desk.job(project="two", state=State.DEAD)
    assert await desk.refused(method, path.format(foreign.id)) == (404, 50131)
    assert await desk.refused(method, path.format(computed_id("nobody"))) == (
        404,
        50131,
    )
    assert desk.jobs.stored[foreign.id] == foreign


async def test_the_latest_jobs_of_a_user() -> None:
    desk = Desk()
    first, second = await desk.job("a", created_at=1), await desk.job("b", created_at=2)
    await desk.job("c", user="ben")
    await desk.job("d", project="two")
    assert [told["task_id"] for told in await desk.get("/jobs", user="ana")] == [
        second.id,
        first.id,
    ]
    assert [
        told["task_id"] for told in await desk.get("/jobs", user="ana", limit=1)
    ] == [second.id]


async def test_dead_letters_are_listed_and_replayed() -> None:
    desk = Desk()
    dead = await desk.job(
        "dead",
        state=State.DEAD,
        attempts=5,
        error_code=50004,
        error_message="away",
        queue=Queue.FILES,
        checkpoint=Checkpoint(stored=1),
    )
    await desk.job("failed", state=State.FAILED)
    await desk.job("dead of another", project="two", state=State.DEAD)
    assert [told["task_id"] for told in await desk.get("/dead")] == [dead.id]
    told = await desk.post(f"/jobs/{dead.id}/replay")
    assert (told["status"], told["attempts"]) == ("running", 0)
    assert desk.jobs.stored[dead.id] == replace(
        dead,
        state=State.QUEUED,
        attempts=0,
        error_code=0,
        error_message="",
        updated_at=desk.jobs.stored[dead.id].updated_at,
    )
    assert desk.queue.waiting == [(dead.id, "files")]
    assert await desk.get("/dead") == []


async def test_a_failed_job_begins_anew() -> None:
    desk = Desk()
    failed = await desk.job(
        state=State.FAILED,
        files=(FileReport("b.pdf", status="failed"),),
        receipts=(Receipt("m", Outcome.STORED),),
    )
    await desk.post(f"/jobs/{failed.id}/replay")
    assert (
        desk.jobs.stored[failed.id].files,
        desk.jobs.stored[failed.id].receipts,
    ) == ((), ())


@pytest.mark.parametrize(
    "state", [State.QUEUED, State.RUNNING, State.COMPLETED, State.CANCELLED]
)
async def test_other_jobs_are_not_replayed(state: State) -> None:
    desk = Desk()
    job = await desk.job(state=state)
    assert await desk.refused("POST", f"/jobs/{job.id}/replay") == (400, 40000)
    assert desk.queue.waiting == []


async def test_a_replayed_document_is_running_again_on_its_shelf() -> None:
    desk = Desk()
    file, job = computed_id("file"), computed_id("job")
    await desk.knowledge_bases.put_file(
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
    await desk.job(state=State.FAILED, payload=DocumentPayload(file=file))
    await desk.post(f"/jobs/{job}/replay")
    [kept] = await desk.knowledge_bases.files("one")
    assert (kept.status, kept.code, kept.message) == ("running", 0, "")


async def fast_memory(desk: Desk, job: str) -> None:
    memory = Memory(
        computed_id("fast"),
        Scope("one", "ana"),
        Type.WORKING,
        "user: hello",
        fast=True,
        job=job,
    )
    await desk.memories.put([Embedded(memory, weigh(memory.text))])


async def test_called_off_it_is_over_and_nothing_of_it_is_found() -> None:
    desk = Desk()
    job = await desk.job(state=State.RUNNING, fingerprint="f")
    await fast_memory(desk, job.id)
    await desk.in_flight.claim("f", job.id, 60)
    told = await desk.post(f"/jobs/{job.id}/cancel")
    assert (told["status"], told["state"]) == ("failed", "cancelled")
    assert desk.jobs.stored[job.id].state is State.CANCELLED
    assert await desk.progress_bus.cancelled(job.id)
    assert desk.memories.stored == {}
    assert await desk.in_flight.claim("f", "another", 60) == "another"
    assert [progress.state async for progress in desk.progress_bus.watch(job.id)] == [
        State.CANCELLED
    ], "who waits is told"


async def test_what_has_ended_cannot_be_called_off() -> None:
    desk = Desk()
    job = await desk.job(state=State.COMPLETED)
    assert (await desk.post(f"/jobs/{job.id}/cancel"))["state"] == "completed"
    assert not await desk.progress_bus.cancelled(job.id)


async def test_what_a_model_said_goes_with_a_job_that_is_called_off() -> None:
    desk = Desk()
    kept = await desk.ports.sources.put(b"another's")
    said = await desk.ports.sources.put(b"what the model found")
    job = await desk.job(state=State.QUEUED, attempts=1, checkpoint=Checkpoint((said,)))
    await desk.post(f"/jobs/{job.id}/cancel")
    assert await desk.ports.sources.get(kept) == b"another's"
    with pytest.raises(NotFound):
        await desk.ports.sources.get(said)
    assert desk.jobs.stored[job.id].checkpoint == Checkpoint()


async def group(desk: Desk, first: State, second: State) -> tuple[Job, Job]:
    """The jobs of a group chat of two."""
    other = await desk.job(
        "other", user="ben", state=second, error_code=50107, error_message="torn"
    )
    return await desk.job(state=first, companions=(other.id,)), other


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
    desk = Desk()
    job, _ = await group(desk, first, second)
    told = await desk.get(f"/jobs/{job.id}")
    assert (told["task_id"], told["status"], told["user_id"]) == (job.id, status, "ana")
    assert told.get("error_code") == (50107 if status == "failed" else None)


async def test_a_group_is_called_off_and_replayed_as_one() -> None:
    desk = Desk()
    job, other = await group(desk, State.RUNNING, State.QUEUED)
    assert (await desk.post(f"/jobs/{job.id}/cancel"))["state"] == "cancelled"
    assert desk.jobs.stored[other.id].state is State.CANCELLED
    desk = Desk()
    job, other = await group(desk, State.COMPLETED, State.DEAD)
    assert (await desk.post(f"/jobs/{job.id}/replay"))["status"] == "running"
    assert (desk.jobs.stored[job.id].state, desk.queue.waiting) == (
        State.COMPLETED,
        [(other.id, "text")],
    )


async def test_jobs_in_some_states() -> None:
    desk = Desk()
    running, queued = (
        await desk.job("a", created_at=1, state=State.RUNNING),
        await desk.job("b", created_at=2),
    )
    await desk.job("c", created_at=3, state=State.COMPLETED)
    assert [
        told["task_id"]
        for told in await desk.get("/jobs", user="ana", state=["running", "queued"])
    ] == [queued.id, running.id]
    assert [
        told["task_id"] for told in await desk.get("/jobs", user="ana", state="running")
    ] == [running.id]


async def test_a_document_called_off_says_so_on_its_shelf() -> None:
    desk = Desk()
    file, job = computed_id("file"), computed_id("job")
    await desk.knowledge_bases.put_file(
        KnowledgeFile(file, computed_id("shelf"), "one", "a.pdf", job=job)
    )
    await desk.job(payload=DocumentPayload(file=file))
    await desk.post(f"/jobs/{job}/cancel")
    assert [
        (kept.status, kept.message) for kept in await desk.knowledge_bases.files("one")
    ] == [("failed", "called off")]


class Absent:
    """A port whose service does not answer."""

    def __getattr__(self, name: str) -> Any:
        async def ask(*_: Any, **__: Any) -> Any:
            raise Unavailable("away")

        return ask


async def test_without_redis_the_record_still_answers() -> None:
    desk = Desk()
    job = await desk.job("running", state=State.RUNNING)
    dead = await desk.job("dead", state=State.DEAD)
    desk.client = client_on(
        replace(desk.ports, progress_bus=Absent(), queue=Absent(), in_flight=Absent())
    )
    assert (await desk.get(f"/jobs/{job.id}"))["status"] == "running"
    assert (await desk.post(f"/jobs/{job.id}/cancel"))["state"] == "cancelled"
    assert (await desk.post(f"/jobs/{dead.id}/replay"))["state"] == "queued"


async def test_without_qdrant_it_says_so() -> None:
    desk = Desk()
    desk.client = client_on(replace(desk.ports, jobs=Absent()))
    assert await desk.refused("GET", f"/jobs/{computed_id('job')}") == (503, 50004)


async def test_probes() -> None:
    desk = Desk()
    assert (await desk.client.get("/health")).status_code == 200
    assert (await desk.client.get("/ready")).status_code == 200
    assert "souvenir_http_requests" in (await desk.client.get("/metrics")).text
    desk.client = client_on(replace(desk.ports, progress_bus=Absent()))
    assert (await desk.client.get("/ready")).status_code == 503


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
    desk = Desk()
    job = await desk.job(state=State.RUNNING)
    await jobs.put(job)
    jobs.late = replace(job, updated_at=2)
    async with client_on(replace(desk.ports, jobs=jobs)) as client:
        told = (
            await client.post(f"/jobs/{job.id}/cancel", params={"project": "one"})
        ).json()["data"]
    assert (told["state"], jobs.stored[job.id].state) == ("cancelled", State.CANCELLED)
