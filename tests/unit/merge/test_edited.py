"""Merging with memories that were edited by hand: they keep the id of their first words."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.job import Outcome
from shared.domain.memory import LastChange, Status
from shared.memory_change import BY_HAND
from tests.fakes.judge import ScriptedJudge
from tests.unit.merge.store import Store, fact, outcomes

BERLIN, MUNICH = "The user lives in Berlin.", "The user lives in Munich."
FLAT = "The user has a flat in Berlin."
SAID, EDITED, AGAIN = 1_000, 2_000, 3_000


async def edited_store(status: Status = Status.ACTIVATED) -> Store:
    """One who lived in Berlin, which was edited to Munich, as update/memory does it."""
    store = Store(ScriptedJudge({(MUNICH, BERLIN): "update"}))
    await store.add(fact(BERLIN, SAID))
    [entry] = store.all()
    edited = replace(
        entry.memory,
        text=MUNICH,
        valid_from=EDITED,
        status=status,
        last_change=LastChange(BY_HAND),
    )
    await store.memories.put([replace(entry, memory=edited)])
    return store


async def test_what_is_said_again_after_an_edit_is_kept() -> None:
    store = await edited_store()
    merged = await store.add(fact(BERLIN, AGAIN))
    assert outcomes(merged) == [Outcome.SUPERSEDED]
    assert store.texts() == [BERLIN] and store.archived() == [MUNICH]


async def test_said_a_third_time_it_is_the_same_as_the_second() -> None:
    store = await edited_store()
    await store.add(fact(BERLIN, AGAIN))
    merged = await store.add(fact(BERLIN, AGAIN + 1))
    assert outcomes(merged) == [Outcome.MERGED]
    assert store.texts() == [BERLIN] and store.one(BERLIN).said_at == AGAIN + 1


async def test_an_edited_memory_in_the_archive_keeps_its_words() -> None:
    store = await edited_store(Status.ARCHIVED)
    await store.add(fact(BERLIN, AGAIN))
    assert store.texts() == [BERLIN] and store.archived() == [MUNICH]


async def test_what_was_said_before_the_edit_changes_nothing() -> None:
    store = await edited_store()
    store.judge.script[(FLAT, BERLIN)] = "update"
    await store.add(fact(FLAT, SAID))
    for said_at in (SAID, EDITED - 1):
        before = store.one(MUNICH)
        merged = await store.add(fact(BERLIN, said_at))
        assert outcomes(merged) == [Outcome.MERGED]
        assert store.one(MUNICH) == before
