"""The work "feedback": what somebody says about what is remembered changes it (contract 5.11).

"Replace X with Y" rewrites every memory that says X. A correction ("no, I live in
Shanghai now, not Beijing") becomes a memory of high confidence; what it denies, or
makes untrue, is archived. What says only that something is wrong, not what is right,
changes nothing and is told so. The drafts are saved before anything is archived, so a
try after another one ends the same way.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial

from shared.domain.extraction import Draft, Extraction
from shared.domain.job import Outcome, Receipt
from shared.domain.job_payload import FeedbackPayload
from shared.domain.memory import Kind, Memory, Origin, Status, Type
from shared.domain.memory_detail import SUBJECT
from shared.domain.passage import Talk
from shared.language.words import is_chinese, terms
from workers.pipeline.extract.speech.third_person import third_person
from workers.pipeline.job_run import JobRun, now
from workers.pipeline.saved_extractions import saved
from workers.pipeline.steps.extract import talk_of
from workers.pipeline.steps.store import store

CERTAIN = 0.99
"""Confidence of what a user corrected by hand."""
PAGE = 200
"""Memories looked through at once."""

_QUOTED = r"['\"“‘「『]?(?P<{0}>[^'\"“”‘’「」『』]+?)['\"”’」』]?"
_REPLACE = re.compile(
    r"(?:please\s+)?(?:replace|change|rename|correct|update)\s+(?:(?:all|every|each|the\s+(?:word|name))\s+)*"
    + _QUOTED.format("old")
    + r"\s+(?:with|to|by|into)\s+"
    + _QUOTED.format("new")
    + r"(?:\s+(?:everywhere|throughout|in\s+(?:all|every|my)\s+memor\w+))?\s*[.!]*",
    re.I,
)
_REPLACE_ZH = re.compile(
    r"(?:请|帮我)?(?:把|将)(?:我的?)?(?:所有的?|全部的?|记忆(?:里|中)?的?)*"
    + _QUOTED.format("old")
    + r"(?:都|全部|全|统一)?(?:替换|修改|更换|改|换|更正)(?:成|为)"
    + _QUOTED.format("new")
    + r"[。.!！]*"
)
_OPENING = re.compile(
    r"^(?:(?:no|nope|wrong|incorrect|actually|sorry|you(?:'re| are) wrong|that(?:'s| is| was)? (?:wrong|not (?:right|true|correct)|incorrect)"
    r"|不对|错了|不是的?|不正确|说错了|记错了|你(?:说|记)错了)[\s,，.。!！;；:：]*)+",
    re.I,
)
_DENIED = re.compile(
    r"\b(?:and |but )?(?:not|isn't|no longer|instead of|rather than)\s+(?:in |at |on |a |an |the )*(?P<what>[^,.;!?]{2,40})"
    r"|(?:不再?是|而不是|并非|不在|不叫|不住)(?P<zh>[^，。；！？]{1,20})",
    re.I,
)


async def feedback(run: JobRun, payload: FeedbackPayload) -> None:
    """Understand the feedback, save what follows from it, archive, store."""
    talk = await talk_of(run)
    found = await saved(run, 0, partial(_understood, run, talk, payload))
    if not found.drafts:
        await run.save(
            receipts=(
                Receipt(
                    "",
                    Outcome.DROPPED,
                    Kind.FACT,
                    "unclear: it does not say what is right",
                ),
            )
        )
        return
    superseded: list[str] = []
    for draft in found.drafts:
        superseded += draft.superseding
    await _archive(run, superseded)
    await store(run, found.drafts)


async def _understood(run: JobRun, talk: Talk, payload: FeedbackPayload) -> Extraction:
    looked_at = await _looked_at(run, payload.memory_ids)
    said = " ".join(message.text for message in talk.messages).strip()
    words = replacement(said)
    drafts = (
        [draft async for draft in _rewritten(run, looked_at, *words)]
        if words is not None
        else []
    )
    return Extraction(tuple(drafts or await _corrected(run, talk, said, looked_at)))


def replacement(said: str) -> tuple[str, str] | None:
    """The words to replace and the words to put in their place; None where the feedback
    asks for no replacement.
    """
    match = _REPLACE.fullmatch(said) or _REPLACE_ZH.fullmatch(said)
    return (match["old"].strip(), match["new"].strip()) if match else None


def denied(said: str) -> list[str]:
    """What a correction says is not so."""
    return [(match["what"] or match["zh"]).strip() for match in _DENIED.finditer(said)]


async def _rewritten(
    run: JobRun, looked_at: Sequence[Memory], old: str, new: str
) -> AsyncIterator[Draft]:
    pattern = re.compile(
        rf"(?<!\w){re.escape(old)}(?!\w)" if old.isascii() else re.escape(old), re.I
    )
    memories = (*looked_at, *await _statements(run))
    for memory in {memory.id: memory for memory in memories}.values():
        if pattern.search(memory.text):
            yield _draft_of(
                memory,
                pattern.sub(lambda _: new, memory.text),
                pattern.sub(lambda _: new, memory.title),
            )


def _draft_of(memory: Memory, text: str, title: str) -> Draft:
    return Draft(
        type=memory.type,
        text=text,
        title=title,
        tags=memory.tags,
        confidence=CERTAIN,
        context=memory.context,
        reasoning=memory.reasoning,
        origins=memory.origins,
        speaker=memory.speaker,
        subject=str(memory.detail.get(SUBJECT, "")),
        happened_at=memory.happened_at,
        superseding=(memory.id,),
    )


async def _corrected(
    run: JobRun, talk: Talk, said: str, looked_at: Sequence[Memory]
) -> list[Draft]:
    statement = _OPENING.sub("", said).strip()
    if len(terms(statement)) < 2 or statement.endswith(("?", "？")):
        return []
    message = replace(talk.messages[-1], text=statement)
    found = (
        await run.context.extractor.from_talk(replace(talk, messages=(message,)))
    ).drafts or (_plain(statement, message.id),)
    superseding = await _denied_memories(run, statement, looked_at)
    first, *rest = (replace(draft, confidence=CERTAIN) for draft in found)
    return [replace(first, superseding=tuple(superseding)), *rest]


def _plain(statement: str, message: str) -> Draft:
    text = third_person(statement)
    return Draft(
        Type.LONG_TERM,
        text,
        title=statement[: 20 if is_chinese(statement) else 40],
        origins=(Origin(message_ids=(message,)),),
    )


async def _denied_memories(
    run: JobRun, statement: str, looked_at: Sequence[Memory]
) -> list[str]:
    """The memories that say what the correction denies: among those that the user was
    looking at, then among those near to it in meaning.
    """
    wrong = [set(terms(what)) for what in denied(statement)]
    if not wrong:
        return []
    vectors = await run.context.embedder.passages([statement])
    near = [
        await run.context.memories.similar(run.job.scope, kind, vectors, 8)
        for kind in (Kind.FACT, Kind.PREFERENCE)
    ]
    candidates = {memory.id: memory for memory in looked_at}
    for lists in near:
        candidates |= {match.memory.id: match.memory for match in lists[0]}
    return [
        id
        for id, memory in candidates.items()
        if any(what and what <= set(terms(memory.text)) for what in wrong)
    ]


async def _looked_at(run: JobRun, ids: Sequence[str]) -> list[Memory]:
    """The user's own facts and preferences among the memories named by the feedback."""
    scope = run.job.scope
    named = await run.context.memories.get(scope.project, ids) if ids else []
    return [
        memory
        for memory in named
        if memory.scope.user == scope.user
        and memory.kind in (Kind.FACT, Kind.PREFERENCE)
        and memory.status is Status.ACTIVATED
    ]


async def _statements(run: JobRun) -> list[Memory]:
    """All facts and preferences of the user."""
    found: list[Memory] = []
    for kind in (Kind.FACT, Kind.PREFERENCE):
        total, offset = 1, 0
        while offset < total:
            page, total = await run.context.memories.page(
                run.job.scope.project, run.job.scope.user, kind, offset, PAGE
            )
            found += page
            offset += PAGE
    return found


async def _archive(run: JobRun, ids: Sequence[str]) -> None:
    known = await run.context.memories.get(run.job.scope.project, ids) if ids else []
    own = [
        memory.archived(now())
        for memory in known
        if memory.scope.user == run.job.scope.user
    ]
    if own:
        await run.confirm()
        await run.context.memories.archive(own)
