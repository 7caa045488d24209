"""Memories as of a moment: what held then is found, whatever became of it since."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.filter import CHANGED_BY, Condition
from shared.domain.memory import Kind, Lapse, LastChange, Status
from shared.domain.scope import Reach
from tests.contract.conftest import Stores
from tests.contract.test_memories import embedded, memory, recalled, texts

ARCHIVED = Status.ARCHIVED

HELD = {
    "said at 10": (10, 99),
    "created at 20": (20, 99),
    "said at 10, superseded at 30": (10, 30),
    "archived at 40 by an older release": (10, 40),
    "said first at 5": (5, 99),
    "forgotten": (0, 0),
}
"""From when until when."""


async def put_all(stores: Stores, project: str) -> None:
    lapsed = Lapse(20, 30)
    memories = [
        memory(project, "said at 10", said_at=10, created_at=50),
        memory(project, "created at 20", created_at=20),
        memory(
            project,
            "said at 10, superseded at 30",
            said_at=10,
            created_at=50,
            updated_at=60,
            status=ARCHIVED,
            valid_until=30,
        ),
        memory(
            project,
            "archived at 40 by an older release",
            said_at=10,
            updated_at=40,
            status=ARCHIVED,
        ),
        memory(project, "said first at 5", said_at=45, created_at=50, valid_from=5),
        memory(project, "said again", said_at=30, valid_from=10, lapses=(lapsed,)),
        memory(project, "forgotten", said_at=10, status=Status.FORGOTTEN),
        memory(project, "bob's", user="bob", said_at=10),
    ]
    await stores.memories.put([embedded(entry) for entry in memories])


@pytest.mark.parametrize("at", [4, 5, 9, 10, 19, 20, 29, 30, 39, 40, 98])
async def test_what_held_at_a_moment_is_found_and_listed(
    stores: Stores, project: str, at: int
) -> None:
    await put_all(stores, project)
    expected = {text for text, (first, end) in HELD.items() if first <= at < end}
    if at >= 10 and not 20 <= at < 30:
        expected.add("said again")
    reach = Reach(project, "ann", as_of=at)
    assert await recalled(stores, reach) == expected
    page, total = await stores.memories.page(project, "ann", Kind.FACT, 0, 9, as_of=at)
    assert (set(texts(page)), total) == (expected, len(expected))


async def test_it_expires_by_the_same_moment(stores: Stores, project: str) -> None:
    short = memory(project, "short", said_at=10, expires_at=20)
    await stores.memories.put([embedded(short)])
    assert await recalled(stores, Reach(project, "ann", as_of=19)) == {"short"}
    assert await recalled(stores, Reach(project, "ann", as_of=20)) == set()
    later = Reach(project, "ann", as_of=20, expired=True)
    assert await recalled(stores, later) == {"short"}


async def test_archiving_and_noting_keep_what_was_done_last(
    stores: Stores, project: str
) -> None:
    one = memory(project, "one", said_at=10)
    await stores.memories.put([embedded(one)])
    change = LastChange("task", {"status": "activated", "detail": {"a": [1]}})
    archived = replace(one, status=ARCHIVED, valid_until=20, last_change=change)
    await stores.memories.archive([archived])
    (read,) = await stores.memories.get(project, [one.id])
    assert (read.valid_until, read.last_change) == (20, change)
    await stores.memories.update_detail([one])
    (read,) = await stores.memories.get(project, [one.id])
    assert read.last_change == LastChange()


async def test_what_a_task_changed_last_is_listed(stores: Stores, project: str) -> None:
    by_task = LastChange("task", {"status": "activated"})
    memories = [
        memory(project, "archived by it", status=ARCHIVED, last_change=by_task),
        memory(project, "changed by it", last_change=by_task),
        memory(project, "changed by another", last_change=LastChange("other")),
        memory(project, "as it was stored"),
    ]
    await stores.memories.put([embedded(entry) for entry in memories])
    changed = Condition(CHANGED_BY, "eq", "task")
    listed = []
    for status in Status:
        page, _ = await stores.memories.page(
            project, "ann", None, 0, 9, changed, status, expired=True
        )
        listed += texts(page)
    assert sorted(listed) == ["archived by it", "changed by it"]
