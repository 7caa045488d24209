"""What memories keep of their past when they are written over: when they held, and how
they stood before, for `tasks/{id}/undo`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shared.domain.memory import Memory, Status
from shared.domain.memory_detail import LIKELY_CHANGES
from shared.domain.validity import period_of, renewed, superseded
from shared.memory_change import changed_by
from workers.pipeline.job_run import JobRun
from workers.pipeline.merge.merge_drafts import Merged


async def with_past(run: JobRun, merged: Merged) -> tuple[Merged, list[Memory]]:
    """The same memories with their past, and those of them that are stored, as they are.
    To be called while nobody else writes them.
    """
    new = [embedded.memory for embedded in merged.new]
    every = [*new, *merged.archived, *merged.annotated]
    if not every:
        return merged, []
    ids = [memory.id for memory in every]
    stored = await run.context.memories.get(run.job.scope.project, ids)
    earlier = {memory.id: memory for memory in stored}
    ends: dict[str, int] = {}
    for memory in reversed(new):
        ends |= dict.fromkeys(memory.replaced, period_of(memory).since)

    def finished(memory: Memory) -> Memory:
        return _with_past(memory, earlier, ends, run.job.id)

    whole = replace(
        merged,
        new=[replace(entry, memory=finished(entry.memory)) for entry in merged.new],
        archived=list(map(finished, merged.archived)),
        annotated=list(map(finished, merged.annotated)),
    )
    return whole, stored


def _with_past(
    memory: Memory,
    earlier: Mapping[str, Memory],
    ends: Mapping[str, int],
    task: str,
) -> Memory:
    """`ends`: when what took the place of a memory was said, by its id."""
    if memory.status is Status.ARCHIVED and not memory.valid_until:
        memory = superseded(memory, ends.get(memory.id, memory.updated_at))
    before = earlier.get(memory.id)
    if before is None or _is_only_noted(memory, before):
        return memory
    return changed_by(task, renewed(memory, before), before)


def _is_only_noted(memory: Memory, before: Memory) -> bool:
    """Whether it is only noted what likely changes it: that goes with the newer memory,
    and is no change to undo.
    """
    return replace(memory, detail=_stated(memory)) == replace(
        before, detail=_stated(before), updated_at=memory.updated_at
    )


def _stated(memory: Memory) -> dict[str, Any]:
    return {k: v for k, v in memory.detail.items() if k != LIKELY_CHANGES}
