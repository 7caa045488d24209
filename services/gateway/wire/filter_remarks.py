"""What a filter asks for that there may not be: it is legal, since a field that has no
meaning here is a key of `info`, and yet it is mostly a misspelt name.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.gateway.wire.filter_fields import FIELDS
from shared.domain.filter import Condition, Filter, Filters, Group
from shared.domain.kinds import Type

_TYPE = "memory_type"


def filter_remarks(filters: Filters) -> list[str]:
    """One remark for each field that is a key of `info` or nothing, and for each type of
    memories that there is not.
    """
    remarks: dict[str, None] = {}
    for filter in (filters.user, filters.knowledge_base, filters.public):
        for condition in _conditions(filter):
            if remark := _remark(condition):
                remarks[remark] = None
    return list(remarks)


def _remark(condition: Condition) -> str:
    """What there is to say of one condition; "" for nothing."""
    value = condition.value
    if condition.field not in FIELDS:
        return (
            f"filter: {condition.field} is compared with that key of info, since it is"
            f" none of {', '.join(sorted(FIELDS))}; nothing was found"
        )
    values = value if isinstance(value, tuple) else (value,)
    is_named = condition.field == _TYPE and condition.operator in ("eq", "in")
    if is_named and not {*values} & {*Type}:
        named = ", ".join(map(str, values))
        return f"filter: no memory_type {named}; there are {', '.join(Type)}"
    return ""


def _conditions(filter: Filter | None) -> Iterator[Condition]:
    if isinstance(filter, Group):
        for member in filter.members:
            yield from _conditions(member)
    elif filter is not None:
        yield filter
