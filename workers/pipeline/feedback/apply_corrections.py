"""Carry out what feedback means: archive what is wrong, remember what is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.extraction import Draft
from shared.domain.job import Outcome, Receipt
from shared.jobs.clock import now
from shared.memory_change import changed_by
from workers.pipeline.job_run import JobRun
from workers.pipeline.sequence import remember


async def remember_corrections(run: JobRun, drafts: Sequence[Draft]) -> None:
    """Archive what the drafts supersede and remember them; their receipts say which
    memories were wrong.
    """
    await _archive_superseded(run, drafts)
    noted = len(run.job.receipts) if not run.job.checkpoint.stored else 0
    await remember(run, drafts)
    run.change(receipts=_with_superseded(run.job.receipts, drafts, noted))


def _with_superseded(
    receipts: Sequence[Receipt], drafts: Sequence[Draft], noted: int
) -> tuple[Receipt, ...]:
    """The receipts, saying which memories were wrong; those of drafts come after the
    first `noted`.
    """
    result = list(receipts)
    for place, draft in enumerate(drafts, noted):
        if draft.superseding and result[place].outcome is Outcome.STORED:
            result[place] = replace(
                result[place],
                outcome=Outcome.SUPERSEDED,
                reason="the user says that the other was wrong",
                other=draft.superseding[0],
            )
    return tuple(result)


async def _archive_superseded(run: JobRun, drafts: Sequence[Draft]) -> None:
    """Archive the user's own memories that the drafts supersede."""
    ids: list[str] = []
    for draft in drafts:
        ids += draft.superseding
    if not ids:
        return
    scope, memories = run.job.scope, run.context.memories
    superseded = await memories.get(scope.project, ids)
    at = now()
    own = [
        changed_by(run.job.id, replace(m.archived(at), valid_until=at), m)
        for m in superseded
        if m.scope.user == scope.user
    ]
    if own:
        await run.ensure_owned()
        await memories.archive(own)
