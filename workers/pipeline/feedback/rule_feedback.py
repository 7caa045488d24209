"""What feedback means, by rules: a replacement of words everywhere, or a correction."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from shared.all_listed import all_listed
from shared.domain.extraction import Draft, Extraction
from shared.domain.job_payload import FeedbackPayload
from shared.domain.memory import EVERY_ANSWER, Kind, Memory, Origin, Status, Type
from shared.domain.memory_detail import ABOUT, OF_STATEMENT, SUBJECT, TOPIC, UNTIL
from shared.domain.memory_list import MemoryList
from shared.domain.message_reading import Utterance
from shared.domain.passage import Talk
from shared.jobs.clock import milliseconds
from shared.language.dates import resolve
from shared.language.lexical import without_written_dates
from shared.language.phrases import title_of
from shared.language.renewed_phrases import (
    named_day,
    renewed_day,
    renewed_tags,
    renewed_title,
)
from shared.language.replaced_words import replaced_words
from shared.language.words import is_chinese, terms
from workers.pipeline.corrections import (
    correction,
    is_brief,
    parts,
    replacement,
    without_denials,
    word_pattern,
)
from workers.pipeline.extract.speech.third_person import third_person
from workers.pipeline.job_run import JobRun
from workers.pipeline.orders.matching import plain
from workers.pipeline.orders.subject import lacks_subject, with_subject
from workers.pipeline.orders.superseded import says_little, superseded
from workers.pipeline.orders.wordings import is_no_order

CERTAIN = 0.99
"""Confidence of what a user corrected by hand."""
SURELY = 0.9
"""Probability from which feedback without a known wording is an order to forget."""
CORRECTED = (Kind.FACT, Kind.PREFERENCE)
"""What feedback corrects: statements about the user."""


async def understood_by_rules(
    run: JobRun, talk: Talk, payload: FeedbackPayload, text: str
) -> Extraction:
    """What is right by the feedback, each draft with what it takes the place of; nothing
    where that is unclear.
    """
    named = await named_memories(run, payload.memory_ids)
    words = replacement(text)
    drafts = await _rewritten(run, named, *words) if words is not None else []
    return Extraction(tuple(drafts or await _corrected(run, named, talk, text)))


async def named_memories(run: JobRun, ids: Sequence[str]) -> list[Memory]:
    """The user's own statements among the memories that the feedback is about."""
    if not ids:
        return []
    scope = run.job.scope
    memories = await run.context.memories.get(scope.project, ids)
    return [
        memory
        for memory in memories
        if memory.scope.user == scope.user
        and memory.kind in CORRECTED
        and memory.status is Status.ACTIVATED
    ]


async def _rewritten(
    run: JobRun, named: Sequence[Memory], old: str, new: str
) -> list[Draft]:
    """Every statement of the user that says `old`, saying `new`; those named first."""
    pattern = word_pattern(old)
    memories = (*named, *await _all_statements(run))
    distinct = {memory.id: memory for memory in memories}
    return [
        _reworded(memory, pattern, new, text)
        for memory in distinct.values()
        if (text := _text_replaced(memory, pattern, new)) != memory.text
    ]


def _text_replaced(memory: Memory, pattern: re.Pattern[str], new: str) -> str:
    said_at = datetime.fromtimestamp(_said_at(memory) / 1000, UTC)
    return replaced_words(memory.text, pattern, new, said_at)


def _said_at(memory: Memory) -> int:
    """When it was said, epoch milliseconds; when it was stored where nobody knows."""
    return memory.said_at or memory.created_at


