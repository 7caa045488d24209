"""The matches of a query that came over the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from services.gateway.context.recall_marks import DAY_MS
from services.gateway.context.request_context import RequestContext
from services.gateway.recall.recall import EMBEDDER, RERANKER, Recalled, recall
from services.gateway.recall.recall_request import RecallRequest
from services.gateway.recall.scoring import ScoredMatch
from services.gateway.schemas.search import Recalling
from services.gateway.wire.filter_parser import Owner, read_filters
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


async def recall_matches(
    context: RequestContext,
    request: Recalling,
    user: str,
    *,
    owner: Owner = "user",
    limits: Mapping[Kind, int] | None = None,
    as_of: int = 0,
) -> dict[Kind, list[ScoredMatch]]:
    """As `matches_of`, for a query that a caller sent: its length is checked and its
    tokens are counted. Raises what `search` raises.
    """
    await count_query(context, request.query)
    return await matches_of(
        context, request, user, owner=owner, limits=limits, as_of=as_of
    )


async def count_query(context: RequestContext, query: str) -> None:
    """Checks the length of a query that a caller sent and counts its tokens. Raises
    `BadRequest` for one that is too long, and what the meter raises.
    """
    most = context.settings.max_query_tokens
    query_tokens = tokens(query)
    if query_tokens > most:
        raise BadRequest(f"query: longer than {most} tokens", code=Code.QUERY_TOO_LONG)
    await context.meter.tokens(query_tokens)


async def matches_of(
    context: RequestContext,
    request: Recalling,
    user: str,
    *,
    owner: Owner = "user",
    limits: Mapping[Kind, int] | None = None,
    as_of: int = 0,
) -> dict[Kind, list[ScoredMatch]]:
    """The matches of each kind, for every kind; empty where a kind was not asked for.
    `limits` take the place of the request's. Raises `BadRequest` for a filter that
    cannot be read.
    """
    recall_request = await recall_request_of(
        context, request, user, owner=owner, limits=limits, as_of=as_of
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
    context.figures.took(recalled.seconds)
    if request.half_life:
        context.recall_marks.mark(context.ports.memories, request, recalled)
    context.thumb_renewal.renew(context.ports, context.access, recalled)
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
    as_of: int = 0,
) -> RecallRequest:
    """What a request asks of recall. `as_of`: the moment, epoch milliseconds, that is
    taken for the present; 0 for this one. Raises `BadRequest` for a filter that cannot
    be read.
    """
    settings = context.settings
    places = limits or limits_of(request)
    return RecallRequest(
        reach=replace(
            reach(context.project, user, request.knowledgebase_ids),
            expired=request.show_expired,
            as_of=as_of,
        ),
        query=request.query,
        limits={kind: limit for kind, limit in places.items() if limit},
        conversation=request.conversation_id,
        relativity=request.relativity,
        filters=read_filters(request.filter, settings.timezone, owner=owner),
        now=as_of or now(),
        zone=ZoneInfo(settings.timezone),
        half_life=await half_life_of(context, as_of),
    )


async def half_life_of(context: RequestContext, as_of: int) -> int:
    """Of what no search gives, milliseconds; 0 where nothing sinks. What held on a day
    is asked for without regard to what was looked up since.
    """
    if as_of:
        return 0
    own = await context.kept_settings.of(context.ports.projects, context.project)
    return own.decay_days_or(context.settings.decay_days) * DAY_MS


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
