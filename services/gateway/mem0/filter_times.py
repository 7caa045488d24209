"""Times in mem0's filters.

`created_at` and `timestamp` are when something was said: a client that brings old talks
along says when that was (`timestamp` of add). What has no such time counts by when it was
stored.
"""

from __future__ import annotations

from datetime import tzinfo

from services.gateway.wire.wire_times import TimeRange, no_time, read_time
from shared.domain.expiry import end_of_day
from shared.domain.filter import EXPIRES_AT, SAID_AT, Condition, Filter, Group, Operator
from shared.errors import BadRequest

_UPDATED = "update_time"
_SECONDS_BELOW = 100_000_000_000
"""A number below it counts seconds, as mem0's do: the 3rd of March 1973 in milliseconds."""


def moment_filter(name: str, operator: str, operand: object, zone: tzinfo) -> Filter:
    """A comparison of a field that is a time. Raises `BadRequest` naming it."""
    if operator == "ne":
        return Group("not", (moment_filter(name, "eq", operand, zone),))
    if operator == "in" and isinstance(operand, list) and operand:
        parts = [moment_filter(name, "eq", value, zone) for value in operand]
        return Group("or", tuple(parts))
    if operator not in ("eq", "gt", "gte", "lt", "lte"):
        raise BadRequest(f"{name}: the operator {operator!r} is not known for it")
    if name == "expiration_date":
        return _expires(operator, operand)
    time = read_time(_milliseconds(operand), zone)
    if time is None:
        raise no_time(name, operand)
    if name == "updated_at":
        return _compared(_UPDATED, operator, time)
    has_time = Condition(SAID_AT, "gt", 0)
    said = Group("and", (has_time, _compared(SAID_AT, operator, time)))
    stored = Group(
        "and", (Group("not", (has_time,)), _compared("create_time", operator, time))
    )
    return Group("or", (said, stored))


def _milliseconds(operand: object) -> object:
    is_number = isinstance(operand, int | float) and not isinstance(operand, bool)
    if is_number and abs(operand) < _SECONDS_BELOW:  # type: ignore[arg-type]
        return int(operand * 1000)  # type: ignore[operator]
    return operand


def _compared(field: str, operator: str, time: TimeRange) -> Filter:
    """A day means all of it: "until the 10th" its end, "after the 10th" not during it."""
    first, last = time.first, time.last
    match operator:
        case "gte":
            return Condition(field, "gte", first)
        case "gt":
            return Condition(field, "gt", last)
        case "lte":
            return Condition(field, "lte", last)
        case "lt":
            return Condition(field, "lt", first)
    within = (Condition(field, "gte", first), Condition(field, "lte", last))
    return Group("and", within)


def _expires(operator: str, operand: object) -> Filter:
    """What has an expiration date, compared by it; what has none never fits."""
    try:
        moment = end_of_day(str(operand))
    except ValueError as error:
        raise BadRequest(f"expiration_date: {error}") from error
    operators: dict[str, Operator] = {
        "gt": "gt",
        "gte": "gte",
        "lt": "lt",
        "lte": "lte",
    }
    compared = Condition(EXPIRES_AT, operators.get(operator, "eq"), moment)
    return Group("and", (Condition(EXPIRES_AT, "gt", 0), compared))
