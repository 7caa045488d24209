"""mem0's dialect: what narrows a list or a deletion narrows it or is said."""

from __future__ import annotations

from typing import Any

import pytest

from services.http.answer_remarks import HEADER
from tests.api.world import Answer, World
from tests.fakes.embedder import FakeEmbedder

OF_ANN = {"filters": {"user_id": "ann"}}
SAID = [{"role": "user", "content": "I live in Rome."}]


@pytest.fixture
def world() -> World:
    return World(FakeEmbedder())


async def deleted(world: World, *memories: dict[str, Any]) -> Answer:
    path, body = "/mem0/v1/batch/", {"memories": list(memories)}
    return Answer(await world.client.request("DELETE", path, json=body))


@pytest.mark.parametrize("name", ["limit", "page_size", "top_k"])
async def test_the_query_of_a_list_says_how_many(world: World, name: str) -> None:
    for number in range(3):
        await world.remember(f"Fact {number}.")
    asked = OF_ANN | {"page_size": 2}
    listed = (await world.post(f"/mem0/v3/memories/?{name}=1", asked)).body
    assert (len(listed["results"]), listed["count"]) == (1, 3)
    assert "remarks" not in listed
    listed = (await world.post("/mem0/v3/memories/?page=2", asked)).body
    assert len(listed["results"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "remark"),
    [
        ("POST", "v2/memories/search/", "metadta: there is no such field"),
        ("POST", "v2/memories/", "metadta: there is no such field"),
        (
            "GET",
            "v1/memories/?user_id=ann&metadta=x",
            "metadta: there is no such field",
        ),
        ("GET", "v1/memories/?user_id=ann&top_k=900", "top_k: 900 counts as 200"),
    ],
)
async def test_a_bare_list_has_its_remarks_in_the_header(
    world: World, method: str, path: str, remark: str
) -> None:
    body = {"query": "tea", **OF_ANN, "metadta": "x"} if method == "POST" else None
    answer = await world.client.request(method, f"/mem0/{path}", json=body)
    assert answer.json() == []
    assert remark in answer.headers[HEADER]


async def test_what_clients_send_anyway_is_not_remarked(world: World) -> None:
    for path in ("events", "entities", "memories"):
        asked = f"/mem0/v1/{path}/?user_id=ann&org_id=o&project_id=p"
        answer = await world.get(asked)
        assert answer.status == 200
        assert HEADER not in answer.response.headers


async def test_events_and_entities_of_one_user(world: World) -> None:
    for user in ("ann", "ben"):
        added = {"user_id": user, "messages": SAID, "async_mode": False}
        assert (await world.post("/mem0/v3/memories/add/", added)).status == 200
    for user, count in (("ann", 1), ("zz", 0), ("", 2)):
        events = (await world.get(f"/mem0/v1/events/?user_id={user}")).body
        assert (events["count"], len(events["results"])) == (count, count)
        entities = (await world.get(f"/mem0/v1/entities/?user_id={user}")).body
        assert (entities["count"], entities["total_users"]) == (count, count)


async def test_a_batch_deletes_nothing_where_one_is_somebody_elses(
    world: World,
) -> None:
    tea, bees = await world.remember("Tea."), await world.remember("Bees.")
    beside = {"memory_id": bees.id, "user_id": "ben"}
    answer = await deleted(world, {"memory_id": tea.id}, beside)
    assert (answer.status, answer.code) == (403, 40306)
    agent = {"memory_id": bees.id, "agent_id": "helper"}
    assert (await deleted(world, {"memory_id": tea.id}, agent)).code == 40306
    assert len(await world.memories.get("one", [tea.id, bees.id])) == 2
    own = {"memory_id": bees.id, "user_id": "ann", "usr": "x"}
    answer = await deleted(world, {"memory_id": tea.id}, own)
    assert answer.body == {
        "message": "Successfully deleted 2 memories",
        "remarks": ["memories.1.usr: there is no such field"],
    }
    assert await world.memories.get("one", [tea.id, bees.id]) == []


async def test_one_is_not_deleted_by_more_than_its_id(world: World) -> None:
    tea = await world.remember("Tea.")
    path = f"/mem0/v1/memories/{tea.id}/"
    answer = await world.client.delete(f"{path}?user_id=ben")
    assert (answer.status_code, answer.json()["code"]) == (400, 40000)
    assert await world.memories.get("one", [tea.id])
    answer = await world.client.delete(f"{path}?delete_linked=&org_id=o")
    assert answer.status_code == 200


async def test_other_keys_in_the_filters_of_an_add_are_said(world: World) -> None:
    filters = {"user_id": "ann", "usr": "x"}
    added = {"messages": SAID, "filters": filters}
    answer = (await world.post("/mem0/v3/memories/add/", added)).body
    assert answer["remarks"] == ["filters.usr: there is no such field"]


async def test_an_old_add_has_its_remarks_in_the_header_too(world: World) -> None:
    added = {"messages": SAID, "user_id": "ann", "usr": "x"}
    answer = await world.post("/mem0/v1/memories/", added)
    assert answer.body[0]["remarks"] == ["usr: there is no such field"]
    assert answer.response.headers[HEADER] == "usr: there is no such field"


async def test_a_reference_date_is_refused_under_its_own_name(world: World) -> None:
    asked = OF_ANN | {"query": "tea", "reference_date": "nonsense"}
    answer = await world.post("/mem0/v3/memories/search/", asked)
    assert answer.status == 400
    assert answer.body["detail"].startswith("reference_date: ")


async def test_an_export_keeps_the_form_that_was_asked_for(world: World) -> None:
    form = {"schema": {"properties": {"city": {"type": "string"}}}} | OF_ANN
    id = (await world.post("/mem0/v1/exports/", form)).body["id"]
    fetched = {"memory_export_id": id}
    answer = await world.post("/mem0/v1/exports/get/?bogus=1", fetched)
    assert answer.body == {"city": None}
    assert answer.response.headers[HEADER] == "bogus: there is no such parameter"
