"""Conditions and reaches as Qdrant's filters: applied in the engine, before anything is ranked."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence

from qdrant_client import models as q

from shared.adapters.qdrant.records import (
    OWN,
    PUBLIC,
    RECORD,
    SHELF,
    mark,
    path_of_info,
    point_ids,
)
from shared.domain.expiry import NEVER
from shared.domain.filter import (
    CHANGED_BY,
    EXPIRES_AT,
    OWNER,
    SAID_AT,
    TEXT,
    Condition,
    Filter,
    Filters,
    Value,
    names_records,
)
from shared.domain.memory import Status
from shared.domain.scope import Reach
from shared.errors import BadRequest

NOTHING = q.HasIdCondition(has_id=[])
_KEYWORDS: Mapping[str, str] = {
    OWNER: "scope.user",
    CHANGED_BY: "last_change.by",
    "agent_id": "scope.agent",
    "app_id": "scope.app",
    "conversation": "scope.conversation",
    "conversation_id": "scope.conversation",
    "session_id": "scope.conversation",
    "memory_type": "type",
    "tags": "tags",
}
_TIMES: Mapping[str, str] = {
    "create_time": "created_at",
    "created_at": "created_at",
    "update_time": "updated_at",
    "updated_at": "updated_at",
    "memory_time": "happened_at",
    SAID_AT: "said_at",
    EXPIRES_AT: "expires_at",
}
_FOLDED: Mapping[str, str] = {
    "scope.user": "scope.user",
    "scope.agent": "comparable.agent_id",
    "scope.app": "comparable.app_id",
    "scope.conversation": "comparable.conversation",
    "tags": "comparable.tags",
}


def both(*conditions: q.Condition) -> q.Filter:
    """All of them."""
    return q.Filter(must=list(conditions))


def either(conditions: Sequence[q.Condition]) -> q.Condition:
    """Any of them; nothing, when there are none."""
    if not conditions:
        return NOTHING
    return conditions[0] if len(conditions) == 1 else q.Filter(should=list(conditions))


def equal(field: str, value: str) -> q.Condition:
    """An indexed field, or an element of one that is a list, is that word."""
    return q.FieldCondition(key=field, match=q.MatchValue(value=value))


def any_of(field: str, values: list[str] | list[int]) -> q.Condition:
    """The same for several words or numbers, one of which it is."""
    return (
        q.FieldCondition(key=field, match=q.MatchAny(any=values)) if values else NOTHING
    )


def exactly_at(field: str, moment: int) -> q.Condition:
    """An indexed time is that moment, epoch milliseconds: exact as a float, as ranges are."""
    return q.FieldCondition(key=field, range=q.Range(gte=moment, lte=moment))


def with_ids(ids: Sequence[str]) -> q.Condition:
    """Points by id; what is no id matches nothing."""
    return q.HasIdCondition(has_id=list(point_ids(ids)))


def unexpired(at: int) -> q.Condition:
    """What is still shown at a moment (epoch milliseconds): what was stored without an
    expiry, by an earlier release for example, does not expire.
    """
    expired = q.FieldCondition(key="expires_at", range=q.Range(gt=NEVER, lte=at))
    return q.Filter(must_not=[expired])


def standing(status: Status | None, as_of: int = 0) -> list[q.Condition]:
    """What has a status now, any where it is None; or, where a moment is given (epoch
    milliseconds), what held then: `shared.domain.validity.held_at`. Fields that an earlier
    release did not write count as 0.
    """
    if not as_of:
        return [] if status is None else [equal("status", status)]
    unsaid, unset = q.Filter(must_not=[_after("said_at")]), _unset("valid_from")
    by_creation = q.Filter(must=[unset, unsaid, _until("created_at", as_of)])
    by_saying = q.Filter(must=[unset, _until("said_at", as_of)])
    began = either([_until("valid_from", as_of), by_saying, by_creation])
    archived = equal("status", Status.ARCHIVED)
    ended = q.Filter(must=[_unset("valid_until"), _after("updated_at", as_of)])
    later = both(archived, either([_after("valid_until", as_of), ended]))
    return [
        began,
        either([equal("status", Status.ACTIVATED), later]),
        q.Filter(must_not=[_lapsed(as_of)]),
    ]


def _after(field: str, at: int = 0) -> q.Condition:
    return q.FieldCondition(key=field, range=q.Range(gt=at))


def _until(field: str, at: int) -> q.Condition:
    return q.FieldCondition(key=field, range=q.Range(gt=0, lte=at))


def _unset(field: str) -> q.Condition:
    return q.Filter(must_not=[_after(field)])


def _lapsed(at: int) -> q.Condition:
    """What was superseded at a moment and said again after it."""
    begun = q.FieldCondition(key="since", range=q.Range(lte=at))
    during = q.Filter(must=[begun, _after("until", at)])
    return q.NestedCondition(nested=q.Nested(key="lapses", filter=during))


def within(reach: Reach, filters: Filters | None = None) -> list[q.Condition]:
    """What a question may see: of each place that it reaches, what that place's filter
    lets through.
    """
    filters = filters or Filters()
    places = _places(reach, filters)
    common = [equal("scope.project", reach.project)]
    common += standing(Status.ACTIVATED, reach.as_of)
    if not reach.expired:
        common.append(unexpired(reach.as_of or now()))
    if filters.user == filters.public == filters.knowledge_base:
        return [
            *common,
            either([place for place, _ in places]),
            *_conditions(filters.user),
        ]
    return [
        *common,
        either([both(place, *_conditions(filter)) for place, filter in places]),
    ]


def translate(filter: Filter) -> q.Condition:
    """A filter of the domain. Raises `BadRequest` for a comparison that the field
    cannot be put to.
    """
    if isinstance(filter, Condition):
        return _of_text(filter) if filter.field == TEXT else _condition(filter)
    members = [translate(member) for member in filter.members]
    if filter.mode == "not":
        return q.Filter(must_not=members)
    return both(*members) if filter.mode == "and" else either(members)


def _conditions(filter: Filter | None) -> list[q.Condition]:
    return [] if filter is None else [translate(filter)]


def _places(reach: Reach, filters: Filters) -> list[tuple[q.Condition, Filter | None]]:
    with_user = [OWN] if reach.public else [OWN, PUBLIC]
    with_user += [RECORD] if names_records(filters.user) else []
    own = any_of("place", with_user)
    if not reach.everybody:
        own = both(equal("scope.user", reach.user), own)
    places: list[tuple[q.Condition, Filter | None]] = [(own, filters.user)]
    if reach.public:
        places.append((equal("place", PUBLIC), filters.public))
    if reach.all_knowledge_bases:
        places.append((equal("place", SHELF), filters.knowledge_base))
    elif reach.knowledge_bases:
        places.append(
            (
                any_of("knowledge_base", [id for id in reach.knowledge_bases if id]),
                filters.knowledge_base,
            )
        )
    return places


def _condition(condition: Condition) -> q.Condition:
    """What each kind of field can be put to: equality everywhere, a range of times and
    numbers, a part of a word where it is stored folded.
    """
    field, operator = condition.field, condition.operator
    is_equality = operator in ("eq", "in", "contains")
    if field == "id" and is_equality:
        return with_ids(_texts(condition))
    if field in _TIMES and is_equality:
        return either([exactly_at(_TIMES[field], time) for time in _moments(condition)])
    if field in _TIMES and operator != "like":
        return _in_range(_TIMES[field], condition)
    word = _KEYWORDS.get(field, "")
    if word and is_equality:
        return any_of(word, _texts(condition))
    if word in _FOLDED and operator == "like":
        return _like(word, condition)
    if word or field == "id" or field in _TIMES:
        raise BadRequest(f"{field}: cannot be compared by {operator!r}")
    key = field.removeprefix("info.")
    if is_equality:
        return any_of("marks", [mark(key, value) for value in _values(condition)])
    if operator == "like":
        return _like(path_of_info(key), condition)
    return _in_range(path_of_info(key), condition)


def _like(path: str, condition: Condition) -> q.Condition:
    """Substring without regard to case: both sides are folded, and Qdrant's own match
    is byte for byte. Users are not stored folded.
    """
    if path == _KEYWORDS[OWNER]:
        return both(*(_part(path, part) for part in _texts(condition)))
    path = _FOLDED.get(path, path)
    parts = [str(value).casefold() for value in _values(condition)]
    return both(*(_part(path, part) for part in parts))


def _part(path: str, part: str) -> q.Condition:
    return q.FieldCondition(key=path, match=q.MatchSubstring(substring=part))


def _of_text(condition: Condition) -> q.Condition:
    """A part of the text. Its folded form is missing from what an earlier release has
    stored: there the case has to fit.
    """
    if condition.operator not in ("contains", "like"):
        raise BadRequest(f"text: cannot be compared by {condition.operator!r}")
    as_it_is = both(*(_part("text", part) for part in _texts(condition)))
    if condition.operator == "contains":
        return as_it_is
    return either([_like("comparable.text", condition), as_it_is])


def _in_range(path: str, condition: Condition) -> q.Condition:
    bound = condition.value
    if not isinstance(bound, int | float) or not math.isfinite(bound):
        raise BadRequest(f"{condition.field}: {condition.operator!r} needs a number")
    return q.FieldCondition(
        key=path, range=q.Range(**{condition.operator: float(bound)})
    )


def now() -> int:
    """This moment, epoch milliseconds."""
    return time.time_ns() // 1_000_000


def _values(condition: Condition) -> tuple[Value, ...]:
    return condition.value if isinstance(condition.value, tuple) else (condition.value,)


def _texts(condition: Condition) -> list[str]:
    return [value for value in _values(condition) if isinstance(value, str)]


def _moments(condition: Condition) -> list[int]:
    """The whole numbers among the values: times are epoch milliseconds."""
    given = (
        value
        for value in _values(condition)
        if isinstance(value, int | float) and not isinstance(value, bool)
    )
    return [
        int(value) for value in given if math.isfinite(value) and value == int(value)
    ]
