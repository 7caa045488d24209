"""The memories among which those are looked for that an order to forget means."""

from __future__ import annotations

from itertools import chain

from shared.domain.filter import Filters
from shared.domain.memory import Candidate, Kind, Memory
from shared.domain.scope import Reach
from shared.language.lexical import weigh
from workers.pipeline.job_run import JobRun
from workers.pipeline.orders.orders_in_talk import Order
from workers.pipeline.orders.telling_words import Named

KINDS = (Kind.FACT, Kind.PREFERENCE)
"""What can be forgotten by an order: statements about the user."""
MOST = 300
"""Memories of a kind that are looked at, by their words and by their meaning."""
NEAREST = 24
"""Of those that share no word, the nearest ones that are looked at."""
LATEST = 200
"""Latest memories of a kind among which those of one message are looked for, and of those
that others have superseded.
"""


async def pointed_to(run: JobRun, order: Order) -> list[Memory] | None:
    """The memories that an order points to without a name; None where it names things."""
    scope = run.job.scope
    if order.memories:
        viewed = await run.context.memories.get(scope.project, order.memories)
        return [memory for memory in viewed if memory.scope.user == scope.user]
    if order.message:
        return await _of_message(run, order.message)
    return None


async def candidates_for(run: JobRun, thing: Named) -> list[Memory]:
    """The user's memories with words of what is named, and the nearest ones."""
    scope = run.job.scope
    vector = await run.context.embedder.query(thing.text)
    by_kind = await run.context.memories.candidates(
        Reach(scope.project, scope.user, public=False),
        dict.fromkeys(KINDS, MOST),
        weigh(thing.text),
        vector,
        Filters(),
    )
    candidates = list(chain.from_iterable(by_kind.get(kind, ()) for kind in KINDS))
    candidates.sort(key=_cosine, reverse=True)
    worded = [c for c in candidates if thing.shares_words(c.memory.text)]
    near = [c for c in candidates if c.dense is not None][:NEAREST]
    distinct = {c.memory.id: c.memory for c in (*worded, *near)}
    return [memory for memory in distinct.values() if memory.job != run.job.id]


def _cosine(candidate: Candidate) -> float:
    return candidate.dense if candidate.dense is not None else -1.0


async def _of_message(run: JobRun, message: str) -> list[Memory]:
    """The memories that were made of one message."""
    scope, memories = run.job.scope, list[Memory]()
    for kind in KINDS:
        page, _ = await run.context.memories.page(
            scope.project, scope.user, kind, 0, LATEST
        )
        memories += page
    return [
        memory
        for memory in memories
        if any(message in origin.message_ids for origin in memory.origins)
    ]
