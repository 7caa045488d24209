"""A search: recall, dressed for the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.recall.recall import Question, recall
from services.gateway.schemas.search import Found, Recalling, SearchMemory
from services.gateway.search.prompt_instructions import (
    full_instruction,
    instruction,
    preference_note,
)
from services.gateway.wire.filter_parser import Owner, read_filters
from services.gateway.wire.presenters import matched_lists
from services.gateway.wire.token_estimate import tokens
from services.gateway.wire.wire_times import now
from shared.contract import QUERY_TOO_LONG
from shared.domain.kinds import KINDS
from shared.domain.memory import Kind, Match
from shared.domain.scope import Reach
from shared.errors import BadRequest

_EVERY = "all"

Matches = Mapping[Kind, Sequence[Match]]


async def search(context: RequestContext, request: SearchMemory) -> Found:
    """What the wire's search answers. Raises `BadRequest` for a filter that cannot be
    read and a query that is too long.
    """
    matches = await recalled(context, request, request.owner, owner=request.owned_by)
    lists: dict[str, Any] = matched_lists(matches)
    return Found(
        **lists,
        preference_note=preference_note(matches[Kind.PREFERENCE]),
        instruction=instruction(request.query, matches)
        if request.return_instruction
        else None,
        full_instruction=full_instruction(request.query, matches)
        if request.return_full_instruction
        else None,
    )


async def recalled(
    context: RequestContext,
    request: Recalling,
    user: str,
    *,
    owner: Owner = "user",
    limits: Mapping[Kind, int] | None = None,
) -> dict[Kind, list[Match]]:
    """The matches of each kind, for every kind; empty where a kind was not asked for.
    `limits`: other ones than the order's.
    """
    asked = tokens(request.query)
    if asked > context.settings.max_query_tokens:
        raise BadRequest(
            f"query: longer than {context.settings.max_query_tokens} tokens",
            code=QUERY_TOO_LONG,
        )
    await context.meter.tokens(asked)
    question = Question(
        reach=reach(context.project, user, request.knowledgebase_ids),
        query=request.query,
        conversation=request.conversation_id,
        limits={
            kind: limit for kind, limit in (limits or wanted(request)).items() if limit
        },
        relativity=request.relativity,
        filters=read_filters(request.filter, context.settings.timezone, owner=owner),
        now=now(),
    )
    found = await recall(question, context.ports.memories, context.ports.embedder)
    return {kind: list(found.matches.get(kind, ())) for kind in Kind}


def reach(project: str, user: str, knowledge_bases: Sequence[str]) -> Reach:
    """What may be seen: the user's own, the public ones, and the named knowledge bases
    or, by `all`, every one.
    """
    every = _EVERY in knowledge_bases
    return Reach(
        project,
        user,
        knowledge_bases=() if every else tuple(knowledge_bases),
        all_knowledge_bases=every,
    )


def wanted(request: Recalling) -> dict[Kind, int]:
    """How many of each kind; 0 where it is turned off."""
    return {kind: spec.search.limit_of(request) for kind, spec in KINDS.items()}
