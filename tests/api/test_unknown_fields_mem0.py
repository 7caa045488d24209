"""mem0's dialect: fields that there are not, and numbers that count as others, are said
beside what its clients read; a bare list has no room for it and stays as it is.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.world import World

OF_ANN = {"filters": {"user_id": "ann"}}
SAID = {"user_id": "ann", "messages": "I live in Rome."}
FORM = {"properties": {"city": {"type": "string"}}}
MISSPELT = {"limitt": 3, "nothing": None, "off": False}
SENT_BY_CLIENTS = {
    "org_id": "o",
    "project_id": "p",
    "version": "v2",
    "api_version": "v2",
    "rerank": True,
    "keyword_search": True,
    "source": "OPENCLAW",
}
UNKNOWN = "limitt: there is no such field"
OBJECTS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "v3/memories/add/", SAID),
    ("POST", "v3/memories/add/", SAID | {"infer": False}),
    ("POST", "v1/memories/", SAID | {"output_format": "v1.1"}),
    ("POST", "v3/memories/search/", OF_ANN | {"query": "van"}),
    ("POST", "v1/memories/search/", {**OF_ANN, "query": "v", "output_format": "v1.1"}),
    ("POST", "v3/memories/", OF_ANN),
    ("POST", "v2/memories/", OF_ANN | {"page": 1}),
    ("POST", "v2/memories/", OF_ANN | {"output_format": "v1.1"}),
    ("PUT", "v1/memories/{id}/", {"metadata": {"a": "b"}}),
    ("PUT", "v1/batch/", {"memories": [{"memory_id": "{id}", "text": "A red van."}]}),
    ("DELETE", "v1/batch/", {"memories": [{"memory_id": "{id}"}]}),
    ("POST", "v1/feedback/", {"memory_id": "{id}", "feedback": "POSITIVE"}),
    ("POST", "v1/exports/", OF_ANN | {"schema": FORM}),
    ("POST", "v2/profiles/jobs/", {"entity_id": "ann"}),
    ("POST", "v2/profiles/settings/", {"enabled": True}),
]


async def answered(world: World, method: str, path: str, body: Any = None) -> Any:
    """The answer about a memory of ann's, whose id is put in for `{id}`."""
    memory = await world.remember("The van is blue.")
    path = path.replace("{id}", memory.id)
    for named in [body or {}, *(body or {}).get("memories", [])]:
        if named.get("memory_id") == "{id}":
            named["memory_id"] = memory.id
    answer = await world.client.request(method, f"/mem0/{path}", json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def copied(body: dict[str, Any]) -> dict[str, Any]:
    """A body whose parts may be changed."""
    parts = {"memories": [dict(part) for part in body.get("memories", [])]}
    return {**body, **parts} if "memories" in body else dict(body)


def remarks_in(answer: Any) -> list[str]:
    held = answer["results"][0] if answer.get("relations") == [] else answer
    found: list[str] = held.get("remarks", [])
    return found


@pytest.mark.parametrize(("method", "path", "body"), OBJECTS)
async def test_a_misspelt_field_is_remarked(
    world: World, method: str, path: str, body: dict[str, Any]
) -> None:
    answer = await answered(world, method, path, copied(body) | MISSPELT)
    assert remarks_in(answer) == [UNKNOWN]


@pytest.mark.parametrize(("method", "path", "body"), OBJECTS)
async def test_what_clients_send_anyway_is_not(
    world: World, method: str, path: str, body: dict[str, Any]
) -> None:
    answer = await answered(world, method, path, copied(body) | SENT_BY_CLIENTS)
    assert remarks_in(answer) == []


async def test_of_several_changes_the_remark_says_which(world: World) -> None:
    change = {"memory_id": "{id}", "text": "A red van.", "metadat": {"a": "b"}}
    answer = await answered(world, "PUT", "v1/batch/", {"memories": [change]})
    (remark,) = answer["remarks"]
    assert remark == f"{change['memory_id']}: metadat: there is no such field"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "v1/memories/?user_id=ann&page=1&limitt=3&org_id=o"),
        ("GET", "v1/memories/user/ann/?limitt=3&org_id=o"),
    ],
)
async def test_so_is_one_in_the_query_of_a_url(
    world: World, method: str, path: str
) -> None:
    assert (await answered(world, method, path))["remarks"] == [UNKNOWN]


@pytest.mark.parametrize(
    ("path", "body", "remark"),
    [
        (
            "v3/memories/search/",
            {"query": "x", "top_k": 500},
            "top_k: 500 counts as 100",
        ),
        (
            "v3/memories/search/",
            {"query": "x", "limit": 500},
            "limit: 500 counts as 100",
        ),
        ("v3/memories/", {"page_size": 500}, "page_size: 500 counts as 200"),
        ("v3/memories/?page_size=500", {}, "page_size: 500 counts as 200"),
    ],
)
async def test_a_number_that_counts_as_another_is_remarked(
    world: World, path: str, body: dict[str, Any], remark: str
) -> None:
    assert (await answered(world, "POST", path, OF_ANN | body))["remarks"] == [remark]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("v1/memories/search/", {"query": "van"}),
        ("v2/memories/search/", {"query": "van"}),
        ("v2/memories/", {}),
    ],
)
async def test_a_bare_list_stays_one(
    world: World, path: str, body: dict[str, Any]
) -> None:
    listed = await answered(world, "POST", path, OF_ANN | body | MISSPELT)
    assert isinstance(listed, list)
