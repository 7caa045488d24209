"""A search: what recall finds, in the form of the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.recall.explain import considered_memories
from services.gateway.recall.recall import EMBEDDER, RERANKER, Recalled, recall
from services.gateway.recall.recall_request import RecallRequest
from services.gateway.recall.scoring import ScoredMatch
from services.gateway.schemas.search import Found, Recalling, SearchMemory
from services.gateway.search.present_explanation import present_explanation
from services.gateway.search.prompt_instructions import (
    full_instruction,
    instruction,
    preference_note,
)
from services.gateway.wire.filter_parser import Owner, read_filters
from services.gateway.wire.presenters import matched_lists
from services.gateway.wire.wire_times import now
from shared.contract import Code
from shared.domain.kinds import KINDS
from shared.domain.memory import Kind
from shared.domain.scope import Reach
from shared.errors import BadRequest
from shared.language.token_estimate import tokens

ALL_KNOWLEDGE_BASES = "all"
"""In place of ids: every knowledge base of the project."""
_REMARKS = {
    EMBEDDER: "searched by words alone: the embedder does not answer",
    RERANKER: "not reranked: the reranker does not answer",
}


async def search(context: RequestContext, request: SearchMemory) -> Found:
    """What the wire's search answers. Raises `BadRequest` for a filter that cannot be
    read and a query that is too long.
    """
    recall_request = await recall_request_of(
        context, request, request.owner, owner=request.owned_by
    )
    recalled = await recall_with_remarks(context, recall_request)
    matches = every_kind(recalled)
    explanation = None
    if request.explain:
        explanation = present_explanation(
            [candidates.question for candidates in recalled.candidates],
            considered_memories(
                recalled, recall_request, context.recall_models.calibration
            ),
            request.relativity,
        )
    half_prompt = prompt = None
    if request.return_instruction:
        half_prompt = instruction(request.query, matches)
    if request.return_full_instruction:
        prompt = full_instruction(request.query, matches)
    lists: dict[str, Any] = matched_lists(matches)
    return Found(
        **lists,
        preference_note=preference_note(matches[Kind.PREFERENCE]),
        instruction=half_prompt,
        full_instruction=prompt,
        explanation=explanation,
        remarks=context.remarks or None,
    )


async def recall_matches(
    context: RequestContext,
    request: Recalling,
    user: str,
    *,
    owner: Owner = "user",
    limits: Mapping[Kind, int] | None = None,
) -> dict[Kind, list[ScoredMatch]]:
    """The matches of each kind, for every kind; empty where a kind was not asked for.
    `limits` take the place of the request's. Raises what `search` raises.
    """
    recall_request = await recall_request_of(
        context, request, user, owner=owner, limits=limits
    )
    return every_kind(await recall_with_remarks(context, recall_request))


def every_kind(recalled: Recalled) -> dict[Kind, list[ScoredMatch]]:
    """The matches with an empty list for each kind that was not asked for."""
    return {kind: recalled.matches.get(kind, []) for kind in Kind}


async def recall_with_remarks(
    context: RequestContext, request: RecallRequest
) -> Recalled:
    """What is recalled; what could not be done is remarked."""
    recalled = await recall(request, context.ports.memories, context.recall_models)
    for what in recalled.lacking:
        context.figures.without(what)
        if _REMARKS[what] not in context.remarks:
            context.remarks.append(_REMARKS[what])
    return recalled


async def recall_request_of(
    context: RequestContext,
    request: Recalling,
    user: str,
    *,
    owner: Owner = "user",
    limits: Mapping[Kind, int] | None = None,
) -> RecallRequest:
    """What a request asks of recall; its tokens are counted. Raises what `search` raises."""
    settings = context.settings
    query_tokens = tokens(request.query)
    if query_tokens > settings.max_query_tokens:
        raise BadRequest(
            f"query: longer than {settings.max_query_tokens} tokens",
            code=Code.QUERY_TOO_LONG,
        )
    await context.meter.tokens(query_tokens)
    places = limits or limits_of(request)
    return RecallRequest(
        reach=reach(context.project, user, request.knowledgebase_ids),
        query=request.query,
        limits={kind: limit for kind, limit in places.items() if limit},
        conversation=request.conversation_id,
        relativity=request.relativity,
        filters=read_filters(request.filter, settings.timezone, owner=owner),
        now=now(),
    )


def reach(project: str, user: str, knowledge_bases: Sequence[str]) -> Reach:
    """What may be seen: the user's own, the public ones, and the named knowledge bases
    or, by `all`, every one.
    """
    every = ALL_KNOWLEDGE_BASES in knowledge_bases
    return Reach(
        project,
        user,
        knowledge_bases=() if every else tuple(knowledge_bases),
        all_knowledge_bases=every,
    )


def limits_of(request: Recalling) -> dict[Kind, int]:
    """How many of each kind at most; 0 where it is turned off."""
    return {kind: spec.search.limit_of(request) for kind, spec in KINDS.items()}
