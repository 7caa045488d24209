"""Profiles, edited by hand (contract 1.11): fields are set and taken away.

A field is a memory of the type UserMemory ("basic.city: 上海"), so it is recalled like
any other. Any field may be set under any template's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.memories.owner_hold import HeldOwner, hold_owner
from services.gateway.schemas.profiles import DeleteProfile, EditProfile
from services.gateway.wire.wire_times import now
from shared.domain.filter import Condition, Filter, Group
from shared.domain.memory import Embedded, Memory
from shared.domain.profile import (
    LOCK,
    PROFILE_TAG,
    TEMPLATE,
    TemplateField,
    field_id,
    field_memory,
)
from shared.domain.scope import Scope
from shared.errors import BadRequest
from shared.jobs.owner_lease import owner_lease
from shared.language.search_text import searched_text, searched_words

MAX_DEPTH = 8
"""How deep the fields of a profile may be nested."""


async def edit_profile(context: RequestContext, request: EditProfile) -> None:
    """Set fields, then remove fields. Raises `BadRequest` for fields nested too deep."""
    scope = Scope(context.project, request.owner, agent=request.agent_id or "")
    template = request.profile_template_id
    fields = [field for field in profile_fields(request.metadata) if field.value]
    at = now()
    removed = [
        field_id(context.project, request.owner, template, path)
        for path in request.remove_fields
    ]
    async with hold_profiles(context, request.owner):
        memories = [field_memory(scope, template, f, at) for f in fields]
        await put_fields(context, memories)
        if removed:
            await context.ports.memories.delete(context.project, removed)


async def delete_profile(context: RequestContext, request: DeleteProfile) -> None:
    """Delete the profile of one template, or all profiles of an owner, with what binds
    the owner to them.
    """
    template = request.profile_template_id
    async with hold_profiles(context, request.owner):
        await delete_fields(context, request.owner, template)
        await context.ports.profile_templates.unbind(
            context.project, request.owner, template
        )


def hold_profiles(
    context: RequestContext, owner: str
) -> AbstractAsyncContextManager[HeldOwner]:
    """Hold the lease of an owner's memories, of which fields are some: a worker fills
    them meanwhile from what it reads. Raises `Unavailable`.
    """
    return hold_owner(context.ports.leases, owner_lease(context.project, owner))


async def put_fields(context: RequestContext, memories: Sequence[Memory]) -> None:
    """Write memories of fields with their vectors."""
    if not memories:
        return
    vectors = await context.ports.embedder.passages(list(map(searched_text, memories)))
    await context.ports.memories.put(
        [
            Embedded(memory, searched_words(memory), dense)
            for memory, dense in zip(memories, vectors, strict=True)
        ]
    )


async def delete_fields(context: RequestContext, owner: str, template: str) -> None:
    """Delete the fields of one template, or all fields of an owner."""
    condition: Filter = Condition("tags", "contains", PROFILE_TAG)
    if template:
        condition = Group("and", (condition, Condition(TEMPLATE, "eq", template)))
    await context.ports.memories.delete_where(context.project, owner, condition)


def profile_fields(
    metadata: Mapping[str, Any], path: tuple[str, ...] = (), most: int = MAX_DEPTH
) -> Iterator[TemplateField]:
    """The fields of nested metadata with their dotted paths. A field is an object with
    a `value`, or a plain value; a list is one value. Raises `BadRequest` where they are
    nested deeper than `most`.
    """
    if len(path) > most:
        raise BadRequest(f"metadata: nested deeper than {most}")
    for name, given in metadata.items():
        field_path = (*path, str(name))
        if not isinstance(given, Mapping):
            yield TemplateField(".".join(field_path), _written(given))
        elif "value" in given:
            updatable = bool(given.get(LOCK, True))
            value = _written(given["value"])
            yield TemplateField(".".join(field_path), value, updatable)
        else:
            yield from profile_fields(given, field_path, most)


def _written(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
