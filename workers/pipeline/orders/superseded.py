"""Which memories a correction by hand makes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from shared.domain.memory import Kind, Memory
from shared.language.lexical import without_written_dates
from shared.language.words import terms
from workers.pipeline.corrections import Correction, denied, without_denials
from workers.pipeline.job_run import JobRun
from workers.pipeline.orders.matching import plain
from workers.pipeline.orders.subject import lacks_subject
from workers.pipeline.orders.topics import topics_of
from workers.pipeline.orders.whose import ANOTHERS, of_others

NEAREST = 8
"""Memories of each kind that are near in meaning to a correction and may be wrong."""
KINDS = (Kind.FACT, Kind.PREFERENCE)
DENIED = 0.3
"""Nearness from which a memory that says what is denied is about the same."""
WRONG, LIKELY_WRONG = 0.5, 0.3
"""Nearness from which the nearest memory is what is wrong, and from which it is where
the judge finds a change, too.
"""
CHANGED = 0.5
"""Probability of a change from which the judge finds one."""
TELLING = 3
"""Index terms from which a correction says what it is about."""


async def superseded(
    run: JobRun, named: Sequence[Memory], text: str, corrected: Correction
) -> list[str]:
    """The ids of memories that are wrong by what feedback says: those that say what it
    denies; where there is none and it says that something is wrong, the nearest one of
    the same holder. `named`: those that the feedback is about.
    """
    near = await _nearness(run, named, corrected.statement)
    denials = [terms(words) for words in denied(text)]
    ids = {memory.id for memory in named}
    wrong = [
        memory.id
        for memory, nearness in near
        if (memory.id in ids or nearness >= DENIED) and _says_any(memory, denials)
    ]
    if not wrong and denials and says_little(corrected.statement):
        wrong = [memory.id for memory, _ in near if _says_any(memory, denials)][:1]
    if wrong or not corrected.denies:
        return wrong
    if not ids and lacks_subject(corrected.statement):
        wrong = await _judged_wrong(run, near, (text, corrected.statement))
    if wrong:
        return wrong
    nearest = await _of_same_holder(run, near, corrected.statement)
    if nearest is None:
        return []
    memory, nearness = nearest
    if nearness >= WRONG or memory.id in ids:
        return [memory.id]
    [judged] = await run.context.judge.judge([(plain(memory.text), text)])
    is_wrong = nearness >= LIKELY_WRONG and judged.change >= CHANGED
    return [memory.id] if is_wrong else []


def says_little(statement: str) -> bool:
    """Whether a correction does not say what it is about: "it's Thursdays, not
    Wednesdays".
    """
    return len(set(terms(without_denials(statement)))) < TELLING


async def _nearness(
    run: JobRun, named: Sequence[Memory], statement: str
) -> list[tuple[Memory, float]]:
    """The memories that may be meant, the nearest ones first."""
    context = run.context
    vectors = await context.embedder.passages([statement])
    candidates = {memory.id: memory for memory in named}
    for kind in KINDS:
        similar = await context.memories.similar(run.job.scope, kind, vectors, NEAREST)
        candidates |= {match.memory.id: match.memory for match in similar[0]}
    memories = list(candidates.values())
    if not memories:
        return []
    texts = [without_written_dates(plain(memory.text)) for memory in memories]
    stored = np.array(await context.embedder.passages(texts), np.float32)
    topics = await topics_of(context.embedder)
    cosines = stored @ np.array(vectors[0], np.float32)
    near = [float(value) for value in topics.nearness(cosines)]
    pairs = list(zip(memories, near, strict=True))
    return sorted(pairs, key=lambda pair: pair[1], reverse=True)


async def _judged_wrong(
    run: JobRun, near: Sequence[tuple[Memory, float]], texts: Sequence[str]
) -> list[str]:
    """The nearest memory that the judge finds changed by any of the texts, which do not say
    of whom or what they tell.
    """
    likely = [memory for memory, nearness in near if nearness >= LIKELY_WRONG]
    pairs = [(plain(memory.text), text) for memory, text in product(likely, texts)]
    judged = await run.context.judge.judge(pairs) if pairs else []
    for place, memory in enumerate(likely):
        own = judged[place * len(texts) : (place + 1) * len(texts)]
        if max(judgement.change for judgement in own) >= CHANGED:
            return [memory.id]
    return []


async def _of_same_holder(
    run: JobRun, near: Sequence[tuple[Memory, float]], statement: str
) -> tuple[Memory, float] | None:
    """The nearest memory that is about the same person: the user, or another."""
    texts = [statement, *(plain(memory.text) for memory, _ in near)]
    likely = await of_others(run.context.reader, texts)
    first, *are_others = (probability >= ANOTHERS for probability in likely)
    for pair, is_others in zip(near, are_others, strict=True):
        if is_others == first:
            return pair
    return None


def _says_any(memory: Memory, denials: Sequence[Sequence[str]]) -> bool:
    """Whether a memory has the words of a denial beside each other: "not 3 to 6" is not
    said of "day 3: museums, day 6: flight".
    """
    words = terms(memory.text)
    return any(denial and _has_run(words, denial) for denial in denials)


def _has_run(words: Sequence[str], run: Sequence[str]) -> bool:
    size = len(run)
    starts = range(len(words) - size + 1)
    return any(list(words[start : start + size]) == list(run) for start in starts)
