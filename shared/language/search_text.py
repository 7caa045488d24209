"""By which words a memory is found: the same however it came to be."""

from __future__ import annotations

from shared.domain.memory import Kind, Memory, SparseVector
from shared.language.lexical import weigh, without_date

_REPLIES = frozenset({Kind.FACT, Kind.PREFERENCE})


def searched_text(memory: Memory) -> str:
    """What is embedded of a memory: of a statement also what it replies to (of a
    choice: what was asked for), not the day it was said on.
    """
    text = without_date(memory.text)
    return (
        f"{memory.context}\n{text}"
        if memory.context and memory.kind in _REPLIES
        else text
    )


def searched_words(memory: Memory) -> SparseVector:
    """Its lexical vector; its tags help to find it."""
    return weigh(without_date(memory.text), " ".join((memory.context, *memory.tags)))
