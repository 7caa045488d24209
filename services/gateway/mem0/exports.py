"""Exports in a form of the client's own, given as JSON Schema.

Without a language model a field can hold what memories say for certain of their user
(name, city, job, birthday, allergies, and the fields of the user's profile) under any of
its usual names, and `memories` the texts of all. What is not certain is null.

The id of an export is what was asked for, written down: nothing is kept that would
outlive a deletion, and what is fetched is what is known then.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.mem0.filter_language import read_filters
from services.gateway.mem0.mem0_route import validated
from services.gateway.mem0.reading import latest
from services.gateway.profiles.known_profile import ProfileEntry, known_profile
from services.gateway.schemas.mem0 import CreatedExport, ListMemories
from shared.domain.filter import Filters
from shared.errors import BadRequest
from shared.language.profile_fields import attribute_of_field

MOST_CHARACTERS = 20_000
"""Of the id of an export."""
MOST_MEMORIES = 1000
"""Texts in `memories`."""


async def create_export(context: RequestContext, request: CreatedExport) -> str:
    """The id of an export. Raises `BadRequest` for a schema without properties and
    filters that do not name one user.
    """
    if not isinstance(request.form.get("properties"), dict):
        raise BadRequest("schema: a JSON Schema with properties is expected")
    read_filters(request.filters or {}, context.settings.timezone)
    _owner(request.filters)
    asked = json.dumps({"schema": request.form, "filters": request.filters})
    packed = zlib.compress(asked.encode(), 9)
    id = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    if len(id) > MOST_CHARACTERS:
        raise BadRequest("schema: too large")
    return id


async def export_by_id(context: RequestContext, id: str) -> dict[str, Any]:
    """What an export holds now. Raises `BadRequest` for an id that is none."""
    asked = _unpacked(id)
    properties: Mapping[str, Any] = asked["schema"]["properties"]
    filter = read_filters(asked["filters"] or {}, context.settings.timezone)
    owner = _owner(asked["filters"])
    profile = await known_profile(context, owner, Filters(user=filter))
    filled = {name: _value(name, rule, profile) for name, rule in properties.items()}
    if "memories" in properties:
        filled["memories"] = await _texts(context, asked["filters"])
    return filled


def _unpacked(id: str) -> dict[str, Any]:
    wrong = BadRequest("memory_export_id: not from an answer of exports")
    if not id or len(id) > MOST_CHARACTERS:
        raise wrong
    try:
        packed = base64.urlsafe_b64decode(id + "=" * (-len(id) % 4))
        reader = zlib.decompressobj()
        asked = json.loads(reader.decompress(packed, 10 * MOST_CHARACTERS))
        request = CreatedExport.model_validate(asked)
    except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError):
        raise wrong from None
    if not isinstance(request.form.get("properties"), dict):
        raise wrong
    return {"schema": request.form, "filters": request.filters}


def _owner(filters: Mapping[str, Any] | None) -> str:
    """The one user that filters name. Raises `BadRequest`."""
    named = set(_users_in(filters or {}))
    if len(named) != 1:
        raise BadRequest("filters: an export is of one user: name a user_id")
    return named.pop()


def _users_in(filters: Any) -> list[str]:
    if isinstance(filters, Sequence) and not isinstance(filters, str):
        return list(chain.from_iterable(map(_users_in, filters)))
    if not isinstance(filters, Mapping):
        return []
    users: list[str] = []
    for name, value in filters.items():
        if name == "user_id" and isinstance(value, str):
            users.append(value)
        elif name.upper() in ("AND", "OR"):
            users += _users_in(value)
    return users


def _value(name: str, rule: Any, profile: Sequence[ProfileEntry]) -> Any:
    """What is known of a property: a list of all values, or the one."""
    values = [entry.value for entry in profile if _means(entry, name)]
    if isinstance(rule, Mapping) and rule.get("type") == "array":
        return values
    return values[0] if values else None


def _means(entry: ProfileEntry, name: str) -> bool:
    last = entry.path.rpartition(".")[2]
    if last.lower() == name.lower():
        return True
    attribute = attribute_of_field(name)
    return bool(attribute) and attribute_of_field(entry.path) == attribute


async def _texts(context: RequestContext, filters: dict[str, Any]) -> list[str]:
    asked = validated(ListMemories, {"filters": filters})
    items = await latest(context, asked, MOST_MEMORIES)
    return [item["memory"] for item in items]
