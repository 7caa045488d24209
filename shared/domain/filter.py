"""Conditions on memories, as values; the wire's filter language is read into them by
the gateway (contract 1.13).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Operator = Literal["eq", "gte", "lte", "gt", "lt", "contains", "in", "like"]
Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison. `field` is a bare name: agent_id, app_id, create_time,
    update_time, tags, ... or a key of `info`.

    Times are epoch milliseconds by now. For "in" the value is a tuple: any of them.
    """

    field: str
    operator: Operator
    value: Value | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that hold together ("and") or one of which holds ("or")."""

    mode: Literal["and", "or"]
    members: tuple[Condition | Group, ...]


Filter = Condition | Group


@dataclass(frozen=True, slots=True)
class Filters:
    """One filter for each place memories come from; None lets all of it through."""

    user: Filter | None = None
    knowledge_base: Filter | None = None
    public: Filter | None = None
