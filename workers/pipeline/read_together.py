"""Small additions to one conversation, read by one call of the language model.

An agent that adds each message by itself would pay for the instructions with every one,
and the model would read each without the others. So one job of a conversation reads at a
time; the others come again in a moment. Who reads takes along what waits: it saves for
each of those jobs what was read in its messages, as if that job had asked.

    add ── small, with a model? ── the conversation's lease ── what waits, each with its
    own lease ── one call ── saved for each ── each job goes on by itself
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain

from shared.domain.extraction import Draft, Extraction
from shared.domain.job import Job, State
from shared.domain.job_payload import AddPayload
from shared.domain.memory import message_ids_of
from shared.domain.message import Message
from shared.domain.passage import Talk
from shared.errors import TurnOver
from shared.language.token_estimate import tokens
from workers.pipeline.job_run import JobCancelled, JobRun
from workers.pipeline.lease import LeaseBusy, hold_lease
from workers.pipeline.load_talk import files_of, load_talk
from workers.pipeline.orders.orders_in_talk import take_orders
from workers.pipeline.saved_extractions import extract_once

SMALL = 400
"""Tokens of an addition up to which it is read together with others."""
TOGETHER = 1500
"""Tokens of all that is read together: one call reads it."""
MOST_JOBS = 12
"""Latest unfinished jobs of the user that are looked at."""
_AGAIN_S = 1.5, 3.0
"""Least and most seconds after which a job comes again that is not the one to read:
spread, so that they do not all hold themselves when one of them looks for the others.
"""


@dataclass(frozen=True, slots=True)
class _Addition:
    """A job and what it adds."""

    run: JobRun
    talk: Talk


@asynccontextmanager
async def one_at_a_time(run: JobRun, talk: Talk) -> AsyncIterator[None]:
    """Within the block no other small addition to the conversation is read, and this one
    is, with those that wait. Raises `TurnOver` where another is being read.
    """
    if not _is_small(run, talk):
        yield
        return
    scope, limits = run.job.scope, run.context.limits
    name = f"reading:{scope.project}:{scope.user}:{scope.conversation}"
    async with AsyncExitStack() as stack:
        try:
            lease = hold_lease(run.context.leases, name, limits.lease)
            await stack.enter_async_context(lease)
        except LeaseBusy as error:
            message = "another addition to the conversation is being read"
            raise TurnOver(message, after=random.uniform(*_AGAIN_S)) from error
        if not run.job.checkpoint.extractions:
            await _read(_Addition(run, talk))
        yield


async def _read(own: _Addition) -> None:
    async with AsyncExitStack() as stack:
        additions = [own, *await _waiting(own, stack)]
        if len(additions) == 1:
            return
        first = min(additions, key=lambda addition: _moment(addition.talk.messages[0]))
        said = chain.from_iterable(addition.talk.messages for addition in additions)
        messages = sorted(said, key=_moment)
        ids = {message.id for message in messages}
        before = tuple(m for m in first.talk.before if m.id not in ids)
        talk = replace(own.talk, messages=tuple(messages), before=before)
        call, *_ = own.run.context.extractor.talk_calls(talk)
        extraction = await call(())
        by_job = _by_job(extraction.drafts, messages)
        for addition in additions:
            remarks = extraction.remarks if addition is own else ()
            drafts = tuple(by_job.get(addition.run.job.id, ()))
            with suppress(JobCancelled):  # its sender has deleted it meanwhile
                await _save(addition.run, Extraction(drafts, remarks))


async def _waiting(own: _Addition, stack: AsyncExitStack) -> list[_Addition]:
    """The small additions to the conversation that wait, each held until all is saved."""
    job, context = own.run.job, own.run.context
    unfinished = await context.jobs.of_user(
        job.scope.project, job.scope.user, MOST_JOBS, (State.QUEUED, State.RUNNING)
    )
    size, additions = _size(own.talk), list[_Addition]()
    for other in reversed(unfinished):
        if not _belongs(other, job):
            continue
        try:
            holding = hold_lease(
                context.leases, f"job:{other.id}", context.limits.lease
            )
            lease = await stack.enter_async_context(holding)
        except LeaseBusy:
            continue
        latest = await context.jobs.get(job.scope.project, other.id)
        if latest is None or latest.state.final or not _belongs(latest, job):
            continue
        run = JobRun(latest, context, lease)
        talk, orders = await take_orders(await load_talk(run), context.reader)
        if orders or not _is_small(run, talk) or size + _size(talk) > TOGETHER:
            continue
        size += _size(talk)
        additions.append(_Addition(run, talk))
    return additions


def _belongs(other: Job, job: Job) -> bool:
    """Whether another job adds to the same conversation under the same labels, and
    nothing was read of it yet.
    """
    return (
        other.id != job.id
        and other.scope == job.scope
        and other.payload == job.payload
        and other.options == job.options
        and other.checkpoint == type(other.checkpoint)()
    )


def _is_small(run: JobRun, talk: Talk) -> bool:
    return (
        run.context.extract_model is not None
        and isinstance(run.job.payload, AddPayload)
        and bool(talk.messages)
        and not files_of(talk)
        and _size(talk) <= SMALL
    )


def _size(talk: Talk) -> int:
    return sum(tokens(message.text) for message in talk.messages)


def _moment(message: Message) -> tuple[int, int]:
    return message.arrived_at, message.position


def _by_job(
    drafts: Sequence[Draft], messages: Sequence[Message]
) -> Mapping[str, list[Draft]]:
    """The drafts by the job of the last message that they were read in."""
    place = {message.id: number for number, message in enumerate(messages)}
    by_job: dict[str, list[Draft]] = {}
    for draft in drafts:
        ids = message_ids_of(draft.origins)
        last = max((place[id] for id in ids if id in place), default=0)
        by_job.setdefault(messages[last].job, []).append(draft)
    return by_job


async def _save(run: JobRun, extraction: Extraction) -> None:
    async def read() -> Extraction:
        return extraction

    await extract_once(run, 0, read)
