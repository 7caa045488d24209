"""The order of the steps: as a run does them, as it shows them, as they are documented."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import ceil
from types import ModuleType
from typing import Any

import pytest

from services.http.task_view import Task
from shared.domain.job import Step
from tests.unit.pipeline.worker_bench import WorkerBench
from workers.pipeline import sequence
from workers.pipeline.jobs import add
from workers.pipeline.worker_context import Limits

FILE_STEPS, BATCH_STEPS = ("parse", "split", "describe"), ("embed", "merge", "store")
SHOWN = ["parse", "split", "extract", "embed", "merge", "store", "done"]
PARAGRAPHS = [f"Cabin {number} has a view of the harbour. " * 40 for number in range(3)]
TEXT = "\n\n".join(PARAGRAPHS).encode()


async def run_with_files(worker: WorkerBench, files: int) -> None:
    """One job with a message and some files, of several batches of memories."""
    parts = [
        await worker.file(TEXT.replace(b"Cabin", b"Cabin %d" % number), f"{number}.txt")
        for number in range(files)
    ]
    job = await worker.accepted("The ferry leaves at nine", files=tuple(parts))
    assert await worker.run(job) is None


def without_repetitions(names: Sequence[str]) -> list[str]:
    return [name for name, _ in groupby(names)]


@pytest.mark.parametrize(("files", "batch"), [(1, 100), (1, 2), (3, 1)])
async def test_a_run_shows_every_step_once_and_never_goes_back(
    files: int, batch: int
) -> None:
    worker = WorkerBench(limits=Limits(draft_batch=batch))
    await run_with_files(worker, files)
    steps = [progress.step.value for progress in worker.progress_bus.published]
    assert without_repetitions(steps) == SHOWN


async def test_figures_never_go_back_either() -> None:
    worker = WorkerBench(limits=Limits(draft_batch=2))
    await run_with_files(worker, files=3)
    published = worker.progress_bus.published
    for figure in ("files_done", "pages_done", "passages_done", "memories_done"):
        values = [getattr(progress, figure) for progress in published]
        assert values == sorted(values), figure


async def test_a_run_does_the_steps_in_the_order_that_it_shows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Parse, split, describe once a file; embed, merge, store once a batch."""
    calls: list[str] = []

    def record(module: ModuleType, name: str) -> None:
        function = getattr(module, name)

        def call(*args: Any, **named: Any) -> Any:
            calls.append(name)
            return function(*args, **named)

        monkeypatch.setattr(module, name, call)

    for name in (*FILE_STEPS, *BATCH_STEPS):
        record(sequence, name)
    record(add, "extract")
    worker = WorkerBench(limits=Limits(draft_batch=3))
    await run_with_files(worker, files=2)
    drafts = len(worker.extractor.talks) + len(worker.extractor.passages)
    batches = ceil(drafts / 3)
    assert batches > 1
    assert calls == [*FILE_STEPS * 2, "extract", *BATCH_STEPS * batches]


def test_the_enum_and_the_api_name_the_steps_in_that_order() -> None:
    assert [step.value for step in Step] == ["queued", *SHOWN]
    description = Task.model_fields["step"].description or ""
    places = [description.index(step) for step in ("queued", *SHOWN)]
    assert places == sorted(places)
