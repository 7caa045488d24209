"""Answers of a model that is asked beside the extractor, saved before they are used: a
job that is tried again asks for none of them twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from workers.pipeline.job_run import JobRun


async def answer_once(run: JobRun, key: str, ask: Callable[[], Awaitable[str]]) -> str:
    """The answer under a key of the job: as an earlier try saved it, or asked for now
    and saved.
    """
    saved = run.job.checkpoint.answers.get(key)
    if saved is not None:
        return saved
    answer = await ask()
    answers = {**run.job.checkpoint.answers, key: answer}
    await run.update_checkpoint(partial(replace, answers=answers))
    return answer
