"""Which memories of a user an order to forget means."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from shared.domain.filter import Filters
from shared.domain.memory import Candidate, Kind, Memory
from shared.domain.scope import Reach
from shared.language.lexical import weigh, without_date
from workers.pipeline.job_run import JobRun
from workers.pipeline.merge.clauses import clauses
from workers.pipeline.orders.matching import Matcher
from workers.pipeline.orders.orders_in_talk import Order, is_aside
from workers.pipeline.orders.telling_words import Named, named
from workers.pipeline.orders.wordings import language_of
from workers.pipeline.worker_context import WorkerContext

KINDS = (Kind.FACT, Kind.PREFERENCE)
"""What can be forgotten by an order: statements about the user."""
MOST = 300
"""Memories of a kind that are looked at, by their words and by their meaning."""
NEAREST = 24
"""Of those that share no word, the nearest ones that are looked at."""
SEVERAL = 2
"""Clauses, without short additions, from which a memory tells of several matters."""
LATEST = 200
"""Latest memories of a kind among which those of one message are looked for."""


async def about_named(
    context: WorkerContext, thing: Named, texts: Sequence[str]
) -> list[bool]:
    """For each text whether it is about what is named."""
    return await Matcher(context.embedder, context.reader).about(thing, texts)


async def said_in(run: JobRun, order: Order) -> list[Memory]:
    """The memories that an order means: of the things it names, or of the message that
    it points to; or those that the user was looking at.
    """
    scope = run.job.scope
    if order.memories:
        viewed = await run.context.memories.get(scope.project, order.memories)
        return [memory for memory in viewed if memory.scope.user == scope.user]
    if order.message:
        return await _of_message(run, order.message)
    language = language_of(order.language)
    memories: dict[str, Memory] = {}
    for name in order.named:
        thing = named(name, language)
        candidates = await _candidates(run, thing)
        texts = [memory.text for memory in candidates]
        chosen = await about_named(run.context, thing, texts)
        for memory, is_meant in zip(candidates, chosen, strict=True):
            if is_meant:
                memories[memory.id] = memory
    return list(memories.values())


def is_clearly_meant(memory: Memory, order: Order) -> bool:
    """Whether a memory may go as a whole: one that has no word of what is named is meant
    by its meaning, and of one that tells of several matters that means a part.
    """
    if order.memories or order.message:
        return True
    language = language_of(order.language)
    text = without_date(memory.text)
    matters = [text[start:end] for start, end in clauses(text)]
    if sum(not is_aside(matter) for matter in matters) < SEVERAL:
        return True
    return any(named(name, language).shares_words(memory.text) for name in order.named)


async def _candidates(run: JobRun, thing: Named) -> list[Memory]:
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
