"""A search: recall, dressed for the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.gateway.context.request_context import RequestContext
from services.gateway.recall.recall import recall
from services.gateway.recall.recall_request import RecallRequest
from services.gateway.schemas.search import Found, Recalling, SearchMemory
from services.gateway.search.prompt_instructions import (
    full_instruction,
    instruction,
    preference_note,
)
from services.gateway.wire.filter_parser import Owner, read_filters
from services.gateway.wire.presenters import fact, matched, preference, skill, tool
from services.gateway.wire.token_estimate import tokens
from services.gateway.wire.wire_times import now
from shared.contract import QUERY_TOO_LONG
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
    return Found(
        memory_detail_list=matched(matches[Kind.FACT], fact),
        preference_detail_list=matched(matches[Kind.PREFERENCE], preference),
        tool_memory_detail_list=matched(matches[Kind.TOOL], tool),
        skill_detail_list=matched(matches[Kind.SKILL], skill),
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
    recall_request = RecallRequest(
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
    found = await recall(recall_request, context.ports.memories, context.ports.embedder)
    return {kind: list(found.get(kind, ())) for kind in Kind}


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
    return {
        Kind.FACT: request.memory_limit_number,
        Kind.PREFERENCE: request.preference_limit_number
        if request.include_preference
        else 0,
        Kind.TOOL: request.tool_memory_limit_number
        if request.include_tool_memory
        else 0,
        Kind.SKILL: request.skill_limit_number if request.include_skill else 0,
    }
