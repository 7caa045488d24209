"""The profile of an owner: the fields of templates and of edits, and what the owner's
memories say for certain (`shared.language.personal_facts`).

Nothing is stored for the second part: it is read from the memories that hold now, so
merging keeps it current, and what is forgotten is in no profile any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.gateway.context.request_context import RequestContext
from services.gateway.memories.newer_memories import View, newer_within
from shared.domain.filter import Condition, Filter, Filters, Group
from shared.domain.memory import Kind, Memory, Status, Type
from shared.domain.memory_detail import CHANGES, PRESENT
from shared.domain.profile import FIELD, LOCK, PROFILE_TAG, TEMPLATE, value_of
from shared.domain.scope import Reach
from shared.language.personal_facts import ATTRIBUTES, SINGLE, PersonalFact
from shared.language.profile_fields import attribute_of_field, stated_of_user

MOST = 200
"""Latest memories of a kind that are read for a profile."""
SOURCES = (Kind.FACT, Kind.PREFERENCE)
"""Kinds of memories that a profile is made of."""
BASIC = "basic"
"""The category of what is read from memories without a template."""


@dataclass(frozen=True, slots=True)
class ProfileEntry:
    """One attribute of an owner."""

    path: str
    """Category and name, with dots: "basic.city"."""
    value: str
    memory: Memory
    """Where it stands, or was read."""
    template: str = ""
    """"" for what was read from memories."""
    updatable: bool = True
    """Whether what is said may change it."""


async def known_profile(
    context: RequestContext,
    owner: str,
    filters: Filters = Filters(),
    kinds: Collection[Kind] = SOURCES,
) -> list[ProfileEntry]:
    """Fields first, then what is read from memories and stands in no field. A filter holds
    for both: a field that was set for no agent is in no view of one agent. `kinds`: of
    what it may be made; fields are facts. Raises `BadRequest` for a filter with a
    comparison that its field does not have.
    """
    said = await _memories(context, owner, filters)
    memories = [memory for memory in said if memory.kind in kinds]
    fields = [field_entry(memory) for memory in memories if is_field(memory)]
    covered = {attribute_of_field(entry.path) for entry in fields}
    statements = [memory for memory in memories if not is_field(memory)]
    read = [
        e
        for e in certain_entries(statements)
        if attribute_of_field(e.path) not in covered
    ]
    return [*fields, *read]


def is_field(memory: Memory) -> bool:
    """Whether a memory is a field of a profile."""
    return PROFILE_TAG in memory.tags and FIELD in memory.info


def field_entry(memory: Memory) -> ProfileEntry:
    """The entry that a field of a profile is."""
    path = str(memory.info[FIELD])
    return ProfileEntry(
        path=path,
        value=value_of(memory),
        memory=memory,
        template=str(memory.info.get(TEMPLATE, "")),
        updatable=bool(memory.info.get(LOCK, True)),
    )


def certain_entries(memories: Iterable[Memory]) -> list[ProfileEntry]:
    """What memories say for certain of their owner: of each attribute the value that
    was stated last, of those with several all.
    """
    entries: dict[tuple[str, str], ProfileEntry] = {}
    for memory in sorted(memories, key=_stated_at, reverse=True):
        for fact in stated_of_user(memory):
            is_single = fact.attribute in SINGLE
            key = (fact.attribute, "" if is_single else fact.value.lower())
            if key not in entries and not _is_outdated(memory, fact):
                path = f"{BASIC}.{fact.attribute}"
                entries[key] = ProfileEntry(path, fact.value, memory)
    return sorted(entries.values(), key=_place)


def _place(entry: ProfileEntry) -> int:
    attribute = entry.path.removeprefix(f"{BASIC}.")
    is_listed = attribute in ATTRIBUTES
    return ATTRIBUTES.index(attribute) if is_listed else len(ATTRIBUTES)


def _stated_at(memory: Memory) -> tuple[int, int]:
    return memory.said_at or memory.created_at, memory.created_at


def _is_outdated(memory: Memory, fact: PersonalFact) -> bool:
    """Whether the value stands in a clause that holds no more, or in what is past."""
    at = memory.text.find(fact.value)
    changes = memory.detail.get(CHANGES, ())
    is_past = bool(memory.detail.get(PRESENT))
    return is_past or any(
        change.get("start", 0) <= at < change.get("end", len(memory.text))
        for change in changes
    )


async def _memories(
    context: RequestContext, owner: str, filters: Filters
) -> list[Memory]:
    """The owner's own statements: traits, the latest facts and preferences, and what has
    changed them.
    """
    store, project = context.ports.memories, context.project
    only = filters.user
    traits: Filter = Condition("memory_type", "eq", Type.USER.value)
    traits = Group("and", (traits, only)) if only else traits
    pages = await asyncio.gather(
        store.page(project, owner, Kind.FACT, 0, MOST, traits),
        store.page(project, owner, Kind.FACT, 0, MOST, only),
        store.page(project, owner, Kind.PREFERENCE, 0, MOST, only),
    )
    own = {memory.id: memory for memory in _own(pages)}
    view = View(Reach(project, owner), filters)
    newer = await newer_within(list(own.values()), view, store)
    current = {
        id: memory
        for id, memory in newer.quotable.items()
        if memory.status is Status.ACTIVATED and memory.scope.user == owner
    }
    return list((own | current).values())


def _own(pages: Sequence[tuple[list[Memory], int]]) -> Iterator[Memory]:
    """What was said: not what stands in files, and not yet the raw words."""
    for memories, _ in pages:
        for memory in memories:
            is_read = any(origin.file or origin.source for origin in memory.origins)
            if not (memory.fast or is_read):
                yield memory
