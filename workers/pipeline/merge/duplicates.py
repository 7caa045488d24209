"""Whether a statement says the same as another one, a part of it, or all of it and more.
Pure functions on words.

They err on the side of keeping both: a duplicate costs a line, a wrong merge a memory. A
word more or less within a clause may deny it in some language, so clauses are compared
whole.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from shared.language.lexical import without_date
from shared.language.normal_words import normal_words
from shared.language.words import terms
from workers.pipeline.merge.clauses import all_clauses, question_span

FEWEST = 3
"""Words that a statement needs to be taken as part of another: of fewer, too much else
could contain them.
"""
KEPT = 4096
"""Texts whose clauses are kept: a user's memories are compared with each new one."""
_LIGHT = frozenset("a an the that and also too just really very".split())
"""Words that make no difference."""


class Overlap(StrEnum):
    """What a new statement is to another one by its words."""

    NONE = "none"
    WITHIN = "contained"
    FULLER = "fuller"


def overlap(new: str, existing: str) -> Overlap:
    """Whether every clause of the one is a clause of the other; NONE in doubt."""
    if _opening(new) != _opening(existing):
        return Overlap.NONE
    own, others = _clauses(new), _clauses(existing)
    if own <= others and _is_telling(new):
        return Overlap.WITHIN
    if others < own and _is_telling(existing):
        return Overlap.FULLER
    return Overlap.NONE


@lru_cache(maxsize=KEPT)
def _clauses(text: str) -> frozenset[tuple[str, ...]]:
    keys = (_key(text[start:end]) for start, end in all_clauses(text))
    return frozenset(filter(None, keys))


def _key(words: str) -> tuple[str, ...]:
    return tuple(word for word in normal_words(words).split() if word not in _LIGHT)


@lru_cache(maxsize=KEPT)
def _opening(text: str) -> tuple[str, ...]:
    """What stands before the clauses: a name or heading, and the question that is
    answered. The same words under another one say something else.
    """
    return _key(text[: question_span(text)[1]])


def _is_telling(text: str) -> bool:
    return len(set(terms(without_date(text)))) >= FEWEST
