"""Carry out what a model has decided on feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from shared.domain.extraction import Draft
from shared.domain.job import Outcome, Receipt
from shared.domain.memory import KIND_OF_TYPE, Kind, Memory, Origin, Type
from shared.domain.memory_detail import SUBJECT
from shared.domain.message import Message
from shared.domain.passage import Talk
from shared.jobs.clock import milliseconds
from shared.language.fact_views import has_own_day
from shared.language.phrases import tags_of, title_of
from shared.language.renewed_phrases import (
    named_day,
    renewed_day,
    renewed_tags,
    renewed_title,
)
from workers.pipeline.feedback.apply_corrections import remember_corrections
from workers.pipeline.feedback.model_feedback import Action, Decision
from workers.pipeline.feedback.rule_feedback import CERTAIN
from workers.pipeline.job_run import JobRun
from workers.pipeline.orders.history import with_versions
from workers.pipeline.orders.obey import FORGOTTEN, carry_out

WRONG = "the user says that it is not true"


async def apply_decision(run: JobRun, talk: Talk, decision: Decision) -> None:
    """Archive what is to go, rewrite and add the rest. What is forgotten comes back by
    "undo", for a day.
    """
    ids = list(chain.from_iterable(action.memories for action in decision.actions))
    memories = await run.context.memories.get(run.job.scope.project, ids)
    own = {m.id: m for m in memories if m.scope.user == run.job.scope.user}
    if not run.job.checkpoint.stored:
        gone = [await _receipts(run, action, own) for action in decision.actions]
        await run.save(receipts=tuple(dict.fromkeys(chain(run.job.receipts, *gone))))
    await carry_out(run, run.job.receipts)
    drafts = [
        _draft(action, [own[id] for id in action.memories if id in own], talk, decision)
        for action in decision.actions
        if action.do in ("rewrite", "add")
    ]
    if drafts:
        await remember_corrections(run, drafts)


async def _receipts(
    run: JobRun, action: Action, own: dict[str, Memory]
) -> list[Receipt]:
    """What becomes of the memories that go: what is forgotten goes with what it said
    before it was changed by hand.
    """
    if action.do not in ("archive", "forget"):
        return []
    going = {id: own[id] for id in action.memories if id in own}
    if action.do == "archive":
        return [Receipt(id, Outcome.ARCHIVED, m.kind, WRONG) for id, m in going.items()]
    whole = await with_versions(run, going)
    return [Receipt(id, Outcome.ARCHIVED, m.kind, FORGOTTEN) for id, m in whole.items()]


def _draft(
    action: Action, memories: Sequence[Memory], talk: Talk, decision: Decision
) -> Draft:
    """A new memory, or the one that takes the place of others: it keeps the type, title
    and tags of the first of them as far as they still fit.
    """
    message = talk.messages[-1]
    kind = Kind.PREFERENCE if action.is_preference else Kind.FACT
    new_type = Type.EXPLICIT if action.is_preference else Type.LONG_TERM
    draft = Draft(
        type=new_type,
        text=action.text,
        title=title_of(action.text),
        tags=() if action.is_preference else tags_of(action.text),
        confidence=CERTAIN,
        reasoning=f"The user corrected it: {decision.why}"
        if action.is_preference
        else "",
        origins=(Origin(message_ids=(message.id,)),),
        happened_at=_day_of(action.text, memories, message),
        said_at=milliseconds(message.spoken_at),
        superseding=tuple(memory.id for memory in memories),
        compared=decision.compared,
    )
    if not memories or KIND_OF_TYPE[memories[0].type] is not kind:
        return draft
    first = memories[0]
    return replace(
        draft,
        type=first.type,
        title=renewed_title(first, first.title, action.text),
        tags=renewed_tags(first, first.tags, action.text),
        origins=tuple(dict.fromkeys((*draft.origins, *first.origins))),
        speaker=first.speaker,
        subject=str(first.detail.get(SUBJECT, "")),
    )


def _day_of(text: str, memories: Sequence[Memory], message: Message) -> int:
    """The day that a text tells of, epoch milliseconds: that of the first memory as long as
    the text names no other ("3 June" is of the year in which it was said), else the first
    that it names, else when the feedback was given.
    """
    day = named_day(text, message.spoken_at)
    if not memories or not has_own_day(memories[0]):
        return day
    first = memories[0]
    renewed = renewed_day(first, text, milliseconds(message.spoken_at))
    return day if renewed == first.said_at else renewed
