"""What every AuditTrail promises."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from shared.domain.audit import AuditEntry
from tests.contract.conftest import Stores


def entry(project: str, at: int, **more: object) -> AuditEntry:
    made = AuditEntry(str(uuid4()), project, at, "POST /add/message", 200, "a-key")
    return replace(made, **more)


async def test_the_latest_come_first(stores: Stores, project: str) -> None:
    entries = [entry(project, at) for at in (2, 1, 3)]
    await stores.audit.put([*entries, entry(f"{project}-2", 9)])
    listed = await stores.audit.latest(project, 10)
    assert listed == sorted(entries, key=lambda e: -e.at)
    assert [e.at for e in await stores.audit.latest(project, 2)] == [3, 2]
    assert [e.at for e in await stores.audit.latest(project, 9, before=3)] == [2, 1]
    assert await stores.audit.latest(f"{project}-3", 10) == []


async def test_those_of_a_user_or_a_key(stores: Stores, project: str) -> None:
    of_ana = entry(project, 1, users=("ana", "ben"), key_name="ci", objects=("x",))
    by_other = entry(project, 2, key="other", users=("ben",), request="r-1")
    await stores.audit.put([of_ana, by_other])
    assert await stores.audit.latest(project, 9, user="ana") == [of_ana]
    assert await stores.audit.latest(project, 9, user="ben") == [by_other, of_ana]
    assert await stores.audit.latest(project, 9, key="other") == [by_other]
    assert await stores.audit.latest(project, 9, user="ana", key="other") == []


async def test_a_user_s_id_is_written_over(stores: Stores, project: str) -> None:
    both = entry(project, 1, users=("ana", "ben"), objects=("x", "ana"))
    of_ben = entry(project, 2, users=("ben",))
    elsewhere = entry(f"{project}-2", 3, users=("ana",))
    await stores.audit.put([both, of_ben, elsewhere])
    await stores.audit.rename(project, "ana", "a-digest")
    renamed = replace(both, users=("a-digest", "ben"), objects=("x", "a-digest"))
    assert await stores.audit.latest(project, 9) == [of_ben, renamed]
    assert await stores.audit.latest(project, 9, user="a-digest") == [renamed]
    assert await stores.audit.latest(f"{project}-2", 9) == [elsewhere]


async def test_those_up_to_a_moment_are_forgotten(stores: Stores, project: str) -> None:
    elsewhere, later = entry(f"{project}-2", 1), entry(project, 3)
    await stores.audit.put([entry(project, 1), entry(project, 2), later, elsewhere])
    await stores.audit.forget(project, 2)
    assert await stores.audit.latest(project, 9) == [later]
    assert await stores.audit.latest(f"{project}-2", 9) == [elsewhere]


async def test_only_the_latest_stay(stores: Stores, project: str) -> None:
    other = entry(f"{project}-2", 1)
    await stores.audit.put([*(entry(project, at) for at in range(1, 8)), other])
    await stores.audit.trim(project, 7)
    assert len(await stores.audit.latest(project, 99)) == 7
    await stores.audit.trim(project, 3)
    assert [e.at for e in await stores.audit.latest(project, 99)] == [7, 6, 5]
    assert await stores.audit.latest(f"{project}-2", 99) == [other]
