"""Everything that lasts, point by point."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest
from qdrant_client import AsyncQdrantClient

from shared.adapters.qdrant.collections import prepare
from shared.adapters.qdrant.points import QdrantPoints
from shared.adapters.qdrant.records import MEMORY
from shared.adapters.qdrant.store_state import QdrantStoreState
from shared.domain.identity import computed_id
from shared.domain.memory import Memory, SparseVector, Type
from shared.domain.scope import Scope
from shared.domain.stored_point import StoredPoint
from shared.domain.vector_space import DENSE, SIZE
from shared.ports import Points, StoreState
from tests.contract.conftest import IMPLEMENTATIONS, drop, url_of
from tests.fakes.points import FakePoints
from tests.fakes.store_state import FakeStoreState

MANY = 600
"""More than two requests."""


@dataclass(frozen=True)
class Whole:
    points: Points
    state: StoreState


@pytest.fixture(params=IMPLEMENTATIONS)
async def whole(request: pytest.FixtureRequest) -> AsyncIterator[Whole]:
    if request.param == "fake":
        yield Whole(FakePoints(), FakeStoreState())
        return
    url, prefix = url_of(request.param, request), f"test_{uuid4().hex}"
    client = AsyncQdrantClient(url=url, timeout=60)
    await prepare(client, prefix)
    yield Whole(QdrantPoints(client, prefix), QdrantStoreState(client, prefix))
    await client.close()
    await drop(url, prefix)


def memory(text: str, project: str = "p") -> StoredPoint:
    value = Memory(
        computed_id(project, text), Scope(project, "ana"), Type.WORKING, text
    )
    dense = (1.0,) + (0.0,) * (SIZE - 1)
    return StoredPoint(
        value.id, MEMORY.payload(value), dense, SparseVector((3, 900), (0.5, 2.0))
    )


async def everything(points: Points, collection: str) -> dict[str, StoredPoint]:
    stored = {}
    async for page in points.pages(collection, DENSE):
        stored |= {point.id: point for point in page}
    return stored


async def test_points_come_back_as_they_were(whole: Whole) -> None:
    bare = StoredPoint(computed_id("bare"), memory("bare").payload)
    given = [memory("one"), bare]
    await whole.points.put("memories", given, DENSE)
    stored = await everything(whole.points, "memories")
    rest = {id: replace(point, dense=None) for id, point in stored.items()}
    assert rest == {point.id: replace(point, dense=None) for point in given}
    one, other = (stored[point.id] for point in given)
    assert one.dense == pytest.approx(given[0].dense, abs=1e-4)  # 16 bits a number
    assert other.dense is None
    assert whole.points.memory(one).text == "one"


async def test_all_pages_together_are_all_points(whole: Whole) -> None:
    given = [
        StoredPoint(computed_id(number), {"project": "p", "number": number})
        for number in range(MANY)
    ]
    await whole.points.put("projects", given, DENSE)
    assert await whole.points.count("projects") == MANY
    assert len(await everything(whole.points, "projects")) == MANY
    await whole.points.clear("projects")
    assert await whole.points.count("projects") == 0


async def test_a_project_goes_whole_and_alone(whole: Whole) -> None:
    await whole.points.put(
        "memories", [memory("a"), memory("b"), memory("a", "other")], DENSE
    )
    project = StoredPoint(computed_id("p"), {"project": "p"})
    await whole.points.put("projects", [project], DENSE)
    assert await whole.points.delete_project("p") == {"memories": 2, "projects": 1}
    assert await whole.points.delete_project("p") == {}
    assert await whole.points.count("memories") == 1


async def test_jobs_come_after_what_they_write_and_before_what_they_read(
    whole: Whole,
) -> None:
    order = list(whole.points.collections)
    assert order[-2:] == ["jobs", "messages"]
    assert {"memories", "files", "keys", "profile_bindings"} < set(order)


async def test_a_store_says_what_it_is(whole: Whole) -> None:
    state = whole.state
    assert (await state.schema(), await state.restore_under_way()) == (0, ("", False))
    await state.set_schema(3)
    await state.begin_restore("abc", is_cleared=False)
    await state.begin_restore("abc", is_cleared=True)
    assert (await state.schema(), await state.restore_under_way()) == (3, ("abc", True))
    await state.end_restore()
    assert await state.restore_under_way() == ("", False)