def _reworded(memory: Memory, pattern: re.Pattern[str], new: str, text: str) -> Draft:
    """What takes the place of a memory: the same with its new text, as though that had
    been said then.
    """
    replaced = partial(pattern.sub, lambda _: new)
    happened_at = renewed_day(memory, text, _said_at(memory))
    return Draft(
        type=memory.type,
        text=text,
        title=renewed_title(memory, replaced(memory.title), text),
        tags=_tags_replaced(memory, replaced, text),
        confidence=CERTAIN,
        context=memory.context,
        reasoning=memory.reasoning,
        detail=_detail_replaced(memory, replaced, happened_at),
        origins=memory.origins,
        speaker=memory.speaker,
        subject=str(memory.detail.get(SUBJECT, "")),
        happened_at=happened_at,
        said_at=memory.said_at,
        superseding=(memory.id,),
    )


def _detail_replaced(
    memory: Memory, replaced: Callable[[str], str], happened_at: int
) -> dict[str, Any]:
    """What sort of statement it is, and about what; the last day of a period goes with
    the first.
    """
    detail = {key: memory.detail[key] for key in OF_STATEMENT if key in memory.detail}
    if happened_at != memory.happened_at:
        detail.pop(UNTIL, None)
    for key in {ABOUT, TOPIC} & detail.keys():
        detail[key] = replaced(str(detail[key]))
    return detail


def _tags_replaced(
    memory: Memory, replaced: Callable[[str], str], text: str
) -> tuple[str, ...]:
    """The tags with the new words, where they are made of the words of the text."""
    tags = [tag if tag == EVERY_ANSWER else replaced(tag) for tag in memory.tags]
    return renewed_tags(memory, tags, text)


async def _all_statements(run: JobRun) -> list[Memory]:
    scope, statements = run.job.scope, list[Memory]()
    for kind in CORRECTED:
        wanted = MemoryList(scope.project, scope.user, kind, newest_first=True)
        memories = await all_listed(run.context.memories, wanted)
        statements += [memory for memory in memories if not memory.is_record]
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
    drafts: list[Draft] = []
    for part in parts(corrected.statement):
        said = text if part == corrected.statement else part
        right = replace(corrected, statement=part)
        superseding = await superseded(run, named, said, right)
        if is_brief(part) and not superseding:
            continue  # nobody knows of what it tells
        statement = await _with_corrected(run, part, superseding)
        first, *rest = [
            replace(draft, confidence=CERTAIN)
            for draft in await _drafts(run, talk, statement)
        ]
        drafts += [replace(first, superseding=tuple(superseding)), *rest]
    return drafts


async def _with_corrected(run: JobRun, statement: str, ids: Sequence[str]) -> str:
    """The statement with what it corrects in front, where it does not say that itself."""
    lacks = lacks_subject(statement)
    if not ids or not (lacks or says_little(statement)):
        return statement
    wrong = await run.context.memories.get(run.job.scope.project, ids[:1])
    texts = [without_written_dates(plain(memory.text)) for memory in wrong]
    own = set(terms(without_denials(statement)))
    if not lacks and any(own & set(terms(text)) for text in texts):
        return statement
    return with_subject(statement, texts)


async def _drafts(run: JobRun, talk: Talk, statement: str) -> Sequence[Draft]:
    """What is remembered of a statement: all of it where the extractor sees no memory
    in it, for the user does.
    """
    message = replace(talk.messages[-1], text=statement)
    spoken_at = message.spoken_at
    extraction = await run.context.extractor.from_talk(
        replace(talk, messages=(message,))
    )
    if extraction.drafts:  # what corrects is no small talk, whatever it looks like
        return [replace(draft, only_as_change=False) for draft in extraction.drafts]
    origin, title = Origin(message_ids=(message.id,)), title_of(statement)
    said = resolve(statement, spoken_at)
    text = third_person(said)
    if not text or text == said:
        label = "用户：" if is_chinese(said) else "User: "
        text = label + said
    draft = Draft(Type.LONG_TERM, text, title, origins=(origin,))
    happened_at, said_at = named_day(statement, spoken_at), milliseconds(spoken_at)
    return (replace(draft, happened_at=happened_at, said_at=said_at),)
