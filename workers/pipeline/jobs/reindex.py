"""The job "reindex": the vectors of another embedder take the place of those that are
stored, while everything is searched and written.

    make room ── fill ── switch ── let all processes follow ── fill ── drop ── fill

The vectors of both lie side by side. What is written while the first are filled has only
the old ones, and is filled too; what a process writes that has not noticed the switch
yet is filled after it; from the drop on nobody can write old ones. Which memories lack
their vector is asked of the store, so a job that was killed goes on where it was.
"""

from __future__ import annotations

import asyncio

from shared.contract import Code
from shared.domain.job import Step
from shared.domain.vector_space import VectorSpace, space_beside
from shared.errors import NotSupported, Permanent, TurnOver, Unavailable
from shared.language.search_text import searched_text
from shared.ports import Embedder, VectorSpaces
from workers.pipeline.job_run import JobRun
from workers.pipeline.lease import LeaseBusy, hold_leases

PAGE = 128
"""Memories that are embedded at once: some requests of an endpoint side by side, one or
two seconds of the built-in embedder.
"""
BUSY = "reindex"
"""The lease of the whole store."""
_PAUSE_S = 0.5
"""Between two looks at whether the job is still wanted."""


async def reindex(run: JobRun) -> None:
    """Embed every memory of every project anew and drop the old vectors. Raises
    `NotSupported` where the embedder never changes, `Permanent` where another job of
    this kind runs, `Unavailable` where the embedder is away and `TurnOver` from time to
    time: it goes on later.
    """
    context = run.context
    if context.spaces is None or context.wanted_embedder is None:
        raise NotSupported("the embedder of this set-up cannot be changed")
    try:
        limits = context.limits
        # A worker that was killed holds it for some seconds more.
        async with hold_leases(context.leases, [BUSY], limits.lease, limits.lease_wait):
            wanted = await context.wanted_embedder()
            await _change(run, context.spaces, wanted)
    except LeaseBusy as error:
        raise Permanent(
            "another job changes the embedder already", code=Code.FAILED
        ) from error


async def _change(run: JobRun, spaces: VectorSpaces, wanted: Embedder) -> None:
    stored = await spaces.read()
    space = await _space_for(spaces, wanted)
    await _fill(run, spaces, space, wanted, Step.EMBED)
    if space != stored.current:
        await run.ensure_owned()
        stored = await spaces.switch()
    if stored.past is None:
        await run.add_remarks([f"the memories have the vectors of {wanted.name}"])
        return
    await _wait(run, run.context.limits.embedder_settling)
    await _fill(run, spaces, space, wanted, Step.STORE)
    await run.ensure_owned()
    await spaces.drop_past()
    if rest := await _fill(run, spaces, space, wanted, Step.STORE):
        raise Unavailable(f"{rest} memories have no vector of {wanted.name} yet")
    change = f"{stored.past.embedder} gave way to {wanted.name}"
    await run.add_remarks([change])


async def _space_for(spaces: VectorSpaces, wanted: Embedder) -> VectorSpace:
    """The space of the wanted embedder: the one in use, the one that is filled already,
    or a new one beside it.
    """
    stored = await spaces.read()
    for space in (stored.current, stored.next):
        if space is not None and space.embedder == wanted.name:
            return space
    if stored.past is not None:  # of a change that was broken off at its very end
        await spaces.drop_past()
    space = space_beside(wanted.name, wanted.size)
    await spaces.begin(space)
    return space


async def _fill(
    run: JobRun, spaces: VectorSpaces, space: VectorSpace, wanted: Embedder, step: Step
) -> int:
    """Until no memory lacks its vector; what is written meanwhile takes a further look.
    How many still lack it, where a look has found no fewer than the one before.
    """
    total, rest = await spaces.counts(space)
    before = rest + 1
    while 0 < rest < before:
        after, done, before = "", total - rest, rest
        while True:
            await run.progress(step, memories=total, memories_done=min(done, total))
            memories, after = await spaces.lacking(space, after, PAGE)
            vectors = await wanted.passages(list(map(searched_text, memories)))
            await spaces.fill(space, memories, vectors)
            done += len(memories)
            await run.count_anew()
            if not after:
                break
            if run.age_s > run.context.limits.reindex_turn:
                raise TurnOver("the other memories are embedded in the next turn")
        total, rest = await spaces.counts(space)
    await run.progress(step, memories=total, memories_done=total - rest)
    return rest


async def _wait(run: JobRun, seconds: float) -> None:
    """Pass some time; the job can be cancelled meanwhile."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (rest := end - loop.time()) > 0:
        await run.progress(Step.STORE)
        await asyncio.sleep(min(_PAUSE_S, rest))
