"""By which words a memory is found: the same however it came to be."""

from __future__ import annotations

from shared.domain.memory import Kind, Memory, SparseVector
from shared.language.lexical import weigh, without_date


def searched_text(memory: Memory) -> str:
    """What is embedded of a memory: its words without the day they were said on, and of
    a choice what had been asked for. What a fact replies to is found by its words alone:
    embedded with it, it hides what the fact says.
    """
    text = without_date(memory.text)
    if memory.context and memory.kind is Kind.PREFERENCE:
        return f"{memory.context}\n{text}"
    return text


def searched_words(memory: Memory) -> SparseVector:
    """Its lexical vector; its tags help to find it."""
    return weigh(without_date(memory.text), " ".join((memory.context, *memory.tags)))
