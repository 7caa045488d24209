"""The profile of a user in mem0's form."""

from __future__ import annotations

from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.mem0.entities import Entity
from services.gateway.mem0.present import Item, written
from services.gateway.memories.delete_memories import user_exists
from services.gateway.profiles.known_profile import known_profile
from shared.contract import Code
from shared.errors import BadRequest, NotFound

SUCCEEDED = "succeeded"
"""The status of a profile that says something, and of a job that has ended."""


async def profile_of(context: RequestContext, type: str, name: str) -> Item:
    """What is known of a user for certain; several values of a field as a list. Raises
    `NotFound`, `BadRequest`.
    """
    if type != Entity.USER:
        raise BadRequest("profiles are of users only")
    if not await user_exists(context, name):
        raise NotFound(f"no user {name}", code=Code.UNKNOWN_USER)
    entries = await known_profile(context, name)
    values: dict[str, list[str]] = {}
    for entry in entries:
        values.setdefault(entry.path.rpartition(".")[2], []).append(entry.value)
    profile: dict[str, Any] = {
        field: of_field if len(of_field) > 1 else of_field[0]
        for field, of_field in values.items()
    }
    updated = max((entry.memory.updated_at for entry in entries), default=0)
    return {
        "profile": profile,
        "status": SUCCEEDED if profile else "insufficient_data",
        "entity_type": type,
        "entity_id": name,
        "updated_at": written(updated) if updated else None,
        "generation_count": None,
    }
