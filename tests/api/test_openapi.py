"""The documentation: complete, true to what is answered, and readable without a network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.world import World

REFERENCE = r"#/components/schemas/(\w+)"


async def schema(world: World) -> dict[str, Any]:
    document: dict[str, Any] = (await world.client.get("/openapi.json")).json()
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path, operation


@pytest.mark.parametrize(
    "route",
    [
        "add/message",
        "search/memory",
        "get/message",
        "get/memory",
        "get/memory/{memory_id}",
        "get/status",
        "delete/memory",
        "add/feedback",
        "update/memory",
        "extract/memory",
        "rerank",
        "chat",
        "create/knowledgebase",
        "delete/knowledgebase",
        "add/knowledgebase-file",
        "get/knowledgebase-file",
        "delete/knowledgebase-file",
        "tasks",
        "tasks/dead",
        "tasks/{task_id}",
        "tasks/{task_id}/events",
        "tasks/{task_id}/cancel",
        "tasks/{task_id}/replay",
    ],
)
async def test_every_route_of_the_contract_is_there(world: World, route: str) -> None:
    assert f"/api/openmem/v1/{route}" in (await schema(world))["paths"]


async def test_every_operation_is_described(world: World) -> None:
    bare = [
        path
        for path, operation in operations(await schema(world))
        if not operation.get("summary") or not operation.get("tags")
    ]
    assert bare == []


async def test_fields_of_requests_are_described(world: World) -> None:
    schemas = (await schema(world))["components"]["schemas"]
    bare = [
        f"{name}.{field}"
        for name in (
            "AddMessage",
            "SearchMemory",
            "GetMemory",
            "GetMessage",
            "DeleteMemory",
            "AddFeedback",
            "Rerank",
        )
        for field, about in schemas[name]["properties"].items()
        if not about.get("description")
    ]
    assert bare == []
    search = schemas["SearchMemory"]["properties"]
    assert [
        search[name]["default"]
        for name in (
            "memory_limit_number",
            "preference_limit_number",
            "tool_memory_limit_number",
            "skill_limit_number",
            "relativity",
        )
    ] == [9, 9, 6, 6, 0.45]


def requests(document: dict[str, Any]) -> set[str]:
    """The names of all schemas that requests are made of."""
    schemas, reachable = document["components"]["schemas"], set[str]()
    waiting = [
        name
        for _, operation in operations(document)
        for name in re.findall(REFERENCE, json.dumps(operation.get("requestBody", {})))
    ]
    while waiting:
        name = waiting.pop()
        if name not in reachable:
            reachable.add(name)
            waiting += re.findall(REFERENCE, json.dumps(schemas[name]))
    return reachable


async def test_every_field_of_every_request_is_described(world: World) -> None:
    document = await schema(world)
    schemas, names = document["components"]["schemas"], requests(document)
    assert len(names) > 30
    bare = [
        f"{name}.{field}"
        for name in sorted(names)
        for field, about in schemas[name]["properties"].items()
        if not about.get("description") and "$ref" not in about
    ]  # what is referred to is described there
    assert bare == []


async def test_nothing_is_referred_to_that_is_not_there(world: World) -> None:
    document = await schema(world)
    assert (
        set(re.findall(REFERENCE, json.dumps(document)))
        <= document["components"]["schemas"].keys()
    )


async def test_refusals_are_documented_as_they_are(world: World) -> None:
    document = await schema(world)
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operation in operations(document):
        if not path.startswith(("/ping", "/v1/", "/health", "/ready", "/metrics")):
            assert operation["responses"]["4XX"]["content"]["application/json"][
                "schema"
            ] == {"$ref": "#/components/schemas/Failure"}, path


async def test_operation_ids_are_unique(world: World) -> None:
    ids = [operation["operationId"] for _, operation in operations(await schema(world))]
    assert len(ids) == len(set(ids))


async def test_the_page_needs_nothing_from_elsewhere(world: World) -> None:
    page = (await world.client.get("/docs")).text
    assets = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert assets and all(
        asset.startswith("/") and not asset.startswith("//") for asset in assets
    )
    for asset in assets:
        assert (await world.client.get(asset)).status_code == 200


@pytest.mark.parametrize("field", ["user_id", "agent_id", "tags"])
async def test_a_list_of_texts_may_be_one_text(world: World, field: str) -> None:
    properties = (await schema(world))["components"]["schemas"]["AddMessage"][
        "properties"
    ]
    assert properties[field]["anyOf"] == [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
    ]
