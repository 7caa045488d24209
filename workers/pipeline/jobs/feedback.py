"""The job "feedback": what somebody says about what is remembered changes it (contract
5.11).

An order to the memory ("forget my locker number", "undo") is carried out.
"Replace X with Y" rewrites every memory that says X. A correction ("no, I live in
Shanghai now, not Beijing") becomes a memory of high confidence; what it denies is
archived, and, where it says that something is wrong, what is nearest to it. What only
says that something is wrong, not what is right, changes nothing, and its receipt says
so. The drafts are saved before anything is archived, so that a further try ends the
same way.
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
from shared.domain.message_reading import Utterance
from shared.domain.passage import Talk
from shared.jobs.clock import now
from shared.language.phrases import title_of
from shared.language.renewed_phrases import renewed_tags, renewed_title
from shared.language.words import is_chinese, terms
from workers.pipeline.corrections import (
    correction,
    replacement,
    without_denials,
    word_pattern,
)
from workers.pipeline.extract.speech.third_person import third_person
from workers.pipeline.job_run import JobRun
from workers.pipeline.load_talk import load_talk
from workers.pipeline.orders.matching import plain
from workers.pipeline.orders.obey import obey
from workers.pipeline.orders.orders_in_talk import orders_of_feedback
from workers.pipeline.orders.subject import with_subject
from workers.pipeline.orders.superseded import says_little, superseded
from workers.pipeline.orders.wordings import is_no_order, orders_in, without
from workers.pipeline.saved_extractions import extract_once
from workers.pipeline.sequence import remember

CERTAIN = 0.99
"""Confidence of what a user corrected by hand."""
SURELY = 0.9
"""Probability from which feedback without a known wording is an order to forget."""
PAGE = 200
"""Memories looked through at once."""
_KINDS = (Kind.FACT, Kind.PREFERENCE)
"""What feedback corrects: statements about the user."""
_UNCLEAR = Receipt(
    "",
    Outcome.DROPPED,
    Kind.FACT,
    "unclear: it does not say what is right, nor clearly what is to be forgotten",
)


async def feedback(run: JobRun, payload: FeedbackPayload) -> None:
    """Carry out the orders in the feedback; understand what else it says, save what
    follows from it, archive what it supersedes, remember what it says.
    """
    talk = await load_talk(run)
    text = " ".join(message.text for message in talk.messages).strip()
    wordings = orders_in(text)
    await obey(run, orders_of_feedback(wordings, talk, payload.memory_ids))
    rest = without(text, wordings)
    if wordings and (not rest or any(w.kind == "withhold" for w in wordings)):
        return
    understand = partial(_understand, run, talk, payload, rest)
    extraction = await extract_once(run, 0, understand)
    if not extraction.drafts:
        receipts = () if wordings else (_UNCLEAR,)
        await run.save(receipts=(*run.job.receipts, *receipts))
        return
    await _archive_superseded(run, extraction.drafts)
    noted = len(run.job.receipts) if not run.job.checkpoint.stored else 0
    await remember(run, extraction.drafts)
    run.change(receipts=_with_superseded(run.job.receipts, extraction.drafts, noted))


def _with_superseded(
    receipts: Sequence[Receipt], drafts: Sequence[Draft], noted: int
) -> tuple[Receipt, ...]:
    """The receipts, saying which memories were wrong; those of drafts come after the
    first `noted`.
    """
    result = list(receipts)
    for place, draft in enumerate(drafts, noted):
        if draft.superseding and result[place].outcome is Outcome.STORED:
            result[place] = replace(
                result[place],
                outcome=Outcome.SUPERSEDED,
                reason="the user says that the other was wrong",
                other=draft.superseding[0],
            )
    return tuple(result)


async def _understand(
    run: JobRun, talk: Talk, payload: FeedbackPayload, text: str
) -> Extraction:
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
    Nothing where it is unclear, or seems to be an order that is not understood.
    """
    [reading] = await run.context.reader.read([Utterance(text)])
    corrected = correction(text, reading)
    is_order = reading.likely("order_forget") >= SURELY and not is_no_order(text)
    if not corrected.statement or is_order:
        return []
    superseding = await superseded(run, named, text, corrected)
    statement = await _with_corrected(run, corrected.statement, superseding)
    drafts = await _drafts(run, talk, statement)
    first, *rest = [replace(draft, confidence=CERTAIN) for draft in drafts]
    return [replace(first, superseding=tuple(superseding)), *rest]


async def _with_corrected(run: JobRun, statement: str, ids: Sequence[str]) -> str:
    """The statement with what it corrects in front, where it does not say that itself."""
    if not ids or not says_little(statement):
        return statement
    wrong = await run.context.memories.get(run.job.scope.project, ids[:1])
    texts = [plain(memory.text) for memory in wrong]
    own = set(terms(without_denials(statement)))
    if any(own & set(terms(text)) for text in texts):
        return statement
    return with_subject(statement, texts)


async def _drafts(run: JobRun, talk: Talk, statement: str) -> Sequence[Draft]:
    """What is remembered of a statement: all of it where the extractor sees no memory
    in it, for the user does.
    """
    message = replace(talk.messages[-1], text=statement)
    extraction = await run.context.extractor.from_talk(
        replace(talk, messages=(message,))
    )
    if extraction.drafts:
        return extraction.drafts
    origin, title = Origin(message_ids=(message.id,)), title_of(statement)
    text = third_person(statement)
    if not text or text == statement:
        label = "用户：" if is_chinese(statement) else "User: "
        text = label + statement
    return (Draft(Type.LONG_TERM, text, title, origins=(origin,)),)


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
