"""Profiles: what is known of a user or an agent, field by field (contract 1.11).

A field is a memory of the type UserMemory ("basic.city: 上海"), so it is recalled like
any other. Templates are only names: which fields there are is up to whoever edits them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.profiles import DeleteProfile, EditProfile
from services.gateway.wire.wire_times import now
from shared.domain.filter import Condition, Filter, Group
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Memory, Type
from shared.domain.scope import Scope
from shared.errors import BadRequest
from shared.language.search_text import searched_text, searched_words

TEMPLATE, FIELD = "profile_template_id", "profile_field"
"""Keys in a memory's `info`: the template and the path of the field."""

PROFILE_TAG = "profile"
"""The tag of every memory that is a field of a profile."""

MAX_DEPTH = 8
"""How deep the fields of a profile may be nested."""


async def edit_profile(context: RequestContext, request: EditProfile) -> None:
    """Set fields, then remove fields. Raises `BadRequest` for fields nested too deep."""
    ports = context.ports
    memories = [
        profile_memory(context.project, request, field, leaf)
        for field, leaf in profile_fields(request.metadata)
    ]
    if memories:
        texts = [searched_text(memory) for memory in memories]
        vectors = await ports.embedder.passages(texts)
        await ports.memories.put(
            [
                Embedded(memory, searched_words(memory), dense)
                for memory, dense in zip(memories, vectors, strict=True)
            ]
        )
    removed = [
        field_id(context.project, request, field) for field in request.remove_fields
    ]
    if removed:
        await ports.memories.delete(context.project, removed)


async def delete_profile(context: RequestContext, request: DeleteProfile) -> None:
    """Delete the profile of one template, or all profiles of an owner."""
    condition: Filter = Condition("tags", "contains", PROFILE_TAG)
    template = request.profile_template_id
    if template:
        condition = Group("and", (condition, Condition(TEMPLATE, "eq", template)))
    await context.ports.memories.delete_where(context.project, request.owner, condition)


def profile_fields(
    metadata: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The fields of nested metadata with their dotted paths. A field is an object with
    a `value`, or a plain value. Raises `BadRequest` where they are nested too deep.
    """
    if len(path) > MAX_DEPTH:
        raise BadRequest(f"metadata: nested deeper than {MAX_DEPTH}")
    for name, value in metadata.items():
        field_path = (*path, name)
        if not isinstance(value, Mapping):
            leaf: Mapping[str, Any] = {"value": value}
        elif "value" in value:
            leaf = value
        else:
            yield from profile_fields(value, field_path)
            continue
        if leaf["value"] is not None:
            yield ".".join(field_path), leaf


def profile_memory(
    project: str, request: EditProfile, field: str, leaf: Mapping[str, Any]
) -> Memory:
    """The memory that holds one field."""
    value, edited_at = leaf["value"], now()
    written = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return Memory(
        id=field_id(project, request, field),
        scope=Scope(project, request.owner, agent=request.agent_id or ""),
        type=Type.USER,
        text=f"{field}: {written}",
        title=field,
        tags=(PROFILE_TAG,),
        created_at=edited_at,
        updated_at=edited_at,
        info={
            TEMPLATE: request.profile_template_id,
            FIELD: field,
            "algorithm_updatable": bool(leaf.get("algorithm_updatable", True)),
        },
    )


def field_id(project: str, request: EditProfile, field: str) -> str:
    """The id of the memory that holds a field: the same whenever it is edited."""
    return computed_id(
        "profile", project, request.owner, request.profile_template_id, field
    )
