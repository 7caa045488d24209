"""Whether a statement says the same as another one, a part of it, or all of it and more.
Pure functions on words.

They err on the side of keeping both: a duplicate costs a line, a wrong merge a memory.
"""

from __future__ import annotations

import re
from enum import StrEnum

from shared.language.lexical import without_date
from shared.language.words import terms

ALIKE = 0.85
"""Share of all words that two statements have in common at which they say the same,
when numbers agree too.
"""
FEWEST = 3
"""Words that a statement needs to be taken as part of another: of fewer, too much else
could contain them.
"""
_NUMBER = re.compile(r"\d+(?:[.:/-]\d+)*")


class Overlap(StrEnum):
    """What a new statement is to another one by its words."""

    NONE = "none"
    WITHIN = "contained"
    FULLER = "fuller"
    ALIKE = "alike"


def overlap(new: str, existing: str) -> Overlap:
    """How far the words of two statements are the same; NONE in doubt."""
    new, existing = without_date(new), without_date(existing)
    words, others = frozenset(terms(new)), frozenset(terms(existing))
    numbers, other_numbers = _numbers(new), _numbers(existing)
    common = len(words & others)
    if common < min(FEWEST, len(words | others)) or not common:
        return Overlap.NONE
    if common == len(words) and numbers <= other_numbers:
        return Overlap.WITHIN
    if common == len(others) and other_numbers <= numbers:
        return Overlap.FULLER
    if numbers == other_numbers and common >= ALIKE * len(words | others):
        return Overlap.ALIKE
    return Overlap.NONE


def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(text))
