"""Skills that a job has shown, worded by the language model, where there is one. They are
stored before as they were computed; the model may take minutes, and nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.extraction import Draft
from shared.domain.memory import Type
from shared.domain.memory_detail import SKILL_VALUE, SKILL_WORDS, STEPS
from shared.jobs.clock import now
from workers.pipeline.extract.model.skill_words import words_of
from workers.pipeline.job_run import JobRun
from workers.pipeline.merge.merge_drafts import merge_drafts
from workers.pipeline.skills import procedure, skills, with_words
from workers.pipeline.steps.embed import embed
from workers.pipeline.steps.merge import hold_owners
from workers.pipeline.steps.store import store

_SHOWN_RUNS = 3
"""Runs of the job that the model is shown."""


async def word_skills(run: JobRun, drafts: Sequence[Draft]) -> None:
    """Write the job's skills anew in the model's words; those that have such words are
    asked for again when they have worked twice as often.
    """
    model = run.context.extract_model
    runs = [draft for draft in drafts if draft.type is Type.TRAJECTORY]
    if model is None or not runs:
        return
    worded: list[Draft] = []
    for skill in await skills(drafts, run.job.scope, run.context.memories):
        if not _is_due(skill):
            continue
        steps = skill.subject.removeprefix("skill:").split(">")
        own = [
            draft.text
            for draft in runs
            if list(procedure(draft.detail[STEPS])) == steps
        ]
        words = await words_of(skill, steps, own[:_SHOWN_RUNS], model)
        if words:
            worded.append(with_words(skill, words))
    if worded:
        await _store(run, worded)


def _is_due(skill: Draft) -> bool:
    """Whether it is not worded yet, or its runs are a power of two."""
    runs = int(skill.detail[SKILL_VALUE]["others"]["runs"])
    return not skill.detail.get(SKILL_WORDS) or runs & (runs - 1) == 0


async def _store(run: JobRun, worded: Sequence[Draft]) -> None:
    """In the place of the computed ones: a skill is one memory a procedure."""
    context = run.context
    embedder = await embed(run, worded, done=0, total=len(worded))
    async with hold_owners(run) as leases:
        merged = await merge_drafts(
            worded, run.job, context.memories, embedder, context.judge, now()
        )
        await store(run, merged, leases)
