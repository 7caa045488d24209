"""Which matter a standing instruction is on: "answer in English" and 请用中文回答 share no
word and are on one matter, "answer in English" and "answer in one sentence" are not.

Of two instructions on one matter the newer one holds, those on different ones both do.
The matters are data, `instruction_matters.txt`; the nearest instruction there by the
embedder decides, where it is near enough and nearer than those on any other matter.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from shared.domain.memory import EVERY_ANSWER, Memory
from shared.ports import Embedder
from workers.pipeline.merge.bearings import Bearing, Pair
from workers.pipeline.merge.clauses import clauses

LEAST_COSINE = 0.5
"""Cosine to the nearest instruction from which its matter is that of another."""
LEAST_LEAD = 0.05
"""By how much it must be nearer than one on another matter. Of 96 instructions of the
behaviour suite the nearest one is on the right matter for all.
"""
ONCE = 0.8
"""Probability from which an instruction is for a single occasion and replaces nothing."""
SHARED = "~"
"""Mark of a matter on which several instructions may hold: the judge decides."""
_NAMED = ((re.compile(r"\bthe user\b", re.I), "me"), (re.compile("用户"), "我"))
REMEMBERED = 4096
"""Clauses whose matter is known without their vectors."""
_BATCH = 16

Floats = NDArray[np.float32]


async def settled_by_matter(
    pairs: Iterable[tuple[Memory, Memory]],
    bearings: Mapping[Pair, Bearing],
    embedder: Embedder,
) -> dict[Pair, Bearing]:
    """The bearings of newer standing instructions on older ones, (older, newer), as far
    as the matters of both are certain.
    """
    standing = [
        (old, new)
        for old, new in pairs
        if EVERY_ANSWER in old.tags and EVERY_ANSWER in new.tags
    ]
    texts: dict[str, None] = {}
    for memory in chain.from_iterable(standing):
        spans = clauses(memory.text)
        texts |= dict.fromkeys(memory.text[start:end] for start, end in spans)
    matter_of = await _matters(list(texts), embedder) if texts else {}
    settled: dict[Pair, Bearing] = {}
    for old, new in standing:
        before = bearings.get((old.id, new.id), Bearing(0.0, 1.0))
        bearing = _settled(old, new, matter_of, before)
        if bearing is not None:
            settled[old.id, new.id] = bearing
    return settled


def _settled(
    old: Memory, new: Memory, matter_of: Mapping[str, str], before: Bearing
) -> Bearing | None:
    """None where a matter is uncertain, and where the newer one is for once only."""
    spans = clauses(old.text)
    matters = [matter_of[old.text[start:end]] for start, end in spans]
    replacing = {matter_of[new.text[start:end]] for start, end in clauses(new.text)}
    replacing.discard("")
    if not replacing or not any(matters) or before.past >= ONCE:
        return None
    outdated = tuple(
        span for span, matter in zip(spans, matters, strict=True) if matter in replacing
    )
    if not outdated:
        return replace(before, change=0.0, outdated=(), whole=False)
    if all(matter.startswith(SHARED) for matter in replacing & set(matters)):
        return None
    held = any(matter and matter not in replacing for matter in matters)
    return replace(before, change=1.0, outdated=outdated, whole=not held)


async def _matters(texts: Sequence[str], embedder: Embedder) -> dict[str, str]:
    """The matter of each text, "" where it is not certain. What is asked of every answer
    is met again with each new instruction of its user: the latest are remembered.
    """
    before = {text: _latest().get((embedder.name, text)) for text in texts}
    missing = [text for text, matter in before.items() if matter is None]
    computed = await _nearest_matters(missing, embedder) if missing else {}
    matter_of = {text: before[text] or computed.get(text, "") for text in texts}
    _remember({(embedder.name, text): of for text, of in matter_of.items()})
    return matter_of


async def _nearest_matters(texts: Sequence[str], embedder: Embedder) -> dict[str, str]:
    vectors = await _vectors(embedder, list(map(_as_said, texts)))
    similar = vectors @ (await _examples(embedder)).T
    of = np.repeat(np.arange(len(matters())), [len(named) for _, named in matters()])
    result: dict[str, str] = {}
    for text, row in zip(texts, similar, strict=True):
        nearest = np.array([row[of == place].max() for place in range(len(matters()))])
        first, second = np.sort(nearest)[::-1][:2]
        is_certain = first >= LEAST_COSINE and first - second >= LEAST_LEAD
        result[text] = matters()[int(nearest.argmax())][0] if is_certain else ""
    return result


def _as_said(text: str) -> str:
    """What is asked in the words of whoever asks it."""
    for written, said in _NAMED:
        text = written.sub(said, text)
    return text


@cache
def matters() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The rows of `instruction_matters.txt`: matters with instructions on them."""
    text = files(__package__).joinpath("instruction_matters.txt").read_text("utf-8")
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    parted = (row.split(": ", 1) for row in rows)
    return tuple((matter, tuple(named.split(" / "))) for matter, named in parted)


async def _examples(embedder: Embedder) -> Floats:
    """The vectors of the rows; computed at first use."""
    computed = _computed()
    if embedder.name not in computed:
        named = list(chain.from_iterable(examples for _, examples in matters()))
        computed[embedder.name] = await _vectors(embedder, named)
    return computed[embedder.name]


async def _vectors(embedder: Embedder, texts: Sequence[str]) -> Floats:
    vectors: list[tuple[float, ...]] = []
    for start in range(0, len(texts), _BATCH):
        vectors += await embedder.passages(texts[start : start + _BATCH])
    return np.array(vectors, np.float32)


@cache
def _computed() -> dict[str, Floats]:
    return {}


@cache
def _latest() -> OrderedDict[tuple[str, str], str]:
    """The matters of the latest clauses, by the embedder's name and the clause."""
    return OrderedDict()


def _remember(matters: Mapping[tuple[str, str], str]) -> None:
    latest = _latest()
    for clause, matter in matters.items():
        latest[clause] = matter
        latest.move_to_end(clause)
    while len(latest) > REMEMBERED:
        latest.popitem(last=False)
