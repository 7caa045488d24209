"""Jobs: the truth about every one of them, found again by whoever needs it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from shared.domain.identity import computed_id
from shared.domain.job import (
    Checkpoint,
    ExtractedMemory,
    FileReport,
    Job,
    Options,
    Outcome,
    Receipt,
    State,
    WebhookDelivery,
)
from shared.domain.job_payload import DocumentPayload, ExtractPayload, Queue
from shared.domain.memory import Type
from shared.domain.scope import Scope
from tests.contract.conftest import Stores


def job(
    project: str,
    name: str,
    state: State = State.QUEUED,
    *,
    user: str = "ann",
    created_at: int = 5_000,
    updated_at: int = 5_000,
) -> Job:
    return Job(
        computed_id(project, name),
        Scope(project, user),
        state=state,
        created_at=created_at,
        updated_at=updated_at,
        fingerprint=name,
    )


def names(jobs: list[Job]) -> list[str]:
    return [each.fingerprint for each in jobs]


async def test_a_job_comes_back_as_it_was(stores: Stores, project: str) -> None:
    whole = Job(
        id=str(uuid4()),
        scope=Scope(project, "ann", "c", "agent", "app"),
        payload=DocumentPayload("kb", "file", "a.pdf", "sha", "http://y", "document"),
        queue=Queue.FILES,
        state=State.FAILED,
        options=Options(("天气",), {"scene": "x", "n": [1, 2]}, True, ("kb",)),
        message_ids=("m1", "m2"),
        fingerprint="f",
        companions=("other",),
        checkpoint=Checkpoint(("one", "two"), {"sha": "A cat."}, 7),
        extracted=(ExtractedMemory(Type.USER, "tea", "t", ("drink",), "said so"),),
        created_at=1,
        updated_at=2,
        attempts=3,
        error_code=50107,
        error_message="no",
        legacy_status=True,
        webhook="http://x",
        files=(
            FileReport(
                "a.pdf", "sha", "application/pdf", 3, 4, "failed", 50104, "too big"
            ),
        ),
        receipts=(Receipt("m", Outcome.SUPERSEDED, "fact", "newer", "n"),),
        delivery=WebhookDelivery(7, 2, 0, "500"),
    )
    await stores.jobs.put(whole)
    assert await stores.jobs.get(project, whole.id) == whole
    assert await stores.jobs.get(None, whole.id) == whole


async def test_a_job_of_another_project_is_not_found(
    stores: Stores, project: str
) -> None:
    mine = job(project, "a")
    await stores.jobs.put(mine)
    assert await stores.jobs.get("another", mine.id) is None


@pytest.mark.parametrize(
    "id", ["", "nonsense", "00000000-0000-0000-0000-000000000000", "1", "../x"]
)
async def test_an_unknown_job_is_none(stores: Stores, project: str, id: str) -> None:
    assert await stores.jobs.get(project, id) is None


async def test_the_last_put_is_right(stores: Stores, project: str) -> None:
    first = job(project, "a")
    await stores.jobs.put(first)
    await stores.jobs.put(first.ended(State.COMPLETED, 9_000))
    found = await stores.jobs.get(project, first.id)
    assert found is not None
    assert (found.state, found.updated_at) == (State.COMPLETED, 9_000)


async def test_unfinished_are_those_that_wait_or_run_and_were_not_touched_lately(
    stores: Stores, project: str
) -> None:
    for state in State:
        await stores.jobs.put(job(project, f"old {state}", state, updated_at=1_000))
        await stores.jobs.put(
            job(f"{project}-2", f"new {state}", state, updated_at=2_000)
        )
    found = [
        each
        for each in await stores.jobs.unfinished(2_000, 1_000)
        if each.scope.project.startswith(project)
    ]
    assert sorted(names(found)) == ["old queued", "old running"]
    found = [
        each
        for each in await stores.jobs.unfinished(2_001, 1_000)
        if each.scope.project.startswith(project)
    ]
    assert sorted(names(found)) == [
        "new queued",
        "new running",
        "old queued",
        "old running",
    ]


async def test_of_the_unfinished_those_that_wait_longest_come_first(
    stores: Stores, project: str
) -> None:
    """Earlier than any job of another test here."""
    for at in (30, 10, 40, 20):
        await stores.jobs.put(job(project, str(at), updated_at=at))
    assert names(await stores.jobs.unfinished(100, 3)) == ["10", "20", "30"]
    assert names(await stores.jobs.unfinished(40, 3, 20)) == ["20", "30"]
    for at in (10, 20, 30, 40):
        await stores.jobs.put(job(project, str(at), State.COMPLETED, updated_at=at))
    assert await stores.jobs.unfinished(100, 3) == []


async def test_completed_jobs_with_remarks_the_last_first(
    stores: Stores, project: str
) -> None:
    for at, state, remarks in (
        (1000, State.COMPLETED, ("a model was away",)),
        (2000, State.COMPLETED, ()),
        (3000, State.FAILED, ("a model was away",)),
        (4000, State.COMPLETED, ("a model was away",)),
    ):
        ended = job(project, str(at), state, updated_at=at)
        await stores.jobs.put(replace(ended, remarks=remarks))
    listed = await stores.jobs.remarked(project, 10)
    assert names(listed) == ["4000", "1000"]
    await stores.jobs.put(listed[0].replayed(5000))
    assert names(await stores.jobs.remarked(project, 10)) == ["1000"]


async def test_dead_jobs_of_a_project_the_last_first(
    stores: Stores, project: str
) -> None:
    for at in (1_000, 3_000, 2_000):
        await stores.jobs.put(job(project, str(at), State.DEAD, updated_at=at))
    await stores.jobs.put(job(project, "failed", State.FAILED, updated_at=4_000))
    await stores.jobs.put(job(f"{project}-2", "foreign", State.DEAD, updated_at=4_000))
    assert names(await stores.jobs.dead(project, 2)) == ["3000", "2000"]
    replayed = (await stores.jobs.dead(project, 1))[0]
    await stores.jobs.put(replace(replayed, state=State.QUEUED))
    assert names(await stores.jobs.dead(project, 10)) == ["2000", "1000"]


async def test_jobs_of_a_user_newest_first(stores: Stores, project: str) -> None:
    for at in (1_000, 3_000, 2_000):
        await stores.jobs.put(
            job(project, str(at), created_at=at, updated_at=10_000 - at)
        )
    await stores.jobs.put(job(project, "bob's", user="bob"))
    await stores.jobs.put(job(f"{project}-2", "foreign"))
    assert names(await stores.jobs.of_user(project, "ann", 10)) == [
        "3000",
        "2000",
        "1000",
    ]
    assert names(await stores.jobs.of_user(project, "ann", 1)) == ["3000"]
    assert await stores.jobs.of_user(project, "carol", 10) == []


async def test_jobs_of_a_user_that_name_memories(stores: Stores, project: str) -> None:
    memory, known, other = (str(uuid4()) for _ in range(3))
    stored = Receipt(memory, Outcome.STORED)
    merged = Receipt(str(uuid4()), Outcome.MERGED, other=known)
    naming = {
        "merged": (merged, Receipt("", Outcome.STORED)),
        "stored": (stored,),
        "other": (Receipt(other, Outcome.STORED),),
        "none": (),
    }
    for name, receipts in naming.items():
        await stores.jobs.put(replace(job(project, name), receipts=receipts))
    for foreign in (job(project, "b", user="bob"), job(f"{project}-2", "foreign")):
        await stores.jobs.put(replace(foreign, receipts=(stored,)))

    async def found(*memories: str) -> list[str]:
        jobs = await stores.jobs.naming_memories(project, "ann", memories)
        return sorted(names(jobs))

    assert await found(memory, known) == ["merged", "stored"]
    assert await found(known) == ["merged"]
    assert await found(str(uuid4())) == await found() == []


async def test_jobs_of_one_moment_have_an_order(stores: Stores, project: str) -> None:
    jobs = [job(project, str(number)) for number in range(20)]
    for each in jobs:
        await stores.jobs.put(each)
    expected = sorted(each.id for each in jobs)
    assert [
        each.id for each in await stores.jobs.of_user(project, "ann", 20)
    ] == expected
    assert [
        each.id for each in await stores.jobs.of_user(project, "ann", 5)
    ] == expected[:5]


async def test_a_users_jobs_in_some_states(stores: Stores, project: str) -> None:
    for at, state in enumerate(State):
        await stores.jobs.put(job(project, state.value, state, created_at=at))
    await stores.jobs.put(job(project, "another's", user="bob"))
    assert names(
        await stores.jobs.of_user(project, "ann", 10, (State.RUNNING, State.QUEUED))
    ) == ["running", "queued"]
    assert names(
        await stores.jobs.of_user(project, "ann", 1, (State.RUNNING, State.QUEUED))
    ) == ["running"]
    assert names(await stores.jobs.of_user(project, "ann", 10, [State.DEAD])) == [
        "dead"
    ]


async def test_the_latest_jobs_of_a_project(stores: Stores, project: str) -> None:
    await stores.jobs.put(job(project, "a", created_at=1))
    await stores.jobs.put(job(project, "b", State.DEAD, user="bob", created_at=2))
    await stores.jobs.put(job(f"{project}-2", "foreign", created_at=3))
    assert names(await stores.jobs.latest(project, 10)) == ["b", "a"]
    assert names(await stores.jobs.latest(project, 1)) == ["b"]
    assert names(await stores.jobs.latest(project, 10, [State.DEAD])) == ["b"]


def told(project: str, name: str, due_at: int) -> Job:
    return replace(
        job(project, name, State.COMPLETED),
        webhook="http://x",
        delivery=WebhookDelivery(due_at=due_at),
    )


async def test_webhooks_that_are_due_are_found_the_longest_due_first(
    stores: Stores, project: str
) -> None:
    for name, due_at in (
        ("later", 9_001),
        ("second", 9_000),
        ("first", 8_000),
        ("never", 0),
    ):
        await stores.jobs.put(told(project, name, due_at))
    due = [
        each
        for each in await stores.jobs.due_deliveries(9_000, 1_000)
        if each.scope.project == project
    ]
    assert names(due) == ["first", "second"]


async def test_a_notice_is_noted(stores: Stores, project: str) -> None:
    first = told(project, "a", 8_000)
    await stores.jobs.put(first)
    noted = replace(
        first,
        delivery=WebhookDelivery(
            due_at=0, attempts=2, delivered_at=9_000, error="once"
        ),
    )
    await stores.jobs.update_delivery(noted)
    assert await stores.jobs.get(project, first.id) == noted
    assert [
        each
        for each in await stores.jobs.due_deliveries(99_000, 1_000)
        if each.id == first.id
    ] == []


async def test_a_notice_of_a_job_that_changed_meanwhile_is_not(
    stores: Stores, project: str
) -> None:
    first = told(project, "a", 8_000)
    again = replace(
        first,
        state=State.QUEUED,
        updated_at=first.updated_at + 1,
        delivery=WebhookDelivery(),
    )
    await stores.jobs.put(again)
    await stores.jobs.update_delivery(
        replace(first, delivery=WebhookDelivery(delivered_at=9_000))
    )
    assert await stores.jobs.get(project, first.id) == again


async def test_a_notice_does_not_bring_a_job_back(stores: Stores, project: str) -> None:
    gone = told(project, "gone", 8_000)
    await stores.jobs.update_delivery(gone)
    assert await stores.jobs.get(project, gone.id) is None


async def test_the_jobs_of_a_user_go_and_no_others(
    stores: Stores, project: str
) -> None:
    for name, user in (("a", "ann"), ("b", "ann"), ("c", "bob")):
        await stores.jobs.put(job(project, name, user=user))
    other = f"{project}-other"
    await stores.jobs.put(job(other, "d"))
    await stores.jobs.delete_where(project, "ann")
    assert names(await stores.jobs.of_user(project, "ann", 10)) == []
    assert names(await stores.jobs.of_user(project, "bob", 10)) == ["c"]
    assert names(await stores.jobs.of_user(other, "ann", 10)) == ["d"]
    for whose, user in (("", "ann"), (project, "")):
        with pytest.raises(ValueError):
            await stores.jobs.delete_where(whose, user)


def reading(project: str, base: str, file: str, at: int, **more: Any) -> Job:
    return replace(
        job(project, f"{base} {file} {at}", user="", created_at=at),
        payload=DocumentPayload(base, file),
        queue=Queue.FILES,
        **more,
    )


async def test_jobs_of_documents_are_found_by_base_file_and_memory(
    stores: Stores, project: str
) -> None:
    one, other, memory, known = (str(uuid4()) for _ in range(4))
    stored = Receipt(memory, Outcome.STORED)
    merged = Receipt(str(uuid4()), Outcome.MERGED, other=known)
    later = reading(project, "base", one, 9, receipts=(stored,))
    first = reading(project, "base", one, 1)
    beside = reading(project, "base", other, 5, receipts=(merged,))
    elsewhere = reading(project, "another", one, 3, receipts=(stored,))
    foreign = reading(f"{project}-2", "base", one, 2)
    for each in (later, first, beside, elsewhere, foreign, job(project, "talk")):
        await stores.jobs.put(each)

    async def found(*asked: Any) -> list[str]:
        return names(await stores.jobs.of_documents(project, "base", *asked))

    assert await found() == names([first, beside, later])
    assert await found([one]) == names([first, later])
    assert await found([], [memory]) == names([later])
    assert await found([], [known, memory]) == names([beside, later])
    assert await found([other], [memory]) == []
    assert await stores.jobs.of_documents(project, "nothing") == []


async def test_jobs_that_may_still_read_files_are_of_every_project(
    stores: Stores, project: str
) -> None:
    ends = {
        "waiting": (State.QUEUED, ()),
        "failed": (State.FAILED, ()),
        "dead": (State.DEAD, ()),
        "remarked": (State.COMPLETED, ("a model was away",)),
        "whole": (State.COMPLETED, ()),
        "cancelled": (State.CANCELLED, ()),
    }
    for name, (state, remarks) in ends.items():
        record = replace(job(project, name, state), remarks=remarks)
        await stores.jobs.put(record)
        foreign = replace(record, id=computed_id(name, project), queue=Queue.FILES)
        await stores.jobs.put(replace(foreign, scope=Scope(f"{project}-2", "bob")))
    to_read = await stores.jobs.with_files_to_read()
    own = [each for each in to_read if each.scope.project.startswith(project)]
    assert sorted(names(own)) == ["dead", "failed", "remarked", "waiting"]
    assert {each.queue for each in own} == {Queue.FILES}


async def test_completed_documents_are_found_by_their_bytes_in_every_project(
    stores: Stores, project: str
) -> None:
    payload = DocumentPayload("base", "file", source=f"{project}-sent")
    fetched = FileReport("page", f"{project}-fetched")
    sent = replace(job(project, "sent", State.COMPLETED), payload=payload)
    page = replace(
        job(f"{project}-2", "page", State.COMPLETED),
        payload=DocumentPayload("base", "page"),
        files=(fetched,),
    )
    talk = replace(job(project, "talk", State.COMPLETED), files=(fetched,))
    failed = replace(job(project, "failed", State.FAILED), payload=payload)
    for each in (sent, page, talk, failed):
        await stores.jobs.put(each)

    async def found(*sources: str) -> list[str]:
        return sorted(names(await stores.jobs.of_completed_documents(sources)))

    assert await found(f"{project}-sent") == ["sent"]
    assert await found(f"{project}-sent", f"{project}-fetched") == ["page", "sent"]
    assert await found(f"{project}-other") == []
    assert await found() == []


async def test_extractions_of_every_project_are_found_by_their_age(
    stores: Stores, project: str
) -> None:
    # older than the jobs of all other tests, which share the store
    for name, owner, at in (("b", project, 9), ("a", f"{project}-2", 8)):
        old = replace(job(owner, name, updated_at=at), payload=ExtractPayload())
        await stores.jobs.put(old)
    await stores.jobs.put(job(project, "add", updated_at=7))
    young = replace(job(project, "young", updated_at=10), payload=ExtractPayload())
    await stores.jobs.put(young)
    assert names(await stores.jobs.extractions(10, 9)) == ["a", "b"]
    assert names(await stores.jobs.extractions(10, 1)) == ["a"]
