"""The job "feedback": what somebody says about what is remembered changes it (contract
5.11).

"Replace X with Y" rewrites every memory that says X. A correction ("no, I live in
Shanghai now, not Beijing") becomes a memory of high confidence; what it denies, or
makes untrue, is archived. What only says that something is wrong, not what is right,
changes nothing, and its receipt says so. The drafts are saved before anything is
archived, so that a further try ends the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from shared.domain.extraction import Draft, Extraction
from shared.domain.job import Outcome, Receipt
from shared.domain.job_payload import FeedbackPayload
from shared.domain.memory import EVERY_ANSWER, Kind, Memory, Origin, Status, Type
from shared.domain.memory_detail import SUBJECT
from shared.domain.passage import Talk
from shared.jobs.clock import now
from shared.language.phrases import title_of
from shared.language.renewed_phrases import renewed_tags, renewed_title
from shared.language.words import terms
from workers.pipeline.corrections import correction, denied, replacement, word_pattern
from workers.pipeline.extract.speech.third_person import third_person
from workers.pipeline.job_run import JobRun
from workers.pipeline.load_talk import load_talk
from workers.pipeline.saved_extractions import extract_once
from workers.pipeline.sequence import remember

CERTAIN = 0.99
"""Confidence of what a user corrected by hand."""
PAGE = 200
"""Memories looked through at once."""
NEAREST = 8
"""Memories of each kind that are near in meaning to a correction and may be denied by
it.
"""
_KINDS = (Kind.FACT, Kind.PREFERENCE)
"""What feedback corrects: statements about the user."""
_UNCLEAR = Receipt(
    "", Outcome.DROPPED, Kind.FACT, "unclear: it does not say what is right"
)


async def feedback(run: JobRun, payload: FeedbackPayload) -> None:
    """Understand the feedback, save what follows from it, archive what it supersedes,
    remember what it says.
    """
    talk = await load_talk(run)
    extraction = await extract_once(run, 0, partial(_understand, run, talk, payload))
    if not extraction.drafts:
        await run.save(receipts=(_UNCLEAR,))
        return
    await _archive_superseded(run, extraction.drafts)
    await remember(run, extraction.drafts)


async def _understand(run: JobRun, talk: Talk, payload: FeedbackPayload) -> Extraction:
    text = " ".join(message.text for message in talk.messages).strip()
    named = await _named_memories(run, payload.memory_ids)
    words = replacement(text)
    drafts = await _rewritten(run, named, *words) if words is not None else []
    return Extraction(tuple(drafts or await _corrected(run, named, talk, text)))


async def _named_memories(run: JobRun, ids: Sequence[str]) -> list[Memory]:
    """The user's own statements among the memories that the feedback is about."""
    if not ids:
        return []
    scope = run.job.scope
    memories = await run.context.memories.get(scope.project, ids)
    return [
        memory
        for memory in memories
        if memory.scope.user == scope.user
        and memory.kind in _KINDS
        and memory.status is Status.ACTIVATED
    ]


async def _rewritten(
    run: JobRun, named: Sequence[Memory], old: str, new: str
) -> list[Draft]:
    """Every statement of the user that says `old`, saying `new`; those named first."""
    pattern = word_pattern(old)
    replaced = partial(pattern.sub, lambda _: new)
    memories = (*named, *await _all_statements(run))
    distinct = {memory.id: memory for memory in memories}
    return [
        Draft(
            type=memory.type,
            text=text,
            title=renewed_title(memory, replaced(memory.title), text),
            tags=_tags_replaced(memory, replaced, text),
            confidence=CERTAIN,
            context=memory.context,
            reasoning=memory.reasoning,
            origins=memory.origins,
            speaker=memory.speaker,
            subject=str(memory.detail.get(SUBJECT, "")),
            happened_at=memory.happened_at,
            superseding=(memory.id,),
        )
        for memory in distinct.values()
        if (text := replaced(memory.text)) != memory.text
    ]


def _tags_replaced(
    memory: Memory, replaced: Callable[[str], str], text: str
) -> tuple[str, ...]:
    """The tags with the new words, where they are made of the words of the text."""
    tags = [tag if tag == EVERY_ANSWER else replaced(tag) for tag in memory.tags]
    return renewed_tags(memory, tags, text)


async def _all_statements(run: JobRun) -> list[Memory]:
    scope, statements = run.job.scope, list[Memory]()
    for kind in _KINDS:
        total, offset = 1, 0
        while offset < total:
            page, total = await run.context.memories.page(
                scope.project, scope.user, kind, offset, PAGE
            )
            statements += page
            offset += PAGE
    return statements


async def _corrected(
    run: JobRun, named: Sequence[Memory], talk: Talk, text: str
) -> list[Draft]:
    """What the feedback says is right; the first draft supersedes what it denies.
    Nothing where it is unclear.
    """
    statement = correction(text)
    if not statement:
        return []
    message = replace(talk.messages[-1], text=statement)
    extraction = await run.context.extractor.from_talk(
        replace(talk, messages=(message,))
    )
    drafts = extraction.drafts
    if not drafts:  # the extractor sees no memory in it; the user does
        text, title = third_person(statement) or statement, title_of(statement)
        origin = Origin(message_ids=(message.id,))
        drafts = (Draft(Type.LONG_TERM, text, title, origins=(origin,)),)
    superseding = await _denied_memories(run, named, statement)
    first, *rest = [replace(draft, confidence=CERTAIN) for draft in drafts]
    return [replace(first, superseding=tuple(superseding)), *rest]


async def _denied_memories(
    run: JobRun, named: Sequence[Memory], statement: str
) -> list[str]:
    """The ids of memories that say what the correction denies: among those that the
    feedback names, then among those near to it in meaning.
    """
    denials = [set(terms(words)) for words in denied(statement)]
    if not any(denials):
        return []
    vectors = await run.context.embedder.passages([statement])
    candidates = {memory.id: memory for memory in named}
    for kind in _KINDS:
        near = await run.context.memories.similar(run.job.scope, kind, vectors, NEAREST)
        candidates |= {match.memory.id: match.memory for match in near[0]}
    superseding = []
    for memory in candidates.values():
        words = set(terms(memory.text))
        if any(denial and denial <= words for denial in denials):
            superseding.append(memory.id)
    return superseding


async def _archive_superseded(run: JobRun, drafts: Sequence[Draft]) -> None:
    """Archive the user's own memories that the drafts supersede."""
    ids: list[str] = []
    for draft in drafts:
        ids += draft.superseding
    if not ids:
        return
    scope, memories = run.job.scope, run.context.memories
    superseded = await memories.get(scope.project, ids)
    own = [
        memory.archived(now())
        for memory in superseded
        if memory.scope.user == scope.user
    ]
    if own:
        await run.ensure_owned()
        await memories.archive(own)
