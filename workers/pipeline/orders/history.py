"""What memories said before: versions that were changed by hand, and statements that newer
ones have superseded. They are archived, and what a user wants forgotten is forgotten there
as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from shared.domain.memory import Memory, Status
from shared.domain.memory_detail import VERSION_OF
from shared.language.words import terms
from workers.pipeline.job_run import JobRun
from workers.pipeline.merge.clauses import clauses
from workers.pipeline.orders.matching import plain
from workers.pipeline.orders.telling_words import Named


async def history(run: JobRun, memories: Sequence[Memory]) -> list[Memory]:
    """What stands in the history of some of the user's memories, and in the histories
    of that.
    """
    scope = run.job.scope
    visited = {memory.id for memory in memories}
    newest, earlier = list(memories), list[Memory]()
    while newest:
        ids = dict.fromkeys(chain.from_iterable(m.replaced for m in newest))
        unread = [id for id in ids if id not in visited]
        stored = await run.context.memories.get(scope.project, unread) if unread else []
        newest = [memory for memory in stored if memory.scope.user == scope.user]
        visited |= set(ids)
        earlier += newest
    return [memory for memory in earlier if memory.status is Status.ARCHIVED]


async def with_versions(
    run: JobRun, memories: Mapping[str, Memory]
) -> dict[str, Memory]:
    """Memories by id, with what they said before they were changed by hand: that goes
    where they go.
    """
    whole = dict(memories)
    earlier = await history(run, list(memories.values()))
    is_complete = False
    while not is_complete:
        versions = {m.id: m for m in earlier if m.detail.get(VERSION_OF) in whole}
        is_complete = versions.keys() <= whole.keys()
        whole |= versions
    return whole


def says_no_more(earlier: Memory, current: Sequence[Memory], thing: Named) -> bool:
    """Whether all that an earlier statement says of a thing stands in current ones: a
    part of what they say, and no other value.
    """
    text = plain(earlier.text)
    said = [text[start:end] for start, end in clauses(text)]
    of_thing = [clause for clause in said if thing.is_said_in(clause)] or said
    current_terms = set(
        chain.from_iterable(terms(plain(memory.text)) for memory in current)
    )
    return set(chain.from_iterable(map(terms, of_thing))) <= current_terms
