"""The fields of a template, as they are sent and as they are shown: nested in categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.profiles.edit_profiles import given_fields
from shared.contract import Code
from shared.domain.profile import LOCK, TemplateField
from shared.errors import BadRequest

MAX_LEVELS = 3
"""How deep the fields of a template may be nested: two categories and the field."""


def nested(fields: Sequence[TemplateField]) -> dict[str, Any]:
    """Fields as the wire nests them: `{category: {name: {"value", "algorithm_updatable"}}}`."""
    tree: dict[str, Any] = {}
    for field in fields:
        *categories, name = field.path.split(".")
        place = tree
        for category in categories:
            place = place.setdefault(category, {})
        place[name] = {"value": field.value, LOCK: field.updatable}
    return tree


def read_fields(metadata: Mapping[str, Any]) -> tuple[TemplateField, ...]:
    """The fields that a request gives. Raises `BadRequest` where there are none, or they
    are nested too deep or within each other.
    """
    given = given_fields(metadata, most=MAX_LEVELS - 1)
    fields = tuple(field.of_template for field in given)
    if not fields:
        raise BadRequest("metadata: has no fields", code=Code.EMPTY)
    _require_places(fields)
    return fields


def _require_places(fields: Sequence[TemplateField]) -> None:
    """Raises `BadRequest` where a name with dots leads to another field, or through one:
    both could not be shown.
    """
    paths = set[str]()
    for field in fields:
        steps = field.path.split(".")
        if len(steps) > MAX_LEVELS:
            raise BadRequest(f"metadata: {field.path[:60]}: nested too deep")
        if field.path in paths:
            raise BadRequest(f"metadata: {field.path}: is there twice")
        paths.add(field.path)
    for path in paths:
        steps = path.split(".")
        for end in range(1, len(steps)):
            if ".".join(steps[:end]) in paths:
                raise BadRequest(f"metadata: {path}: lies within another field")
