"""Whether a memory says nothing that another one does not say: by its words in their
order, sentence by sentence.

It errs on the side of returning both: a repeat costs a place in the answer, a statement
taken for one is lost to whoever asks. One word more, less or elsewhere may deny it, name
somebody else or turn it round, in every language, so sentences are compared whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from shared.domain.memory import Memory
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
    is_event = EVENT in (view_of(memory), view_of(other))
    said, of_other = (
        _sentences(each.text if is_event else without_date(each.text))
        for each in (memory, other)
    )
    return bool(said) and _stands_in(said, of_other)


def _stands_in(part: Sequence[str], whole: Sequence[str]) -> bool:
    starts = range(len(whole) - len(part) + 1)
    return any(whole[start : start + len(part)] == part for start in starts)


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[str, ...]:
    """The words of each sentence that has any."""
    said = ((normal_words(each), is_question(each)) for each in sentences(text))
    return tuple(words + _ASKED * asked for words, asked in said if words)
