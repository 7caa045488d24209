"""Profiles: what is known of somebody, field by field (contract 1.11).

A field is a memory of the type UserMemory ("basic.city: 上海"), so it is recalled like
any other. Templates are only names here: which fields there are is up to whoever edits
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.profiles import DeleteProfile, EditProfile
from services.gateway.wire.wire_times import now
from shared.domain.filter import Condition, Group
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Memory, Type
from shared.domain.scope import Scope
from shared.errors import BadRequest
from shared.language.search_text import searched_text, searched_words

TEMPLATE, FIELD = "profile_template_id", "profile_field"
_TAG = "profile"
_DEEPEST = 8


async def edit(context: RequestContext, request: EditProfile) -> None:
    """Set fields, then take fields away. Raises `BadRequest` for fields nested too deep."""
    memories = [
        _memory(context, request, field, leaf)
        for field, leaf in fields(request.metadata)
    ]
    if memories:
        vectors = await context.ports.embedder.passages(
            [searched_text(memory) for memory in memories]
        )
        await context.ports.memories.put(
            [
                Embedded(memory, searched_words(memory), dense)
                for memory, dense in zip(memories, vectors, strict=True)
            ]
        )
    gone = [_id(context, request, field) for field in request.remove_fields]
    if gone:
        await context.ports.memories.delete(context.project, gone)


async def delete(context: RequestContext, request: DeleteProfile) -> None:
    """Take a profile away, or all of somebody's."""
    of_a_profile = Condition("tags", "contains", _TAG)
    wanted = (
        Group(
            "and",
            (of_a_profile, Condition(TEMPLATE, "eq", request.profile_template_id)),
        )
        if request.profile_template_id
        else of_a_profile
    )
    await context.ports.memories.delete_where(context.project, request.owner, wanted)


def fields(
    metadata: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The fields of nested metadata with their paths: an object with a `value`, or a plain value."""
    if len(path) > _DEEPEST:
        raise BadRequest(f"metadata: nested deeper than {_DEEPEST}")
    for name, value in metadata.items():
        here = (*path, name)
        if isinstance(value, Mapping) and "value" not in value:
            yield from fields(value, here)
            continue
        leaf = value if isinstance(value, Mapping) else {"value": value}
        if leaf["value"] is not None:
            yield ".".join(here), leaf


def _memory(
    context: RequestContext, request: EditProfile, field: str, leaf: Mapping[str, Any]
) -> Memory:
    value, at = leaf["value"], now()
    text = (
        f"{field}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
    )
    return Memory(
        id=_id(context, request, field),
        scope=Scope(context.project, request.owner, agent=request.agent_id or ""),
        type=Type.USER,
        text=text,
        title=field,
        tags=(_TAG,),
        created_at=at,
        updated_at=at,
        info={
            TEMPLATE: request.profile_template_id,
            FIELD: field,
            "algorithm_updatable": bool(leaf.get("algorithm_updatable", True)),
        },
    )


def _id(context: RequestContext, request: EditProfile, field: str) -> str:
    return computed_id(
        "profile", context.project, request.owner, request.profile_template_id, field
    )
