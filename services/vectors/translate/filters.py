"""Filters: every condition that both the REST API and the engine know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import qdrant_edge as edge
from numpy import bool_

from services.vectors.translate.validation import (
    Malformed,
    Unsupported,
    as_list,
    as_object,
    checked_fields,
    required,
)

_CLAUSES = ("must", "should", "must_not", "min_should")
_BOUNDS = ("lt", "lte", "gt", "gte")
_FIELD = (
    "key",
    "match",
    "range",
    "values_count",
    "geo_bounding_box",
    "geo_radius",
    "geo_polygon",
    "is_empty",
    "is_null",
)

_MATCHES: dict[str, Callable[[Any], Any]] = {
    "value": lambda value: edge.MatchValue(_value(value)),
    "any": edge.MatchAny,
    "except": edge.MatchExcept,
    "text": edge.MatchText,
    "text_any": edge.MatchTextAny,
    "phrase": edge.MatchPhrase,
    "prefix": edge.MatchPrefix,
    "substring": edge.MatchSubstring,
}


def optional_filter(value: Any) -> Any:
    """An engine filter, or None where the request has none."""
    return None if value is None else to_filter(value)


def to_filter(value: Any) -> Any:
    """An engine filter from `{"must": [...], "should": ..., "must_not": ..., "min_should": ...}`."""
    body = checked_fields(as_object(value, "filter"), _CLAUSES, "filter")
    clauses: dict[str, Any] = {
        name: _conditions(body[name])
        for name in ("must", "should", "must_not")
        if name in body
    }
    if "min_should" in body:
        given = as_object(body["min_should"], "min_should")
        clauses["min_should"] = edge.MinShould(
            _conditions(required(given, "conditions", "min_should")),
            required(given, "min_count", "min_should"),
        )
    return edge.Filter(**clauses)


def point_id(value: Any) -> int | UUID:
    """A point id: an unsigned integer or a UUID in any of its spellings."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**64:
        return value
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise Malformed(
            f"value {value} is not a valid point ID, valid values are either an unsigned integer or a UUID"
        ) from None


def point_ids(value: Any) -> list[int | UUID]:
    """A list of point ids."""
    return [point_id(id) for id in as_list(value, "points")]


def _conditions(value: Any) -> list[Any]:
    conditions = value if isinstance(value, list) else [value]
    return [_condition(condition) for condition in conditions]


def _condition(value: Any) -> Any:
    body = as_object(value, "condition")
    if "key" in body:
        given = dict(checked_fields(body, _FIELD, "field condition"))
        key = given.pop("key")
        if not given:
            raise Malformed(
                f"field condition on `{key}`: at least one condition is needed"
            )
        parts = {name: _part(name, part) for name, part in given.items()}
        return edge.FieldCondition(key, **parts)
    for name, read in _OTHERS.items():
        if name in body:
            return read(checked_fields(body, [name], "condition")[name])
    if body.keys() & set(_CLAUSES) or not body:
        return to_filter(body)
    raise Unsupported(f"condition: {', '.join(sorted(body))}")


def _part(name: str, value: Any) -> Any:
    """One part of a condition on a field, by its name on the wire."""
    if name in ("is_empty", "is_null"):
        return bool(value)
    body = as_object(value, name)
    match name:
        case "match":
            given = checked_fields(body, _MATCHES, name)
            if len(given) != 1:
                raise Malformed(f"match: expected one of {', '.join(_MATCHES)}")
            kind, wanted = next(iter(given.items()))
            return _MATCHES[kind](wanted)
        case "range":
            bounds = checked_fields(body, _BOUNDS, name)
            dated = any(isinstance(bound, str) for bound in bounds.values())
            return edge.RangeDateTime(**bounds) if dated else edge.RangeFloat(**bounds)
        case "values_count":
            return edge.ValuesCount(**checked_fields(body, _BOUNDS, name))
        case "geo_bounding_box":
            top_left, bottom_right = body.get("top_left"), body.get("bottom_right")
            return edge.GeoBoundingBox(_point(top_left), _point(bottom_right))
        case "geo_radius":
            centre = _point(body.get("center"))
            return edge.GeoRadius(centre, required(body, "radius", name))
        case _:  # geo_polygon
            exterior = _line(body.get("exterior"))
            interiors = [_line(interior) for interior in body.get("interiors") or []]
            return edge.GeoPolygon(exterior, interiors or None)


def _value(wanted: Any) -> Any:
    """The engine's binding reads Python's True as the number 1 and asks for that;
    numpy's it reads as a truth value.
    """
    return bool_(wanted) if isinstance(wanted, bool) else wanted


def _point(value: Any) -> Any:
    body = as_object(value, "geo point")
    return edge.GeoPoint(
        required(body, "lon", "geo point"), required(body, "lat", "geo point")
    )


def _line(value: Any) -> list[Any]:
    points = as_list(as_object(value, "geo line").get("points"), "geo line")
    return [_point(point) for point in points]


_OTHERS: dict[str, Callable[[Any], Any]] = {
    "is_empty": lambda value: edge.IsEmptyCondition(required(value, "key", "is_empty")),
    "is_null": lambda value: edge.IsNullCondition(required(value, "key", "is_null")),
    "has_id": lambda value: edge.HasIdCondition(set(point_ids(value))),
    "has_vector": edge.HasVectorCondition,
    "nested": lambda value: edge.NestedCondition(
        required(as_object(value, "nested"), "key", "nested"),
        to_filter(value.get("filter")),
    ),
}
