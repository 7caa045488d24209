"""When a try is over: one line in the log, and counters."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from shared.domain.job import Step
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline.step_clock import StepClock


def ends(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [vars(line) for line in caplog.records if line.message == "job_ended"]


async def test_a_job_has_one_line_with_its_steps(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = WorkerBench()
    job = await bench.accepted("I live in Rome.")
    with caplog.at_level(logging.INFO):
        await bench.run(job)
        await bench.run(job)
    [line] = ends(caplog)
    assert (line["work"], line["state"], line["attempts"]) == ("add", "completed", 1)
    assert {"parse", "extract", "embed", "merge", "store"} <= set(line["steps_ms"])
    assert line["outcomes"] == {"stored": 1} and not line["without_memory"]
    assert line["waited_ms"] >= 0 and line["total_ms"] >= 0
    assert bench.tallies.counted["jobs add completed"] == 1
    assert bench.tallies.counted["step extract ms"] >= 0
    assert "without_memory" not in bench.tallies.counted


async def test_an_add_that_gave_no_memory_is_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bench = WorkerBench()
    job = await bench.accepted()
    with caplog.at_level(logging.INFO):
        await bench.run(job)
    [line] = ends(caplog)
    assert line["without_memory"]
    assert bench.tallies.counted["without_memory"] == 1


async def test_a_try_after_which_it_waits_is_counted_and_is_no_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Breaks:
        def talk_calls(self, talk: object) -> Any:
            raise ZeroDivisionError

    bench = WorkerBench(extractor=Breaks())
    job = await bench.accepted("I live in Rome.")
    with caplog.at_level(logging.INFO):
        assert await bench.run(job) is not None
    assert ends(caplog) == []
    assert bench.tallies.counted == {"retries add": 1}


def test_time_counts_for_the_step_that_was_entered_last() -> None:
    now = [100.0]
    steps = StepClock(lambda: now[0])
    now[0] += 1  # before the first step
    for step in (Step.PARSE, Step.PARSE, Step.EXTRACT, Step.PARSE):
        steps.enter(step)
        now[0] += 2
    steps.stop()
    assert steps.seconds == {"parse": 6.0, "extract": 2.0}
    assert [(span.step, span.begin, span.end) for span in steps.spans()] == [
        (Step.PARSE, 101.0, 105.0),
        (Step.EXTRACT, 105.0, 107.0),
        (Step.PARSE, 107.0, 109.0),
    ]
