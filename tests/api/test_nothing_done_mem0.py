"""mem0's dialect: what succeeds although it does not what it seems to says so, beside what
its clients read.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World

PAST, LATER = {"expiration_date": "2020-01-01"}, {"expiration_date": "2999-01-01"}
SAID = {"user_id": "ann", "messages": "I live in Rome.", "async_mode": False}
V1, V3 = "v1/memories", "v3/memories/add"


async def asked(world: World, method: str, path: str, body: Any = None) -> Any:
    answer = await world.client.request(method, f"/mem0/{path}", json=body)
    assert answer.status_code == 200
    return answer.json()


def is_past(remark: str) -> bool:
    return "2020-01-01 is past" in remark


@pytest.mark.parametrize("more", [{}, {"infer": False}])
async def test_an_add_that_has_expired_says_so(
    world: World, more: dict[str, Any]
) -> None:
    answer = await asked(world, "POST", V3, SAID | PAST | more)
    assert [is_past(remark) for remark in answer["remarks"]] == [True]
    assert "remarks" not in await asked(world, "POST", V3, SAID | LATER | more)


async def test_so_does_an_update(world: World) -> None:
    memory = await world.remember("The van is blue.")
    path = f"{V1}/{memory.id}/"
    answer = await asked(world, "PUT", path, PAST)
    assert is_past(answer["remarks"][0]) and answer["id"] == memory.id
    for lasting in (LATER, {"expiration_date": None}):
        assert "remarks" not in await asked(world, "PUT", path, lasting)
    several = {"memories": [{"memory_id": memory.id} | PAST]}
    (remark,) = (await asked(world, "PUT", "v1/batch/", several))["remarks"]
    assert is_past(remark) and memory.id in remark


@pytest.mark.parametrize(
    ("whose", "is_nothing"),
    [
        ("user_id=nobody", True),
        ("user_id=ann&run_id=elsewhere", True),
        ("agent_id=nobody", True),
        ("user_id=ann", False),
        ("user_id=ann&run_id=monday", False),
        ("run_id=monday", False),
    ],
)
async def test_a_deletion_of_nothing_says_so(
    world: World, whose: str, is_nothing: bool
) -> None:
    await world.remember("The van is blue.")
    answer = await asked(world, "DELETE", f"{V1}/?{whose}")
    assert answer["message"] == "Memories deleted successfully!"
    assert ("remarks" in answer) is is_nothing
