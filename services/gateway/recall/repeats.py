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
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from shared.domain.memory import Memory
from shared.domain.memory_detail import CHANGES, LIKELY_CHANGES
from shared.language.fact_views import EVENT, view_of
from shared.language.lexical import without_date
from shared.language.normal_words import normal_words
from shared.language.sentences import is_question, sentences

_ASKED = " ?"
"""Behind the words of a question: asked is not said."""


@dataclass(frozen=True)
class Said:
    """A memory with what it is compared by, each computed once: a memory is compared with
    all that are better.
    """

    memory: Memory

    @cached_property
    def is_event(self) -> bool:
        """Whether it tells of something that happened on a day."""
        return view_of(self.memory) == EVENT

    @cached_property
    def with_day(self) -> tuple[str, ...]:
        """The words of its sentences, and the day at its end."""
        return _sentences(self.memory.text)

    @cached_property
    def without_day(self) -> tuple[str, ...]:
        """The same without the day that it was said on."""
        return _sentences(without_date(self.memory.text))

    @cached_property
    def words(self) -> list[str]:
        """All of its words but that day."""
        return normal_words(without_date(self.memory.text)).split()

    @cached_property
    def changed_by(self) -> frozenset[str]:
        """The ids of what has changed it, or likely has."""
        detail = self.memory.detail
        notes = chain(*(detail.get(key, ()) for key in (CHANGES, LIKELY_CHANGES)))
        return frozenset(change["by"] for change in notes)


def repeats(said: Said, other: Said) -> bool:
    """Whether another memory has all sentences of a memory, one after the other, and
    both are of the same speaker. What happened on another day happened again; of all
    else the day it was said on makes no difference.
    """
    if said.memory.speaker != other.memory.speaker:
        return False
    if other.memory.id in said.changed_by and _quotes(other, said):
        return True
    if said.is_event or other.is_event:
        return _stands_in(said.with_day, other.with_day)
    return _stands_in(said.without_day, other.without_day)


def _quotes(newer: Said, said: Said) -> bool:
    """Whether it has all words of another memory, in their order."""
    rest = iter(newer.words)
    return bool(said.words) and all(word in rest for word in said.words)


def _stands_in(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether there is a part, and the whole has it, one sentence after the other."""
    if not part or part[0] not in whole:
        return False
    starts = range(len(whole) - len(part) + 1)
    return any(whole[start : start + len(part)] == part for start in starts)


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[str, ...]:
    """The words of each sentence that has any."""
    said = ((normal_words(part), is_question(part)) for part in sentences(text))
    return tuple(words + _ASKED * asked for words, asked in said if words)
