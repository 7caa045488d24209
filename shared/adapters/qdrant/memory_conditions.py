"""Which memories a request to the store is of, as conditions."""

from __future__ import annotations

from qdrant_client import models as q

from shared.adapters.qdrant.filters import (
    any_of,
    both,
    equal,
    now,
    standing,
    translate,
    unexpired,
)
from shared.adapters.qdrant.records import OWN, PUBLIC
from shared.domain.memory import Kind, Status
from shared.domain.memory_list import MemoryList


def owned(
    project: str, user: str, kind: Kind, knowledge_base: str = ""
) -> list[q.Condition]:
    """The activated memories of one kind that are a user's, but for records, or those
    of a knowledge base, whoever added them.
    """
    if not knowledge_base:
        own = [*of_user(project, user), any_of("place", [OWN, PUBLIC])]
        return [*own, equal("kind", kind), unexpired(now())]
    return [
        unexpired(now()),
        equal("scope.project", project),
        equal("kind", kind),
        equal("status", Status.ACTIVATED),
        equal("knowledge_base", knowledge_base),
    ]


def of_user(
    project: str, user: str, status: Status = Status.ACTIVATED
) -> list[q.Condition]:
    """The memories of one status that are a user's."""
    return [*of_anybody(project, status), equal("scope.user", user)]


def of_list(wanted: MemoryList) -> q.Filter:
    """What a list holds."""
    conditions = of_anybody(
        wanted.project, wanted.status, wanted.as_of, wanted.knowledge_base
    )
    if wanted.user is not None:
        conditions.append(equal("scope.user", wanted.user))
    if wanted.kind is not None:
        conditions.append(equal("kind", wanted.kind))
    if not wanted.expired:
        conditions.append(unexpired(wanted.as_of or now()))
    if wanted.filter:
        conditions.append(translate(wanted.filter))
    return both(*conditions)


def of_anybody(
    project: str,
    status: Status | None = Status.ACTIVATED,
    as_of: int = 0,
    knowledge_base: str = "",
) -> list[q.Condition]:
    """The memories of one status or of any, or those that held at a moment, that are some
    user's and in no knowledge base; those in one where it is named.
    """
    return [
        equal("scope.project", project),
        equal("knowledge_base", knowledge_base),
        *standing(status, as_of),
    ]
