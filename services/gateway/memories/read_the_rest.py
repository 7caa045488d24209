"""A turn whose fast memory is changed by hand is not read any more: it would come back as
it was. The job that was to read it is cancelled, and another one reads the rest: the other
turns, and all files.

    turns of the job    the changed one       the others
    fast memories       stay as they are      wait for the other job, under their ids
    refined memories    are deleted           are found again
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.accept import claim_request
from services.gateway.ingest.fast_memories import FAST, by_words, settled
from services.gateway.jobs.delete_jobs import remove_mentions
from services.gateway.wire.wire_times import now
from shared.all_listed import all_listed
from shared.domain.filter import Condition
from shared.domain.identity import computed_id
from shared.domain.job import Job
from shared.domain.job_payload import AddPayload
from shared.domain.memory import Embedded, Kind, Memory, message_ids_of
from shared.domain.memory_list import MemoryList
from shared.domain.message import Message
from shared.domain.model_answer import Usage
from shared.jobs.cancel import cancel
from shared.jobs.enqueue import enqueue
from shared.language.search_text import searched_text, searched_words

_CHANGED = "what it was to read was changed by hand"


async def read_the_rest(context: RequestContext, memory: Memory) -> None:
    """Let nobody read what a changed memory was the raw words of (as it was stored before
    the change); nothing to do for any other memory. The lease of its owner is held.
    Raises `Unavailable`: then the same change can be made again.
    """
    job = await _reading(context, memory)
    if job is None:
        return
    ports = context.ports
    messages = await ports.messages.get(context.project, job.message_ids)
    turn = frozenset(_turn(messages, message_ids_of(memory.origins)))
    other = _other_job(job, turn)
    await _keep_raw(context, job, memory, turn, other)
    has_rest = _has_rest(messages, other)
    if has_rest:
        await ports.jobs.put(other)
    rest = f"; task {other.id} reads the rest" if has_rest else ""
    await cancel(ports, [job], f"{_CHANGED}{rest}")
    await _forget_read(context, job, turn)
    if has_rest:
        await claim_request(ports.in_flight, other.fingerprint, other.id)
        await enqueue(ports.queue, other)


async def _reading(context: RequestContext, memory: Memory) -> Job | None:
    """The job under way that is to read what a memory says raw."""
    if FAST not in memory.tags:
        return None
    job = await context.ports.jobs.get(context.project, memory.job)
    if job is None or job.state.final or not isinstance(job.payload, AddPayload):
        return None
    return job


def _turn(messages: Sequence[Message], named: Collection[str]) -> Iterator[str]:
    """The ids of named messages, and of what was answered to them."""
    is_within = False
    for message in sorted(messages, key=lambda message: message.position):
        if message.id in named:
            is_within = True
        elif message.role == "user":
            is_within = False
        if is_within and message.role != "system":
            yield message.id


def _other_job(job: Job, turn: Collection[str]) -> Job:
    """A job like another one, which leaves out a turn; the same for the same turn."""
    assert isinstance(job.payload, AddPayload)
    unread = tuple(dict.fromkeys((*job.payload.unread, *sorted(turn))))
    return replace(
        job.reopened(now()),
        id=computed_id("rest", job.id, *unread),
        payload=replace(job.payload, unread=unread),
        companions=(),
        usage=Usage(),
    )


def _has_rest(messages: Sequence[Message], job: Job) -> bool:
    """Whether a job has something to read."""
    assert isinstance(job.payload, AddPayload)
    return any(
        message.files
        or (message.role != "system" and message.id not in job.payload.unread)
        for message in messages
    )


async def _keep_raw(
    context: RequestContext, job: Job, changed: Memory, turn: frozenset[str], other: Job
) -> None:
    """Keep the raw words that cancelling a job would delete: those of other turns wait for
    the other job, the other pieces of a long turn stay as they are.
    """
    raw = [m for m in await _raw_memories(context, job) if m.id != changed.id]
    pieces = [settled(m) for m in raw if turn.issuperset(message_ids_of(m.origins))]
    stay = {memory.id for memory in pieces}
    waiting = [replace(m, job=other.id) for m in raw if m.id not in stay]
    vectors = (
        await context.ports.embedder.passages(list(map(searched_text, pieces)))
        if pieces
        else []
    )
    staying = [
        Embedded(memory, searched_words(memory), vector)
        for memory, vector in zip(pieces, vectors, strict=True)
    ]
    if written := [*staying, *map(by_words, waiting)]:
        await context.ports.memories.put(written)


async def _raw_memories(context: RequestContext, job: Job) -> list[Memory]:
    """The fast memories of a job: all were made when it was accepted."""
    of_then = MemoryList(
        job.scope.project,
        job.scope.user,
        Kind.FACT,
        filter=Condition("create_time", "eq", job.created_at),
        expired=True,
    )
    memories = await all_listed(context.ports.memories, of_then)
    return [memory for memory in memories if memory.fast and memory.job == job.id]


async def _forget_read(context: RequestContext, job: Job, turn: frozenset[str]) -> None:
    """Delete what a cancelled job had read in a turn already, unless somebody else has
    changed it since.
    """
    ports, project = context.ports, context.project
    record = await ports.jobs.get(project, job.id)
    ids = record.stored_memories if record else ()
    stored = await ports.memories.get(project, ids) if ids else []
    gone = [m.id for m in stored if _is_read_in(m, job, turn)]
    if gone:
        await ports.memories.delete(project, gone)
        await remove_mentions(ports, project, [job.id], gone)


def _is_read_in(memory: Memory, job: Job, turn: frozenset[str]) -> bool:
    ids = message_ids_of(memory.origins)
    is_own = memory.job == job.id and memory.last_change.by in ("", job.id)
    return is_own and bool(ids) and turn.issuperset(ids)
