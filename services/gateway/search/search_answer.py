"""What search/memory answers: the matches, or those of the views that are named, with the
words that tell a model how to use them.
"""

from __future__ import annotations

from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from services.gateway.context.request_context import RequestContext
from services.gateway.memories.list_memories import (
    Provenance,
    memory_sources,
    provenance_of,
)
from services.gateway.recall.explain import considered_memories
from services.gateway.recall.recall import Recalled
from services.gateway.recall.recall_request import RecallRequest
from services.gateway.schemas.explanation import SearchExplanation
from services.gateway.schemas.search import Found, SearchMemory
from services.gateway.search.context_text import context_text
from services.gateway.search.present_explanation import present_explanation
from services.gateway.search.prompt_instructions import (
    full_instruction,
    instruction,
    preference_note,
)
from services.gateway.search.search_memory import (
    count_query,
    every_kind,
    recall_request_of,
    recall_with_remarks,
)
from services.gateway.search.search_remarks import remark_on
from services.gateway.search.search_views import Matches, search_views, views_of
from services.gateway.wire.filter_parser import read_filters
from services.gateway.wire.filter_remarks import filter_remarks
from services.gateway.wire.presenters import matched_lists
from services.gateway.wire.unknown_names import unknown_views
from services.gateway.wire.wire_times import last_moment
from shared.domain.memory import Kind

NO_EXPLANATION = "explain: not together with include_memory_view"


async def search(context: RequestContext, request: SearchMemory) -> Found:
    """What the wire's search answers. Raises `BadRequest` for a filter that cannot be
    read and a query that is too long.
    """
    await remark_on(context, request)
    asked = request.include_memory_view
    context.remarks.extend(unknown_views("include_memory_view", asked))
    views = views_of(asked)
    explanation = None
    if views:
        viewed = await search_views(context, request, views)
        matches = viewed.matches
        provenance = await _provenance(context, request, matches)
        sources = _sources(request, matches, provenance)
        lists = {**matched_lists(viewed.others, sources), **viewed.lists}
        if request.explain:
            context.remarks.append(NO_EXPLANATION)
    else:
        recalled, recall_request = await _recalled(context, request)
        matches = every_kind(recalled)
        provenance = await _provenance(context, request, matches)
        lists = matched_lists(matches, _sources(request, matches, provenance))
        if request.explain:
            explanation = _explained(context, recalled, recall_request)
    if not any(lists.values()):
        timezone, owner = context.settings.timezone, request.owned_by
        filters = read_filters(request.filter, timezone, owner=owner)
        context.remarks.extend(filter_remarks(filters))
    return Found(
        **lists,
        **_texts(context, request, matches, provenance),
        preference_note=preference_note(matches.get(Kind.PREFERENCE, [])),
        explanation=explanation,
        remarks=context.remarks or None,
    )


def _texts(
    context: RequestContext,
    request: SearchMemory,
    matches: Matches,
    provenance: Provenance,
) -> dict[str, Any]:
    """The texts for prompts that are asked for, by their names."""
    texts: dict[str, Any] = {}
    if request.return_instruction:
        texts["instruction"] = instruction(request.query, matches)
    if request.return_full_instruction:
        texts["full_instruction"] = full_instruction(request.query, matches)
    if request.context_tokens:
        zone = ZoneInfo(context.settings.timezone)
        text = context_text(
            matches, provenance, request.context_format, request.context_tokens, zone
        )
        texts |= {"context": text.text, "context_etag": text.etag}
    return texts


async def _provenance(
    context: RequestContext, request: SearchMemory, matches: Matches
) -> Provenance:
    """What the matches were read from, where that is asked for."""
    if request.context_format == "memory":
        return Provenance({}, {})
    every = chain.from_iterable(matches.values())
    return await provenance_of(context, [match.memory for match in every])


def _sources(
    request: SearchMemory, matches: Matches, provenance: Provenance
) -> dict[str, list[dict[str, Any]]] | None:
    if request.context_format == "memory":
        return None
    return {
        match.memory.id: memory_sources(match.memory, provenance, with_ids=True)
        for match in chain.from_iterable(matches.values())
    }


async def _recalled(
    context: RequestContext, request: SearchMemory
) -> tuple[Recalled, RecallRequest]:
    await count_query(context, request.query)
    recall_request = await recall_request_of(
        context,
        request,
        request.owner,
        owner=request.owned_by,
        as_of=last_moment(request.as_of, context.settings.timezone, "as_of"),
    )
    return await recall_with_remarks(context, recall_request), recall_request


def _explained(
    context: RequestContext, recalled: Recalled, request: RecallRequest
) -> SearchExplanation:
    calibration = context.recall_models.calibration
    return present_explanation(
        [candidates.question for candidates in recalled.candidates],
        considered_memories(recalled, request, calibration),
        request.relativity,
    )
