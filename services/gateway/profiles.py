"""Profiles: what is known of somebody, field by field (contract 1.11).

A field is a memory of the type UserMemory ("basic.city: 上海"), so it is recalled like any other. Templates are only names here: which fields
there are is up to whoever edits them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.gateway.desk import Desk
from services.gateway.schemas.profiles import DeleteProfile, EditProfile
from services.gateway.times import now
from shared.domain.filter import Condition, Group
from shared.domain.identity import computed_id
from shared.domain.memory import Embedded, Memory, Type
from shared.domain.scope import Scope
from shared.errors import BadRequest
from shared.language.searched import searched_text, searched_words

TEMPLATE, FIELD = "profile_template_id", "profile_field"
_TAG = "profile"
_DEEPEST = 8


async def edit(desk: Desk, order: EditProfile) -> None:
    """Set fields, then take fields away. Raises `BadRequest` for fields nested too deep."""
    memories = [_memory(desk, order, field, leaf) for field, leaf in fields(order.metadata)]
    if memories:
        vectors = await desk.ports.embedder.passages([searched_text(memory) for memory in memories])
        await desk.ports.memories.put([
            Embedded(memory, searched_words(memory), dense) for memory, dense in zip(memories, vectors, strict=True)])
    gone = [_id(desk, order, field) for field in order.remove_fields]
    if gone:
        await desk.ports.memories.delete(desk.project, gone)


async def delete(desk: Desk, order: DeleteProfile) -> None:
    """Take a profile away, or all of somebody's."""
    of_a_profile = Condition("tags", "contains", _TAG)
    wanted = Group("and", (of_a_profile, Condition(TEMPLATE, "eq", order.profile_template_id))) if order.profile_template_id else of_a_profile
    await desk.ports.memories.delete_where(desk.project, order.owner, wanted)


def fields(metadata: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Mapping[str, Any]]]:
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


def _memory(desk: Desk, order: EditProfile, field: str, leaf: Mapping[str, Any]) -> Memory:
    value, at = leaf["value"], now()
    text = f"{field}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
    return Memory(
        id=_id(desk, order, field), scope=Scope(desk.project, order.owner, agent=order.agent_id or ""), type=Type.USER, text=text, title=field,
        tags=(_TAG,), created_at=at, updated_at=at,
        info={TEMPLATE: order.profile_template_id, FIELD: field, "algorithm_updatable": bool(leaf.get("algorithm_updatable", True))})


def _id(desk: Desk, order: EditProfile, field: str) -> str:
    return computed_id("profile", desk.project, order.owner, order.profile_template_id, field)
