"""Carry out what feedback means: remember what is right in the place of what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from shared.domain.expiry import NEVER
from shared.domain.extraction import Draft, Labels
from shared.domain.memory import Memory
from workers.pipeline.job_run import JobRun
from workers.pipeline.sequence import remember


async def remember_corrections(run: JobRun, drafts: Sequence[Draft]) -> None:
    """Remember the drafts in the place of what they supersede."""
    await remember(run, await _with_labels(run, drafts))


async def _with_labels(run: JobRun, drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, with the labels of the user's own memories that they supersede: a filter
    finds what is right where it found what was wrong.
    """
    ids = list(dict.fromkeys(chain.from_iterable(d.superseding for d in drafts)))
    scope = run.job.scope
    memories = await run.context.memories.get(scope.project, ids) if ids else []
    own = {m.id: m for m in memories if m.scope.user == scope.user}
    return [
        replace(draft, labels=_labels_of(superseded))
        if (superseded := [own[id] for id in draft.superseding if id in own])
        else draft
        for draft in drafts
    ]


def _labels_of(superseded: Sequence[Memory]) -> Labels:
    """Those of the first; of several nothing is shown to more people, or hidden earlier."""
    first = superseded[0]
    ends = [memory.expires_at for memory in superseded]
    return Labels(
        agent=first.scope.agent,
        app=first.scope.app,
        conversation=first.scope.conversation,
        info=first.info,
        public=all(memory.public for memory in superseded),
        expires_at=NEVER if NEVER in ends else max(ends),
    )
