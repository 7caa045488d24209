"""Embed, merge, store: drafts become memories, a group at a time; merged and stored while nobody else does so for the same user or
knowledge base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shared.domain.extraction import Draft
from shared.domain.job import Job, Outcome, Receipt, Step
from shared.domain.memory import Type
from shared.errors import Transient
from shared.ports import Embedder
from workers.pipeline.embed import embed
from workers.pipeline.extract.skills import skills
from workers.pipeline.extract.tags import choose_tags
from workers.pipeline.hold import Taken, all_held
from workers.pipeline.merge import Merged, homes, merge
from workers.pipeline.shift import CalledOff, Shift, now

STORED = "stored"
"""Where in a job's body it says how many of its drafts are stored already."""


async def store(shift: Shift, drafts: Sequence[Draft]) -> None:
    """Merge the drafts with what is known and store what is new; the job's receipts say what became of each.

    A try after another one goes on behind the group that was stored last. Raises `CalledOff` when the job was called off meanwhile:
    then nothing of it stays.
    """
    shop, size = shift.workshop, shift.workshop.limits.drafts
    for start in range(int(shift.job.body.get(STORED, 0)), len(drafts), size):
        group = drafts[start:start + size]
        await shift.at(Step.EMBED, memories=len(drafts), memories_done=start)
        embedder = await embed(group, shop.embedder, partial(_embedded, shift, start))
        receipts = await _stored(shift, await choose_tags(group, shift.job.options.tags, embedder), embedder)
        await _noted(shift, receipts, start + len(group), last=start + size >= len(drafts))
    await shift.at(Step.STORE, memories=len(drafts), memories_done=len(drafts))
    await shop.memories.delete_where(shift.job.scope.project, fast_of_job=shift.job.id)


async def _embedded(shift: Shift, before: int, done: int) -> None:
    await shift.at(Step.EMBED, memories_done=before + done)


async def _noted(shift: Shift, receipts: Sequence[Receipt], stored: int, *, last: bool) -> None:
    """Written down between the groups; after the last one the job is written down anyway."""
    changes: dict[str, Any] = {"receipts": (*shift.job.receipts, *receipts), "body": {**shift.job.body, STORED: stored}}
    if last:
        shift.job = replace(shift.job, **changes)
    else:
        await shift.save(**changes)


async def _stored(shift: Shift, drafts: Sequence[Draft], embedder: Embedder) -> list[Receipt]:
    shop, job = shift.workshop, shift.job
    try:
        async with all_held(shop.leases, _places(job), shop.limits.lease, shop.limits.patience) as holds:
            await shift.at(Step.MERGE)
            found = [*drafts, *await _skills(shift, drafts)]
            merged = await merge(found, job, shop.memories, embedder, now())
            await shift.at(Step.STORE)
            for hold in holds:
                await hold.confirm()
            await _written(shift, merged)
    except Taken as error:
        raise Transient("others are stored for the same user for too long") from error
    return await _claimed(merged.receipts, shift) if job.attempts > 1 else merged.receipts


async def _written(shift: Shift, merged: Merged) -> None:
    """New ones before old ones go: what is known is never missing. A job called off while this was written leaves nothing behind."""
    memories, new = shift.workshop.memories, merged.new
    await shift.confirm()
    if new:
        await memories.put(new)
    if merged.archived:
        await memories.archive(merged.archived)
    if merged.noted:
        await memories.note(merged.noted)
    try:
        await shift.confirm()
    except CalledOff:
        await memories.delete(shift.job.scope.project, [each.memory.id for each in new if each.memory.job == shift.job.id])
        raise


async def _skills(shift: Shift, drafts: Sequence[Draft]) -> list[Draft]:
    if not any(draft.type is Type.TRAJECTORY for draft in drafts):
        return []
    return await skills(drafts, shift.job.scope, shift.workshop.memories)


def _places(job: Job) -> list[str]:
    """The leases to hold: of the user, of each knowledge base that is written to."""
    return [f"shelf:{home}" if home else f"user:{job.scope.project}:{job.scope.user}" for home in homes(job)]


async def _claimed(receipts: Sequence[Receipt], shift: Shift) -> list[Receipt]:
    """What an earlier try of this very job stored, and was killed before it could say so, was stored, not known before."""
    known = [receipt.memory for receipt in receipts if receipt.outcome is Outcome.MERGED and receipt.other == receipt.memory]
    found = await shift.workshop.memories.get(shift.job.scope.project, known) if known else []
    own = {memory.id for memory in found if memory.job == shift.job.id}
    return [replace(receipt, outcome=Outcome.STORED, reason="", other="") if receipt.memory in own else receipt for receipt in receipts]
