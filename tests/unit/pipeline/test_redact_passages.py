"""Secrets in documents: taken out of their passages before anything is stored, and noted
in the job, once, however often it is tried.
"""

from __future__ import annotations

from shared.domain.job import State
from tests.unit.pipeline.worker_bench import WorkerBench

SECRET = "hunter2!x"
TEXT = f"The cabin by the harbour. The password for the gate is {SECRET} since May."


async def test_no_secret_of_a_file_is_remembered() -> None:
    worker = WorkerBench(redact=("passwords",))
    file = await worker.file(TEXT.encode(), "notes.txt")
    job = await worker.accepted("Here is the note.", files=(file,))
    assert await worker.run(job) is None
    done = worker.job(job)
    assert done.state is State.COMPLETED
    assert done.redacted == ("1 password in notes.txt",)
    texts = " ".join(worker.texts())
    assert SECRET not in texts and "[password removed]" in texts


async def test_without_the_setting_the_text_stays() -> None:
    worker = WorkerBench()
    file = await worker.file(TEXT.encode(), "notes.txt")
    job = await worker.accepted("Here is the note.", files=(file,))
    assert await worker.run(job) is None
    assert worker.job(job).redacted == ()
    assert SECRET in " ".join(worker.texts())
