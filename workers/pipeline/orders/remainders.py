"""What memories say besides what is to be forgotten, each part in the place of its memory:
earlier versions of one belong to what stays of that, and stand in its history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from shared.domain.memory import Memory
from shared.domain.memory_detail import VERSION_OF
from workers.pipeline.orders.remainder import remainder, remainder_id
from workers.pipeline.orders.telling_words import Named
from workers.pipeline.orders.wordings import Language

Thing = tuple[Named, Language]
"""What is named, and in which language."""


def remainders(
    memories: Sequence[Memory],
    things: Sequence[Thing],
    meant_clauses: Collection[str] = (),
) -> list[Memory]:
    """What stays of memories that go, where there is something. Of what a memory said
    before it was changed by hand nothing stays where nothing of the memory does.
    `meant_clauses`: those that are meant without the words of what is named.
    """
    parts: dict[str, Memory] = {}
    for memory in memories:
        part = _without(memory, things, meant_clauses)
        if part is not None:
            parts[memory.id] = part
    going = {memory.id for memory in memories}
    while lost := _without_memory(parts, going):
        parts = {id: part for id, part in parts.items() if id not in lost}
    return [
        _in_its_place(memory, parts, going) for memory in memories if memory.id in parts
    ]


def _without(
    memory: Memory, things: Sequence[Thing], meant_clauses: Collection[str]
) -> Memory | None:
    """The memory without anything of all that is named; None where nothing stays, or
    where it is meant by its meaning.
    """
    part = memory
    for thing, language in things:
        rest = remainder(part, thing, language, meant_clauses)
        has_it = thing.is_said_in(part.text) or _has_any(part, meant_clauses)
        if rest is None and has_it:
            return None
        part = rest or part
    if part is memory:
        return None
    # However many things were taken out, and in which order.
    return replace(part, id=remainder_id(memory, part.text))


def _has_any(memory: Memory, meant_clauses: Collection[str]) -> bool:
    """Whether a memory has a clause that is meant."""
    return any(clause in memory.text for clause in meant_clauses)


def _without_memory(parts: Mapping[str, Memory], going: set[str]) -> set[str]:
    """The ids of versions whose memory goes as a whole."""
    return {
        id
        for id, part in parts.items()
        if (of := part.detail.get(VERSION_OF)) in going and of not in parts
    }


def _in_its_place(
    memory: Memory, parts: Mapping[str, Memory], going: set[str]
) -> Memory:
    """What stays of a memory, with the history that stays."""
    part = parts[memory.id]
    of = parts.get(str(memory.detail.get(VERSION_OF, "")))
    detail = {**part.detail, VERSION_OF: of.id} if of is not None else part.detail
    history = [
        parts[id].id if id in parts else id
        for id in memory.replaced
        if id in parts or id not in going
    ]
    return replace(part, replaced=tuple(history), detail=detail)
