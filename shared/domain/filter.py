"""Conditions on memories, as values; the wire's filter language is read into them by
the gateway (contract 1.13).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.domain.scope import RECORDS

Operator = Literal["eq", "gte", "lte", "gt", "lt", "contains", "in", "like"]
Value = str | int | float | bool

OWNER = "memory.user"
"""Field: the user whose memory it is; "like" is with regard to case. The filters of the
Cloud's wire cannot name it.
"""
TEXT = "memory.text"
"""Field: what the memory says; "contains" is with regard to case, "like" without."""
SAID_AT = "memory.said_at"
"""Field: when it was said; 0 where that is not known."""
EXPIRES_AT = "memory.expires_at"
"""Field: from when on it is hidden; 0 for never."""

CHANGED_BY = "memory.last_change.by"
"""Field: the task that changed it last. The filters of the wire cannot name it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. `field` is a bare name: agent_id, app_id, create_time,
    update_time, tags, ..., one of the constants above, or a key of `info`.

    Times are epoch milliseconds by now. For "in" the value is a tuple: any of them.
    """

    field: str
    operator: Operator
    value: Value | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that hold together ("and"), one of which holds ("or"), or none of
    which holds ("not").
    """

    mode: Literal["and", "or", "not"]
    members: tuple[Condition | Group, ...]


Filter = Condition | Group


@dataclass(frozen=True, slots=True)
class Filters:
    """One filter for each place memories come from; None lets all of it through."""

    user: Filter | None = None
    knowledge_base: Filter | None = None
    public: Filter | None = None


def names_records(filter: Filter | None) -> bool:
    """Whether a filter lets records through, which are found in no other way."""
    if isinstance(filter, Group):
        return filter.mode != "not" and any(map(names_records, filter.members))
    if filter is None or filter.field != "app_id":
        return False
    values = filter.value if isinstance(filter.value, tuple) else (filter.value,)
    return filter.operator in ("eq", "in", "contains") and RECORDS in values
