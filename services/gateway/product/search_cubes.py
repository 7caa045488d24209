"""/product/search: one question to every cube."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from itertools import chain

from services.gateway.context.request_context import RequestContext
from services.gateway.product.cube_presenters import bucket, preference_text, shown
from services.gateway.schemas.product import Bucket, ProductFound, ProductSearch
from services.gateway.schemas.search import Recalling
from services.gateway.search.prompt_instructions import preference_note
from services.gateway.search.search_memory import recall_matches
from shared.domain.memory import Kind, Match

ByCube = Mapping[str, Mapping[Kind, Sequence[Match]]]


async def search(context: RequestContext, request: ProductSearch) -> ProductFound:
    """What was recalled from each cube."""
    found = await asyncio.gather(
        *(
            recall_matches(context, _asked(request), cube, limits=_limits(request))
            for cube in request.cubes
        )
    )
    by_cube: ByCube = dict(zip(request.cubes, found, strict=True))
    preferences = list(
        chain.from_iterable(matches[Kind.PREFERENCE] for matches in found)
    )
    return ProductFound(
        text_mem=_buckets(by_cube, Kind.FACT),
        pref_mem=_buckets(by_cube, Kind.PREFERENCE),
        tool_mem=_buckets(by_cube, Kind.TOOL),
        skill_mem=_buckets(by_cube, Kind.SKILL),
        pref_note=preference_note(preferences),
        pref_string=preference_text(preferences),
    )


def _asked(request: ProductSearch) -> Recalling:
    return Recalling(
        query=request.query,
        conversation_id=request.session_id,
        filter=request.filter,
        relativity=request.relativity,
    )


def _limits(request: ProductSearch) -> dict[Kind, int]:
    return {
        Kind.FACT: request.top_k,
        Kind.PREFERENCE: request.pref_top_k if request.include_preference else 0,
        Kind.TOOL: request.tool_mem_top_k if request.search_tool_memory else 0,
        Kind.SKILL: request.skill_mem_top_k if request.include_skill_memory else 0,
    }


def _buckets(by_cube: ByCube, kind: Kind) -> list[Bucket]:
    return [
        bucket(
            cube,
            [shown(match.memory, cube, match.relativity) for match in matches[kind]],
        )
        for cube, matches in by_cube.items()
    ]
