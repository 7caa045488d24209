"""Pages of the API from the gateway's OpenAPI document: one for each group of routes, one with
every schema. Pure: a document in, texts by file name out.

Own code: the generators of the field either draw the page in the browser, where the site's
search does not see it, or hold the site to old releases of what it is built with.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
SCHEMAS = "schemas.md"
_COMPONENT = "#/components/schemas/"


def api_pages(document: Schema) -> dict[str, str]:
    """Markdown by file name; groups in the order in which the document names them."""
    groups: dict[str, list[str]] = defaultdict(list)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["others"])[0]
            groups[tag] += _operation(path, method.upper(), operation)
    pages = {
        f"{tag.replace(' ', '-')}.md": _text([f"# {tag.capitalize()}", *blocks])
        for tag, blocks in groups.items()
    }
    return pages | {SCHEMAS: _text(_schemas(document["components"]["schemas"]))}


def _text(blocks: list[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


def _operation(path: str, method: str, operation: Schema) -> Iterator[str]:
    yield f"## `{method} {path}`"
    yield f"**{operation.get('summary', '')}**"
    yield operation.get("description", "")
    rows = [_parameter(each) for each in operation.get("parameters", ())]
    if rows:
        yield _table("parameter", rows)
    for kind, media in operation.get("requestBody", {}).get("content", {}).items():
        yield f"Takes `{kind}`: {type_of(media.get('schema', {}))}."
    for status, response in operation.get("responses", {}).items():
        said = [
            type_of(media.get("schema", {}))
            for media in response.get("content", {}).values()
        ]
        yield f"Answers {status}: {response['description']} {', '.join(said)}".rstrip()


def _parameter(parameter: Schema) -> tuple[str, str, str]:
    about = parameter.get("description", "")
    needed = " (needed)" if parameter.get("required") else ""
    where = f"`{parameter['name']}` in {parameter['in']}{needed}"
    return where, type_of(parameter.get("schema", {})), about


def _schemas(schemas: Mapping[str, Schema]) -> list[str]:
    blocks = ["# Schemas", "What requests and answers are made of."]
    for name, schema in sorted(schemas.items()):
        blocks += [f"## {name} {{#{name.lower()}}}", schema.get("description", "")]
        needed = schema.get("required", ())
        rows = [
            (
                f"`{field}`{' (needed)' if field in needed else ''}",
                type_of(each),
                _about(each),
            )
            for field, each in schema.get("properties", {}).items()
        ]
        blocks.append(_table("field", rows) if rows else type_of(schema))
    return blocks


def _about(field: Schema) -> str:
    default = (
        f"Default `{json.dumps(field['default'])}`."
        if field.get("default") is not None
        else ""
    )
    return f"{field.get('description', '')} {default}".strip()


def _table(first: str, rows: list[tuple[str, str, str]]) -> str:
    lines = [(first, "type", "what"), ("---", "---", "---"), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def type_of(schema: Schema) -> str:
    """In words; a schema of the document is a link to it."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_COMPONENT)
        return f"[{name}]({SCHEMAS}#{name.lower()})"
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(map(type_of, schema[several])))
    if "enum" in schema or "const" in schema:
        return ", ".join(
            f"`{each}`" for each in schema.get("enum", [schema.get("const")])
        )
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    return str(kind)
