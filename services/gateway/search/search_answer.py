"""What search/memory answers: the matches, or those of the views that are named, with the
words that tell a model how to use them.
"""

from __future__ import annotations

from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.search import Found, SearchMemory
from services.gateway.search.prompt_instructions import (
    full_instruction,
    instruction,
    preference_note,
)
from services.gateway.search.search_memory import recall_matches
from services.gateway.search.search_views import Matches, search_views, views_of
from services.gateway.wire.presenters import matched_lists
from shared.domain.memory import Kind


async def search(context: RequestContext, request: SearchMemory) -> Found:
    """What the wire's search answers. Raises `BadRequest` for a filter that cannot be
    read and a query that is too long.
    """
    matches, lists = await _matches(context, request)
    half_prompt = prompt = None
    if request.return_instruction:
        half_prompt = instruction(request.query, matches)
    if request.return_full_instruction:
        prompt = full_instruction(request.query, matches)
    return Found(
        **lists,
        preference_note=preference_note(matches.get(Kind.PREFERENCE, [])),
        instruction=half_prompt,
        full_instruction=prompt,
        remarks=context.remarks or None,
    )


async def _matches(
    context: RequestContext, request: SearchMemory
) -> tuple[Matches, dict[str, Any]]:
    views = views_of(request.include_memory_view)
    if views:
        return await search_views(context, request, views)
    matches = await recall_matches(
        context, request, request.owner, owner=request.owned_by
    )
    return matches, matched_lists(matches)
