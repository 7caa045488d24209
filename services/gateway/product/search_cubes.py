"""/product/search: one question to every cube."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import chain
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.product.cube_presenters import (
    preference_text,
    present_cube_memory,
)
from services.gateway.schemas.kind_fields import Bucket
from services.gateway.schemas.product import ProductFound, ProductSearch
from services.gateway.schemas.search import Recalling
from services.gateway.search.prompt_instructions import preference_note
from services.gateway.search.search_memory import recall_matches
from services.gateway.wire.filter_parser import read_filters
from services.gateway.wire.filter_remarks import filter_remarks
from shared.domain.kinds import KINDS
from shared.domain.memory import Kind, Match


async def search_cubes(context: RequestContext, request: ProductSearch) -> ProductFound:
    """What is recalled from each cube. Where nothing is, what the filter asks for that
    there may not be is remarked.
    """
    query = Recalling(
        query=request.query,
        conversation_id=request.session_id,
        filter=request.filter,
        relativity=request.relativity,
    )
    limits = {kind: spec.cube_search.limit_of(request) for kind, spec in KINDS.items()}
    searches = [
        recall_matches(context, query, cube, limits=limits) for cube in request.cubes
    ]
    matches = await asyncio.gather(*searches)
    preferences: list[Match] = []
    buckets: dict[str, Any] = {spec.cube_list: [] for spec in KINDS.values()}
    for cube, by_kind in zip(request.cubes, matches, strict=True):
        preferences += by_kind[Kind.PREFERENCE]
        for kind, spec in KINDS.items():
            buckets[spec.cube_list].append(match_bucket(cube, by_kind[kind]))
    if not any(chain.from_iterable(by_kind.values() for by_kind in matches)):
        filters = read_filters(request.filter, context.settings.timezone)
        context.remarks.extend(filter_remarks(filters))
    return ProductFound(
        **buckets,
        pref_note=preference_note(preferences),
        pref_string=preference_text(preferences),
    )


def match_bucket(cube: str, matches: Sequence[Match]) -> Bucket:
    """The matches of one cube and kind."""
    memories = [
        present_cube_memory(match.memory, cube, match.relativity) for match in matches
    ]
    return Bucket(cube_id=cube, memories=memories, total_nodes=len(memories))
