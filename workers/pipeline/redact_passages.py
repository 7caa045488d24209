"""Passages of documents without secrets, before anything of them is stored. The bytes of
the file stay as they were sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from shared.domain.passage import Passage
from shared.language.redaction import redacted, written
from workers.pipeline.job_run import JobRun


async def without_secrets(
    run: JobRun, passages: Sequence[Passage]
) -> Sequence[Passage]:
    """The passages, and a note in the job of what was taken out of which file; each note
    once, for a job that is tried again meets the same. Raises as `JobRun.save`.
    """
    kinds = run.context.redact
    if not kinds:
        return passages
    counts: dict[str, Counter[str]] = {}
    cleared = []
    for passage in passages:
        text, counted = redacted(passage.text, kinds)
        counts.setdefault(passage.file, Counter()).update(counted)
        heading, _ = redacted(passage.heading, kinds)
        cleared.append(replace(passage, text=text, heading=heading))
    notes = [written(counted, file) for file, counted in counts.items() if counted]
    distinct = tuple(dict.fromkeys((*run.job.redacted, *notes)))
    if distinct != run.job.redacted:
        await run.save(redacted=distinct)
    return cleared
