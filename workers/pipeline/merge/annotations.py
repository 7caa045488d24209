"""Notes on a memory of what has changed since: what else it tells stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from shared.domain.memory import Memory
from shared.domain.memory_detail import CHANGES, NOTES
from shared.language.change_notes import TAIL
from shared.language.sentences import sentence_spans
from shared.language.words import terms
from workers.pipeline.merge.bearings import Bearing
from workers.pipeline.merge.clauses import clauses, question_span
from workers.pipeline.merge.telling import says_little_else


def annotated_by(memory: Memory, id: str, keys: Sequence[str] = NOTES) -> bool:
    """Whether what the memory of this id says is noted of a memory."""
    notes = chain.from_iterable(memory.detail.get(key, ()) for key in keys)
    return any(note["by"] == id for note in notes)


def annotated(
    memory: Memory, bearing: Bearing, by: Memory, key: str = CHANGES
) -> Memory:
    """The memory with a change noted behind what is outdated
    (`shared.language.change_notes`); its text stays as it was said.
    """
    outdated = bearing.outdated
    first = outdated[0][0] if outdated else 0
    end = max((end for _, end in outdated), default=len(memory.text))
    change = {
        "by": by.id,
        "said_at": by.said_at,
        "likelihood": round(bearing.change, 3),
        "start": first,
        "end": end,
        "says_more": _says_more(memory, bearing, by),
        "was": memory.text[:end][-TAIL:],
        "part": _telling_part(by.text, memory.text[first:end], bearing.said),
    }
    changes = [*memory.detail.get(key, ()), change]
    return replace(memory, detail={**memory.detail, key: changes})


def _says_more(memory: Memory, bearing: Bearing, by: Memory) -> bool:
    """Whether what is outdated is all of a memory and yet tells of other things: recall
    must not take any question about it for one about the change.
    """
    if bearing.whole or len(bearing.outdated) < len(clauses(memory.text)):
        return False
    return not says_little_else(memory.text, by.text)


def _telling_part(text: str, outdated: str, said: str) -> list[int]:
    """Where the sentence of a text stands that was found to change something, else the
    one behind its question that has most words of what is outdated.
    """
    at = text.find(said) if said else -1
    if at >= 0:
        return [at, at + len(said)]
    words = set(terms(outdated))
    start = question_span(text)[1]
    spans = [
        (start + first, start + last) for first, last in sentence_spans(text[start:])
    ] or [(0, len(text))]
    return list(
        max(spans, key=lambda span: len(words & set(terms(text[slice(*span)]))))
    )
