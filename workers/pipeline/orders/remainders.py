"""What memories say besides what is to be forgotten, each part in the place of its memory:
earlier versions of one belong to what stays of that, and stand in its history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from shared.domain.memory import Memory
from shared.domain.memory_detail import VERSION_OF
from shared.language.lexical import without_date
from workers.pipeline.orders.remainder import remainder, remaining_text
from workers.pipeline.orders.telling_words import Named


def remainders(
    memories: Sequence[Memory],
    things: Sequence[Named],
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
    memory: Memory, things: Sequence[Named], meant_clauses: Collection[str]
) -> Memory | None:
    """The memory without anything of all that is named; None where nothing stays, or
    where it is meant by its meaning.
    """
    text = whole = without_date(memory.text)
    for thing in things:
        said = remaining_text(text, thing, meant_clauses)
        if said == "":
            return None
        text = said or text
    return None if text == whole else remainder(memory, text)


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
