"""The Cloud's routes as TypeScript: `python -m tests.clients.wire_types` writes
clients/typescript/src/wire.ts from the gateway's OpenAPI document.

Own code because the client wants few, readable interfaces and a map from a path to what
it takes and gives; generators of the field write the whole document as one type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from services.gateway.app import build_app
from shared.settings import Settings

FILE = Path(__file__).parents[2] / "clients/typescript/src/wire.ts"
PREFIX = "/api/openmem/v1"
HEAD = """// Made from the gateway's OpenAPI document by `python -m tests.clients.wire_types`;
// do not edit.
"""
ROUTES = """/**
 * Every path below /api/openmem/v1: the request's body (of a GET its query), and the
 * answer's `data`.
 */"""
SCALARS = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}
NAMES = {
    "Call": "ToolCall",
    "Document": "RankedText",
    "File": "TaskFile",
    "Files": "FilesPage",
    "Found": "FoundOnWire",
    "Function": "ToolFunction",
    "Messages": "MessagesPage",
    "Task": "TaskOnWire",
}
"""Schemas whose names mean something else in TypeScript or in the client."""

_REFERENCE = re.compile(r"#/components/schemas/(\w+)")

Schema = Mapping[str, Any]


def document() -> dict[str, Any]:
    """The gateway's OpenAPI document."""
    schema: dict[str, Any] = build_app(Settings.from_env({})).openapi()
    return schema


def typescript(document: Schema) -> str:
    """The module: an interface for each schema that the Cloud's routes need, and `Routes`."""
    schemas = document["components"]["schemas"]
    routes = dict(cloud_routes(document))
    names = reachable(schemas, json.dumps(routes))
    interfaces = [interface(name, schemas[name]) for name in sorted(names)]
    return "\n".join([HEAD, *interfaces, route_map(routes)])


def cloud_routes(document: Schema) -> Iterator[tuple[str, dict[str, Schema]]]:
    """Every path below the Cloud's prefix, with the schemas of request and data."""
    schemas = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        if not path.startswith(f"{PREFIX}/"):
            continue
        for method, operation in operations.items():
            yield (
                route_name(path.removeprefix(PREFIX), method, len(operations)),
                {"request": request_of(operation), "data": data_of(operation, schemas)},
            )


def route_name(path: str, method: str, methods: int) -> str:
    """The path; with another method than POST before it where the path has several."""
    plain = methods == 1 or method == "post"
    return path if plain else f"{method.upper()} {path}"


def request_of(operation: Schema) -> Schema:
    """The body's schema; of a GET an object of what stands in the query."""
    if "requestBody" in operation:
        body: Schema = operation["requestBody"]["content"]["application/json"]["schema"]
        return body
    given = [each for each in operation.get("parameters", []) if each["in"] == "query"]
    return {
        "type": "object",
        "properties": {each["name"]: each["schema"] for each in given},
        "required": [each["name"] for each in given if each["required"]],
    }


def data_of(operation: Schema, schemas: Schema) -> Schema:
    """The schema of an answer's `data`; of the whole answer where it has no envelope."""
    content = operation["responses"]["200"]["content"]
    schema: Schema = content.get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    if name.startswith("Envelope_"):
        data: Schema = schemas[name]["properties"]["data"]
        return data
    return schema


def reachable(schemas: Schema, text: str) -> set[str]:
    """The names of all schemas that a text refers to, directly or through others."""
    names: set[str] = set()
    waiting = _REFERENCE.findall(text)
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting += _REFERENCE.findall(json.dumps(schemas[name]))
    return names


def interface(name: str, schema: Schema) -> str:
    """An exported interface, its fields with their descriptions."""
    fields = [
        line
        for field, about in schema["properties"].items()
        for line in field_lines(field, about, schema)
    ]
    if schema.get("additionalProperties") is True:
        fields.append("  [more: string]: unknown;")
    described = comment(schema.get("description", ""), "")
    head = f"export interface {NAMES.get(name, name)} {{"
    return "\n".join([*described, head, *fields, "}", ""])


def field_lines(name: str, about: Schema, schema: Schema) -> list[str]:
    """A field of an interface below its description."""
    mark = "" if name in schema.get("required", []) else "?"
    line = f"  {name}{mark}: {type_of(about)};"
    return [*comment(about.get("description", ""), "  "), line]


def comment(text: str, indent: str) -> list[str]:
    """A description as a comment; nothing for none."""
    words = " ".join(text.split()).replace("*/", "* /")
    return [f"{indent}/** {words} */"] if words else []


def type_of(schema: Schema) -> str:
    """The TypeScript type of a JSON schema."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return NAMES.get(name, name)
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " | ".join(dict.fromkeys(map(type_of, schema[choice])))
    kind = schema.get("type", "")
    if kind == "array":
        return f"Array<{type_of(schema.get('items', {}))}>"
    if kind == "object":
        return object_of(schema)
    return SCALARS.get(kind, "unknown")


def object_of(schema: Schema) -> str:
    """An object written where it is used, or a map from names to values."""
    if "properties" not in schema:
        more = schema.get("additionalProperties", True)
        return f"Record<string, {'unknown' if more is True else type_of(more)}>"
    fields = [
        f"{name}{'' if name in schema.get('required', []) else '?'}: {type_of(about)}"
        for name, about in schema["properties"].items()
    ]
    return f"{{ {'; '.join(fields)} }}" if fields else "Record<string, never>"


def route_map(routes: Mapping[str, Mapping[str, Schema]]) -> str:
    """The interface `Routes`."""
    lines = [
        f"  {json.dumps(path)}: {{ request: {type_of(route['request'])};"
        f" data: {type_of(route['data'])} }};"
        for path, route in routes.items()
    ]
    return "\n".join([ROUTES, "export interface Routes {", *lines, "}", ""])


if __name__ == "__main__":
    FILE.write_text(typescript(document()), encoding="utf-8")
