"""/product/search: one question to every cube."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from itertools import chain

from services.gateway.desk import Desk
from services.gateway.notes import preference_note
from services.gateway.product.present import bucket, preference_text, shown
from services.gateway.schemas.product import Bucket, ProductFound, ProductSearch
from services.gateway.schemas.search import Recalling
from services.gateway.search import recalled
from shared.domain.memory import Kind, Match

ByCube = Mapping[str, Mapping[Kind, Sequence[Match]]]


async def search(desk: Desk, order: ProductSearch) -> ProductFound:
    """What was recalled from each cube."""
    found = await asyncio.gather(*(recalled(desk, _asked(order), cube, limits=_limits(order)) for cube in order.cubes))
    by_cube: ByCube = dict(zip(order.cubes, found, strict=True))
    preferences = list(chain.from_iterable(matches[Kind.PREFERENCE] for matches in found))
    return ProductFound(
        text_mem=_buckets(by_cube, Kind.FACT), pref_mem=_buckets(by_cube, Kind.PREFERENCE), tool_mem=_buckets(by_cube, Kind.TOOL),
        skill_mem=_buckets(by_cube, Kind.SKILL), pref_note=preference_note(preferences), pref_string=preference_text(preferences))


def _asked(order: ProductSearch) -> Recalling:
    return Recalling(query=order.query, conversation_id=order.session_id, filter=order.filter, relativity=order.relativity)


def _limits(order: ProductSearch) -> dict[Kind, int]:
    return {Kind.FACT: order.top_k, Kind.PREFERENCE: order.pref_top_k if order.include_preference else 0,
            Kind.TOOL: order.tool_mem_top_k if order.search_tool_memory else 0,
            Kind.SKILL: order.skill_mem_top_k if order.include_skill_memory else 0}


def _buckets(by_cube: ByCube, kind: Kind) -> list[Bucket]:
    return [bucket(cube, [shown(match.memory, cube, match.relativity) for match in matches[kind]]) for cube, matches in by_cube.items()]
