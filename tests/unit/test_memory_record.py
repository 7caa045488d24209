"""How a memory is stored: without what it does not have, and none the worse for it."""

from __future__ import annotations

from dataclasses import replace

from shared.adapters.qdrant.records import MEMORY
from shared.domain.identity import computed_id
from shared.domain.memory import LastChange, Memory, Origin, Type
from shared.domain.scope import Scope

BARE = Memory(computed_id("m"), Scope("p", "ana"), Type.WORKING, "Ana likes tea.")
FULL = replace(
    BARE,
    title="Tea",
    tags=("drinks",),
    info={"shop": "corner"},
    context="What do you drink?",
    origins=(Origin(("id",)),),
    replaced=("older",),
    valid_until=9,
    last_change=LastChange("task"),
)


def test_what_a_memory_lacks_is_not_stored() -> None:
    may_lack = {"info", "origins", "valid_until", "marks", "last_change"}
    assert not may_lack & MEMORY.payload(BARE).keys()
    assert may_lack <= MEMORY.payload(FULL).keys()


def test_both_come_back_as_they_were() -> None:
    for memory in (BARE, FULL):
        assert MEMORY.value(MEMORY.payload(memory)) == memory


def test_what_searches_ask_for_is_stored_empty_too() -> None:
    stored = MEMORY.payload(BARE)
    assert (stored["knowledge_base"], stored["fast_of"]) == ("", "")


def test_a_field_that_is_taken_away_is_written() -> None:
    assert MEMORY.fields(BARE, ("replaced", "valid_until")) == {
        "replaced": [],
        "valid_until": 0,
    }
