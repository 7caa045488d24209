"""Engine results to what the REST API answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import qdrant_edge as edge


def record(point: Any) -> dict[str, Any]:
    """A point as retrieve and scroll answer it."""
    answer = {"id": point.id, "payload": point.payload}
    if point.vector is not None:
        answer["vector"] = point.vector
    if point.order_value is not None:
        answer["order_value"] = point.order_value
    return answer


def scored(point: Any) -> dict[str, Any]:
    """A point as a query answers it."""
    return {"version": point.version, "score": point.score} | record(point)


def scored_points(points: Iterable[Any]) -> dict[str, Any]:
    """The answer to one query."""
    return {"points": [scored(point) for point in points]}


def to_json(value: Any) -> bytes:
    """JSON bytes, engine vectors included."""
    return orjson.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, edge.SparseVector):
        return {"indices": value.indices, "values": value.values}
    raise TypeError(type(value).__name__)
