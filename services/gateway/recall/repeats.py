"""Whether a memory says nothing that another one does not say: by its words in their
order, sentence by sentence.

It errs on the side of returning both: a repeat costs a place in the answer, a statement
taken for one is lost to whoever asks. One word more, less or elsewhere may deny it, name
somebody else or turn it round, in every language, so sentences are compared whole. Only where merging has
noted that the other one is newer and likely changed this one its words may stand between
others: "I live in Leipzig" within "I live no longer in Leipzig but in Halle".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from shared.domain.memory import Memory
from shared.domain.memory_detail import CHANGES, LIKELY_CHANGES
from shared.language.fact_views import EVENT, view_of
from shared.language.lexical import without_date
from shared.language.normal_words import normal_words
from shared.language.sentences import is_question, sentences

_ASKED = " ?"
"""Behind the words of a question: asked is not said."""


def repeats(memory: Memory, other: Memory) -> bool:
    """Whether another memory has all sentences of a memory, one after the other, and
    both are of the same speaker. What happened on another day happened again; of all
    else the day it was said on makes no difference.
    """
    if memory.speaker != other.speaker:
        return False
    if _is_changed_by(memory, other) and _quotes(other, memory):
        return True
    is_event = EVENT in (view_of(memory), view_of(other))
    said, of_other = (
        _sentences(statement.text if is_event else without_date(statement.text))
        for statement in (memory, other)
    )
    return bool(said) and _stands_in(said, of_other)


def _is_changed_by(memory: Memory, other: Memory) -> bool:
    notes = chain(*(memory.detail.get(key, ()) for key in (CHANGES, LIKELY_CHANGES)))
    return any(change["by"] == other.id for change in notes)


def _quotes(newer: Memory, memory: Memory) -> bool:
    """Whether it has all words of another memory, in their order."""
    words, of_newer = (
        normal_words(without_date(statement.text)).split()
        for statement in (memory, newer)
    )
    rest = iter(of_newer)
    return bool(words) and all(word in rest for word in words)


def _stands_in(part: Sequence[str], whole: Sequence[str]) -> bool:
    starts = range(len(whole) - len(part) + 1)
    return any(whole[start : start + len(part)] == part for start in starts)


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[str, ...]:
    """The words of each sentence that has any."""
    said = ((normal_words(part), is_question(part)) for part in sentences(text))
    return tuple(words + _ASKED * asked for words, asked in said if words)
