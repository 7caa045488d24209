"""What workers count and what waits is shown to Prometheus."""

from __future__ import annotations

from dataclasses import replace

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from services.status.job_figures import OTHERS, PROJECTS, JobFigures, longest
from shared.domain.job import Job, Outcome, Receipt, State
from shared.domain.job_payload import FeedbackPayload
from shared.domain.scope import Scope
from shared.domain.turn import Lane, Turn
from shared.metering.job_tallies import JobTimes, end_tallies, retry_tallies
from tests.fakes.queue import FakeQueue
from tests.fakes.tallies import FakeTallies

JOB = Job("job", Scope("one", "ana"), state=State.COMPLETED)
STORED = Receipt("memory", Outcome.STORED)


async def shown(tallies: FakeTallies, queue: FakeQueue) -> dict[str, float]:
    """Samples by name and labels, as they stand in the exposition."""
    registry = CollectorRegistry()
    figures = JobFigures(tallies, queue, registry)
    await figures.look()
    text = generate_latest(registry).decode()
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_ends_retries_and_outcomes_are_counted() -> None:
    tallies = FakeTallies()
    await tallies.add(end_tallies(replace(JOB, receipts=(STORED,)), JobTimes(1.0)))
    await tallies.add(end_tallies(JOB, JobTimes(1.0)))
    await tallies.add(end_tallies(replace(JOB, state=State.DEAD), JobTimes(1.0)))
    feedback = replace(JOB, payload=FeedbackPayload())
    await tallies.add(end_tallies(feedback, JobTimes(1.0)))
    await tallies.add(retry_tallies(JOB))
    samples = await shown(tallies, FakeQueue())
    assert samples["souvenir_jobs_total completed add"] == 2
    assert samples["souvenir_jobs_total dead add"] == 1
    assert samples["souvenir_jobs_total completed feedback"] == 1
    assert samples["souvenir_job_retries_total add"] == 1
    assert samples["souvenir_memories_total stored"] == 1
    assert samples["souvenir_adds_without_memory_total"] == 1, "feedback is none"


async def test_durations_fall_into_buckets() -> None:
    tallies = FakeTallies()
    for seconds in (0.04, 0.2, 99_999.0):
        times = JobTimes(seconds, waited=0.04, steps={"extract": seconds})
        await tallies.add(end_tallies(JOB, times))
    samples = await shown(tallies, FakeQueue())
    assert samples["souvenir_step_seconds_bucket 0.05 extract"] == 1
    assert samples["souvenir_step_seconds_bucket 0.25 extract"] == 2
    assert samples["souvenir_step_seconds_bucket 1800.0 extract"] == 2
    assert samples["souvenir_step_seconds_bucket +Inf extract"] == 3
    assert samples["souvenir_step_seconds_count extract"] == 3
    assert samples["souvenir_step_seconds_sum extract"] == 99_999.24
    assert samples["souvenir_job_wait_seconds_bucket 0.05 text"] == 3
    assert samples["souvenir_job_seconds_count add"] == 3


async def test_what_waits_is_shown_by_lane_and_project() -> None:
    queue = FakeQueue()
    for number in range(3):
        await queue.enqueue(f"bulk {number}", "text", Turn(Lane.BULK, "one", "ana"))
    await queue.enqueue("sync", "text", Turn(Lane.SYNC, "two", "ben"))
    samples = await shown(FakeTallies(), queue)
    assert samples["souvenir_jobs_waiting bulk text"] == 3
    assert samples["souvenir_jobs_waiting sync text"] == 1
    assert samples["souvenir_jobs_waiting bulk files"] == 0
    assert samples["souvenir_project_jobs_waiting one"] == 3
    assert samples["souvenir_project_jobs_waiting two"] == 1


def test_however_many_projects_there_are_few_have_a_series_of_their_own() -> None:
    waiting = {f"project-{number}": number for number in range(1, 1001)}
    shown = dict(longest(waiting, PROJECTS))
    assert len(shown) == PROJECTS + 1
    assert sum(shown.values()) == sum(waiting.values())
    assert shown["project-1000"] == 1000 and OTHERS in shown
