"""Writes: points, vectors and payloads. Each reader yields the changes that carry the
request out, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import qdrant_edge as edge

from services.vectors.translate.filters import (
    optional_filter,
    point_id,
    point_ids,
    to_filter,
)
from services.vectors.translate.validation import (
    Body,
    Malformed,
    Unsupported,
    as_list,
    as_object,
    checked_fields,
    choice,
    required,
)

SLICE = 100
"""Points in one engine operation: a big upsert is cut so that other requests are served in
between.
"""

_MODES = {
    "upsert": edge.UpdateMode.Upsert,
    "insert_only": edge.UpdateMode.InsertOnly,
    "update_only": edge.UpdateMode.UpdateOnly,
}
_UPSERT = ("points", "batch", "update_filter", "update_mode")
_POINT = ("id", "vector", "payload")
_SELECTED = ("points", "filter")
_Update = edge.UpdateOperation


class Change(NamedTuple):
    """One engine operation."""

    operation: Any
    points: int = 1
    """How many it changes; 1 where only the engine knows."""


def upsert(body: Body) -> Iterator[Change]:
    """`PUT /points`: whole points, as a list or as a batch of columns."""
    given = checked_fields(body, _UPSERT, "upsert")
    condition = optional_filter(given.get("update_filter"))
    mode = choice(given.get("update_mode", "upsert"), _MODES, "update_mode")
    if "batch" in given:
        rows = _columns(as_object(given["batch"], "batch"))
    else:
        rows = iter(as_list(required(given, "points", "upsert"), "points"))
    for part in _slices(rows):
        points = []
        for point in part:
            row = checked_fields(as_object(point, "point"), _POINT, "point")
            id, numbers = point_id(row.get("id")), vectors(row.get("vector", {}))
            points.append(edge.Point(id, numbers, row.get("payload")))
        yield Change(_Update.upsert_points(points, condition, mode), len(part))


def delete(body: Body) -> Iterator[Change]:
    """`POST /points/delete`: by ids or by filter."""
    given = checked_fields(body, _SELECTED, "delete")
    yield _selected(given, _Update.delete_points, _Update.delete_points_by_filter)


def set_payload(body: Body) -> Iterator[Change]:
    """`POST /points/payload`: add and replace keys."""
    return _payload(body, _Update.set_payload, _Update.set_payload_by_filter)


def overwrite_payload(body: Body) -> Iterator[Change]:
    """`PUT /points/payload`: the payload becomes this."""
    return _payload(
        body, _Update.overwrite_payload, _Update.overwrite_payload_by_filter
    )


def delete_payload(body: Body) -> Iterator[Change]:
    """`POST /points/payload/delete`: remove keys."""
    given = checked_fields(body, (*_SELECTED, "keys"), "delete payload")
    keys = as_list(required(given, "keys", "delete payload"), "keys")
    yield _selected(
        given, _Update.delete_payload, _Update.delete_payload_by_filter, keys
    )


def clear_payload(body: Body) -> Iterator[Change]:
    """`POST /points/payload/clear`: remove all keys."""
    given = checked_fields(body, _SELECTED, "clear payload")
    yield _selected(given, _Update.clear_payload, _Update.clear_payload_by_filter)


def update_vectors(body: Body) -> Iterator[Change]:
    """`PUT /points/vectors`: replace the vectors that are named, keep the others."""
    given = checked_fields(body, ("points", "update_filter"), "update vectors")
    rows = iter(as_list(given.get("points"), "points"))
    condition = optional_filter(given.get("update_filter"))
    for part in _slices(rows):
        changed = []
        for point in part:
            row = checked_fields(as_object(point, "point"), ("id", "vector"), "point")
            id, numbers = point_id(row.get("id")), required(row, "vector", "point")
            changed.append(edge.PointVectors(id, vectors(numbers)))
        yield Change(_Update.update_vectors(changed, condition), len(part))


def delete_vectors(body: Body) -> Iterator[Change]:
    """`POST /points/vectors/delete`: remove the vectors that are named."""
    given = checked_fields(body, (*_SELECTED, "vector"), "delete vectors")
    names = as_list(required(given, "vector", "delete vectors"), "vector")
    yield _selected(
        given, _Update.delete_vectors, _Update.delete_vectors_by_filter, names
    )


def batch(body: Body) -> Iterator[Change]:
    """`POST /points/batch`: several of the above, in order."""
    operations = as_list(
        checked_fields(body, ("operations",), "batch").get("operations"), "operations"
    )
    for operation in operations:
        named = as_object(operation, "operation")
        name = next(iter(named), "")
        if len(named) != 1 or name not in _OPERATIONS:
            raise Unsupported(f"operation: {', '.join(sorted(named))}")
        yield from _OPERATIONS[name](as_object(named[name], name))


def vectors(value: Any) -> Any:
    """The vectors of a point: one unnamed, or by name."""
    if isinstance(value, dict) and not _sparse(value):
        return {name: vector(numbers) for name, numbers in value.items()}
    return vector(value)


def vector(value: Any) -> Any:
    """One vector: dense, sparse or several rows. Text and images would need a model in
    here: Unsupported.
    """
    if isinstance(value, list):
        return value
    body = as_object(value, "vector")
    if not _sparse(body):
        raise Unsupported(f"vector: inference from `{', '.join(sorted(body))}`")
    return edge.SparseVector(body["indices"], body["values"])


def _sparse(value: Body) -> bool:
    return value.keys() == {"indices", "values"}


def _columns(value: Body) -> Iterator[Any]:
    ids = as_list(value.get("ids"), "ids")
    payloads = value.get("payloads") or [None] * len(ids)
    given = required(value, "vectors", "batch")
    columns = given if isinstance(given, dict) else {"": given}
    if any(len(column) != len(ids) for column in (payloads, *columns.values())):
        raise Malformed("batch: ids, vectors and payloads differ in length")
    for index, id in enumerate(ids):
        vector_of_row = {name: column[index] for name, column in columns.items()}
        yield {"id": id, "vector": vector_of_row, "payload": payloads[index]}


def _payload(
    body: Body, by_ids: Callable[..., Any], by_filter: Callable[..., Any]
) -> Iterator[Change]:
    given = checked_fields(body, (*_SELECTED, "payload", "key"), "payload")
    payload = as_object(required(given, "payload", "payload"), "payload")
    yield _selected(given, by_ids, by_filter, payload, given.get("key"))


def _selected(
    given: Body, by_ids: Callable[..., Any], by_filter: Callable[..., Any], *more: Any
) -> Change:
    if "points" in given:
        ids = point_ids(given["points"])
        return Change(by_ids(ids, *more), len(ids))
    if "filter" in given:
        return Change(by_filter(to_filter(given["filter"]), *more))
    raise Malformed("neither `points` nor `filter` is given")


def _slices(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while part := list(islice(rows, SLICE)):
        yield part


_OPERATIONS: dict[str, Callable[[Body], Iterator[Change]]] = {
    "upsert": upsert,
    "delete": delete,
    "set_payload": set_payload,
    "overwrite_payload": overwrite_payload,
    "delete_payload": delete_payload,
    "clear_payload": clear_payload,
    "update_vectors": update_vectors,
    "delete_vectors": delete_vectors,
}
