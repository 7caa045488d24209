"""Notes on a memory of what has changed since: what else it tells stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.memory import Memory
from shared.domain.memory_detail import CHANGES
from shared.language.change_notes import TAIL
from shared.language.sentences import sentence_spans
from shared.language.words import terms


def annotated_by(memory: Memory, id: str) -> bool:
    """Whether a memory is marked with what the memory of this id says."""
    return any(change["by"] == id for change in memory.detail.get(CHANGES, ()))


def annotated(
    memory: Memory, outdated: Sequence[tuple[int, int]], by: Memory, at: int
) -> Memory:
    """The memory with a change noted behind what is outdated
    (`shared.language.change_notes`); its text stays as it was said. `outdated`: where
    the clauses stand that hold no more; `at`: epoch milliseconds.
    """
    first = outdated[0][0] if outdated else 0
    end = max((end for _, end in outdated), default=len(memory.text))
    change = {
        "by": by.id,
        "said_at": by.said_at,
        "start": first,
        "end": end,
        "was": memory.text[:end][-TAIL:],
        "part": _telling_part(by.text, memory.text[first:end]),
    }
    return replace(
        memory,
        detail={**memory.detail, CHANGES: [*memory.detail.get(CHANGES, ()), change]},
        updated_at=at,
    )


def _telling_part(text: str, outdated: str) -> list[int]:
    """Where the sentence of a text stands that has most words of what is outdated."""
    words = set(terms(outdated))
    spans = sentence_spans(text) or [(0, len(text))]
    return list(
        max(spans, key=lambda span: len(words & set(terms(text[slice(*span)]))))
    )
