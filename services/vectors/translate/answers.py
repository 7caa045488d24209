"""Engine results to what the REST API answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import qdrant_edge as edge


def record(found: Any) -> dict[str, Any]:
    """A point as retrieve and scroll show it."""
    answer = {"id": found.id, "payload": found.payload}
    if found.vector is not None:
        answer["vector"] = found.vector
    if found.order_value is not None:
        answer["order_value"] = found.order_value
    return answer


def scored(found: Any) -> dict[str, Any]:
    """A point as a query shows it."""
    return {"version": found.version, "score": found.score} | record(found)


def scored_points(found: Iterable[Any]) -> dict[str, Any]:
    """The answer to one query."""
    return {"points": [scored(each) for each in found]}


def to_json(value: Any) -> bytes:
    """JSON bytes, engine vectors included."""
    return orjson.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, edge.SparseVector):
        return {"indices": value.indices, "values": value.values}
    raise TypeError(type(value).__name__)
