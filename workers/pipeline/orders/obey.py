"""Carry out orders to the memory, and say in receipts what became of them.

What is forgotten no search and no list shows; for a day "undo" brings it back, then it
is deleted (`services/status/purge_forgotten.py`). The receipts are written down before
anything is archived, so that a further try archives the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.extraction import Draft
from shared.domain.job import Outcome, Receipt, State
from shared.domain.job_payload import AddPayload
from shared.domain.kinds import Kind
from shared.domain.memory import (
    UNDO_MS,
    Embedded,
    LastChange,
    Memory,
    Status,
)
from shared.errors import Transient
from shared.jobs.clock import now
from shared.language.search_text import searched_text, searched_words
from shared.memory_change import changed_by
from workers.pipeline.job_run import JobRun
from workers.pipeline.orders.forgotten import meant_by
from workers.pipeline.orders.orders_in_talk import Order
from workers.pipeline.orders.remainders import remainders
from workers.pipeline.orders.said_before import without_named
from workers.pipeline.orders.telling_words import Named, named
from workers.pipeline.orders.wordings import language_of
from workers.pipeline.steps.merge import hold_owners

JOBS = 50
"""Latest jobs of a user among which the last order is looked for."""
FORGOTTEN = "forgotten, as the user wished; undo brings it back for a day"
BROUGHT_BACK = "brought back, as the user wished"
KEPT_OUT = "not remembered, as the user wished"
REMAINDER = "what else a forgotten memory said"
WHOLE_AGAIN = "the memory that it was a part of is back"
NOTHING_MATCHES = "unclear: nothing matches"
NOT_UNDERSTOOD = (
    "unclear: it seems to be an order to forget, and it is not understood what;"
    " nothing was forgotten, and the order is not remembered"
)
UNDONE = "undone, as the user wished, before it was carried out"
UNDO_OF_WHAT = (
    "unclear: it does not follow an order to the memory; nothing was brought back"
)
NOTHING_TO_RESTORE = "unclear: nothing was forgotten within the last day"
NOT_EVERYTHING = (
    "unclear: to delete everything, call delete/memory with the user's id;"
    " this order deleted nothing"
)


async def obey(
    run: JobRun, orders: Sequence[Order], drafts: Sequence[Draft] = ()
) -> list[Draft]:
    """Carry out the orders; the drafts of the same job that remain. Raises `Transient`
    while what was said before is still being read.
    """
    if not orders:
        return list(drafts)
    await _wait_for_earlier(run)
    remaining = list(drafts)
    for order in orders:
        remaining = await without_named(run.context, order, remaining)
    if not run.job.receipts:  # an earlier turn has written them, and may have obeyed
        receipts: list[Receipt] = []
        for order in orders:
            texts = [draft.text for draft in remaining]
            things = _named_beside(order, orders)
            receipts += await _receipts(run, order, texts, things)
        if len(remaining) < len(drafts):
            receipts = [r for r in receipts if r.reason != NOTHING_MATCHES]
            receipts.append(_note(KEPT_OUT))
        await run.save(receipts=tuple(dict.fromkeys(receipts)))
    await carry_out(run, run.job.receipts)
    return remaining


async def _wait_for_earlier(run: JobRun) -> None:
    """Raises `Transient` while earlier messages of the user wait to be read: what they
    say could not be found yet. The last try goes on without them.
    """
    if run.job.attempts >= run.context.limits.attempts:
        return
    scope, unfinished = run.job.scope, (State.QUEUED, State.RUNNING)
    jobs = await run.context.jobs.of_user(scope.project, scope.user, JOBS, unfinished)
    for job in jobs:
        is_earlier = job.created_at < run.job.created_at and job.id != run.job.id
        if is_earlier and isinstance(job.payload, AddPayload):
            raise Transient("what the user said before is still being read")


def _named_beside(order: Order, orders: Sequence[Order]) -> list[Named]:
    """What an order names, and what others of the job do: what stays of a memory for one
    of them must not have the words of another. What only a former or current one is
    named by would take more along there.
    """
    things: list[Named] = []
    for other in orders:
        language = language_of(other.language)
        own = [named(name, language) for name in other.named]
        is_forgotten = other.kind == order.kind
        things += [
            thing
            for thing in own
            if other is order or (is_forgotten and not thing.when)
        ]
    return things


async def _receipts(
    run: JobRun, order: Order, later: Sequence[str], things: Sequence[Named]
) -> list[Receipt]:
    """What an order will do. `later`: what is said in the same job; `things`: what no
    remainder may say.
    """
    if order.kind == "everything":
        return [_note(NOT_EVERYTHING)]
    if order.kind == "unclear":
        return [_note(NOT_UNDERSTOOD)]
    if order.kind == "undone":
        return [_note(UNDONE)]
    if order.kind == "restore" and order.is_guessed:
        return [_note(UNDO_OF_WHAT)]
    if order.kind == "restore":
        memories, parts = await _last_forgotten(run)
        if not memories:
            return [_note(NOTHING_TO_RESTORE)]
        return [
            *(Receipt(m.id, Outcome.RESTORED, m.kind, BROUGHT_BACK) for m in memories),
            *(Receipt(m.id, Outcome.ARCHIVED, m.kind, WHOLE_AGAIN) for m in parts),
        ]
    meant = await meant_by(run, order, later)
    memories = list(meant.goes.values())
    if not memories and not meant.stays:
        return [_note(_why_nothing(order))]
    parts = remainders(memories, things, meant.clauses)
    parts = await _keep_remainders(run, parts)
    return [
        *(Receipt(m.id, Outcome.ARCHIVED, m.kind, FORGOTTEN) for m in memories),
        *(Receipt(m.id, Outcome.STORED, m.kind, REMAINDER) for m in parts),
        *(_note(reason, other=id) for id, reason in meant.stays.items()),
    ]


def _why_nothing(order: Order) -> str:
    if order.kept_out:
        return KEPT_OUT
    return NOT_UNDERSTOOD if order.is_guessed else NOTHING_MATCHES


async def _keep_remainders(run: JobRun, parts: Sequence[Memory]) -> list[Memory]:
    """Store what else the memories say than what is named; stored again by a further try
    it is the same.
    """
    remaining = [
        replace(part, job=run.job.id, last_change=LastChange()) for part in parts
    ]
    texts = [searched_text(memory) for memory in remaining]
    vectors = await run.context.embedder.passages(texts) if texts else []
    await run.ensure_owned()
    await run.context.memories.put(
        [
            Embedded(memory, searched_words(memory), vector)
            for memory, vector in zip(remaining, vectors, strict=True)
        ]
    )
    return remaining


def _note(reason: str, other: str = "") -> Receipt:
    """A receipt of which no memory came; `other`: the id of one that it speaks of."""
    return Receipt("", Outcome.DROPPED, Kind.FACT, reason, other)


async def _last_forgotten(run: JobRun) -> tuple[list[Memory], list[Memory]]:
    """What the user's last order made forgotten and is so still, and the parts of it
    that stayed.
    """
    scope = run.job.scope
    jobs = await run.context.jobs.of_user(scope.project, scope.user, JOBS)
    for job in jobs:
        ids = [r.memory for r in job.receipts if r.reason == FORGOTTEN]
        if not ids or job.id == run.job.id:
            continue
        if run.job.created_at - job.created_at > UNDO_MS:
            return [], []
        memories = await run.context.memories.get(scope.project, ids)
        parts = [r.memory for r in job.receipts if r.reason == REMAINDER]
        return (
            [memory for memory in memories if memory.status is Status.FORGOTTEN],
            await run.context.memories.get(scope.project, parts),
        )
    return [], []


async def carry_out(run: JobRun, receipts: Sequence[Receipt]) -> None:
    """Archive, forget and bring back what the receipts say."""
    statuses = {r.memory: _status(r) for r in receipts}
    wanted = {id: status for id, status in statuses.items() if status is not None}
    if not wanted:
        return
    scope, memories = run.job.scope, run.context.memories
    async with hold_owners(run) as leases:
        stored = await memories.get(scope.project, list(wanted))
        changed = [
            changed_by(run.job.id, _with_status(memory, wanted[memory.id]), memory)
            for memory in stored
            if memory.scope.user == scope.user
            and _is_to_become(memory, wanted[memory.id], run.job.id)
        ]
        await run.ensure_owned(*leases)
        await memories.archive(changed)


def _is_to_become(memory: Memory, status: Status, job: str) -> bool:
    """Whether a memory still has to get a status. Only what is forgotten is brought back:
    else an earlier turn of the job has done it, and newer words may have superseded it.
    """
    if status is Status.ACTIVATED:
        return memory.status is Status.FORGOTTEN
    return memory.status is not Status.ARCHIVED or memory.last_change.by != job


def _with_status(memory: Memory, status: Status) -> Memory:
    at = now()
    before = memory.last_change.before
    if status is Status.ACTIVATED and before.get("status") == Status.ARCHIVED:
        until = int(before.get("valid_until") or before.get("updated_at") or at)
        return replace(memory, status=Status.ARCHIVED, updated_at=at, valid_until=until)
    until = at if status is Status.ARCHIVED else 0
    return replace(memory, status=status, updated_at=at, valid_until=until)


def _status(receipt: Receipt) -> Status | None:
    """What becomes of a memory; None where it stays as it is. What the user wants
    forgotten is deleted after a day; what is only not true any more is archived.
    """
    if receipt.outcome is Outcome.RESTORED:
        return Status.ACTIVATED
    if receipt.outcome is not Outcome.ARCHIVED:
        return None
    is_forgotten = receipt.reason in (FORGOTTEN, WHOLE_AGAIN)
    return Status.FORGOTTEN if is_forgotten else Status.ARCHIVED
