"""Which jobs under way a deletion by filter concerns."""

from __future__ import annotations

import pytest

from services.gateway.jobs.jobs_of_filter import jobs_of_filter, will_match
from shared.domain.filter import Condition, Filter, Group
from shared.domain.job import Job, Options, State
from shared.domain.job_payload import ReindexPayload
from shared.domain.scope import Scope
from tests.fakes.jobs import FakeJobs

AT = 1_000_000
JOB = Job(
    id="11111111-1111-4111-8111-111111111111",
    scope=Scope("p", "ann", "c1", "a1", "app"),
    options=Options(tags=("trip",), info={"scene": "office", "of": ["x", "y"]}),
)
C1 = Condition("conversation_id", "eq", "c1")
TAGGED = Condition("tags", "contains", "trip")


@pytest.mark.parametrize(
    "filter, expected",
    [
        (C1, True),
        (Condition("conversation_id", "eq", "c2"), False),
        (Condition("session_id", "in", ("c0", "c1")), True),
        (Condition("agent_id", "eq", "a1"), True),
        (Condition("app_id", "like", "AP"), True),
        (Condition("scene", "eq", "office"), True),
        (Condition("info.scene", "eq", "home"), False),
        (Condition("of", "contains", "y"), True),
        (Condition("none", "eq", "y"), False),
        (Condition("create_time", "gte", AT - 1), True),
        (Condition("create_time", "lt", AT), False),
        (Condition("create_time", "lte", AT + 9), None),
        (Condition("create_time", "gt", AT + 9), None),
        (TAGGED, None),
        (Group("and", (C1, TAGGED)), None),
        (Group("and", (Condition("agent_id", "eq", "a2"), TAGGED)), False),
        (Group("or", (C1, TAGGED)), True),
        (Group("or", (Condition("agent_id", "eq", "a2"), TAGGED)), None),
    ],
)
def test_what_a_filter_says_of_what_is_not_written_yet(
    filter: Filter, expected: bool | None
) -> None:
    assert will_match(JOB, filter, AT) is expected


async def test_only_jobs_under_way_that_make_a_users_memories() -> None:
    jobs = FakeJobs()
    ended = Job(id="2" + JOB.id[1:], scope=JOB.scope, state=State.COMPLETED)
    reindex = Job(id="3" + JOB.id[1:], scope=Scope("p", ""), payload=ReindexPayload())
    bobs = Job(id="4" + JOB.id[1:], scope=Scope("p", "bob", "c1"))
    for job in (JOB, ended, reindex, bobs):
        await jobs.put(job)
    assert await jobs_of_filter(jobs, "p", "ann", C1) == [JOB]
    everybodys = await jobs_of_filter(jobs, "p", "", C1)
    assert {job.id for job in everybodys} == {JOB.id, bobs.id}
