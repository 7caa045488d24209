"""A search that names the views it wants (`include_memory_view`, contract 1.2): the
matches of all of them together are at most `memory_limit_number`, the most relevant
ones; a profile comes whole beside them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.profiles.known_profile import (
    ProfileEntry,
    is_field,
    known_profile,
)
from services.gateway.profiles.list_views import NO_PROFILE_OF_A_DAY
from services.gateway.profiles.profile_presenters import present_entry, present_event
from services.gateway.recall.scoring import Score, ScoredMatch
from services.gateway.schemas.search import SearchMemory
from services.gateway.search.search_memory import recall_matches
from services.gateway.wire.filter_parser import read_filters
from services.gateway.wire.wire_times import last_moment
from shared.domain.kinds import KIND_OF_VIEW, KINDS
from shared.domain.memory import Kind
from shared.errors import BadRequest
from shared.language.fact_views import EVENT, PROFILE, VIEWS, view_of

WIDE = 60
"""Facts that are looked through for those of a view."""

Matches = Mapping[Kind, Sequence[ScoredMatch]]


@dataclass(frozen=True, slots=True)
class Viewed:
    """What the views of a search hold."""

    matches: Matches
    """All of it, by kind: what a prompt is made of."""
    others: Matches
    """The matches that are in no list of a view of their own."""
    lists: Mapping[str, Any]
    """The lists of profile and events by their names."""


def views_of(names: Collection[str]) -> frozenset[str]:
    """Those of the names that are views."""
    return frozenset(names) & {*KIND_OF_VIEW, *VIEWS}


async def search_views(
    context: RequestContext, request: SearchMemory, views: Collection[str]
) -> Viewed:
    """What the named views hold. Raises as `recall_matches`, and `BadRequest` for the
    profile of a day.
    """
    as_of = last_moment(request.as_of, context.settings.timezone, "as_of")
    if as_of and PROFILE in views:
        raise BadRequest(NO_PROFILE_OF_A_DAY)
    wants_facts = not {*VIEWS, KINDS[Kind.FACT].view}.isdisjoint(views)
    limit = request.memory_limit_number
    limits = {kind: limit for kind, spec in KINDS.items() if spec.view in views}
    limits |= {Kind.FACT: WIDE} if wants_facts else {}
    everything = request.model_copy(update={"relativity": 0.0})
    matches, profile = await asyncio.gather(
        recall_matches(
            context,
            everything,
            request.owner,
            owner=request.owned_by,
            limits=limits,
            as_of=as_of,
        ),
        _profile(context, request, views),
    )
    listed = _listed(matches, views)
    best = _best(listed, request.relativity, limit)
    chosen = {
        kind: [match for match in of_kind if match.memory.id in best]
        for kind, of_kind in listed.items()
    }
    return _viewed(chosen, matches, profile, views)


def _viewed(
    chosen: Matches,
    matches: Matches,
    profile: Sequence[ProfileEntry],
    views: Collection[str],
) -> Viewed:
    """The matches that the views hold, as lists and as a prompt is made of them."""
    events = [match for match in chosen[Kind.FACT] if _is_event(match, views)]
    lists: dict[str, Any] = {}
    if PROFILE in views:
        lists["profile_detail_list"] = _profile_items(profile, matches)
    if EVENT in views:
        lists["event_detail_list"] = [
            present_event(match.memory, {"relativity": match.relativity})
            for match in events
        ]
    others = {
        kind: [match for match in of_kind if match not in events]
        for kind, of_kind in chosen.items()
    }
    return Viewed(_with_profile(chosen, profile, matches), others, lists)


def _with_profile(
    chosen: Matches, profile: Sequence[ProfileEntry], matches: Matches
) -> dict[Kind, list[ScoredMatch]]:
    """What was chosen, and the memories that the profile was read from."""
    together = {kind: list(of_kind) for kind, of_kind in chosen.items()}
    rated = _relativities(matches)
    distinct = {match.memory.id for match in chain.from_iterable(chosen.values())}
    for memory in {entry.memory.id: entry.memory for entry in profile}.values():
        if memory.id not in distinct:
            match = ScoredMatch(memory, rated.get(memory.id, 0.0), Score())
            together.setdefault(memory.kind, []).append(match)
    return together


def _relativities(matches: Matches) -> dict[str, float]:
    every = chain.from_iterable(matches.values())
    return {match.memory.id: match.relativity for match in every}


def _listed(matches: Matches, views: Collection[str]) -> dict[Kind, list[ScoredMatch]]:
    """What the views may hold: fields of profiles are in the profile alone, and without
    `detail_factual` only events remain of the facts.
    """
    all_facts = KINDS[Kind.FACT].view in views
    listed = {kind: list(of_kind) for kind, of_kind in matches.items()}
    listed[Kind.FACT] = [
        match
        for match in listed.get(Kind.FACT, [])
        if not is_field(match.memory) and (all_facts or _is_event(match, views))
    ]
    return listed


def _is_event(match: ScoredMatch, views: Collection[str]) -> bool:
    return EVENT in views and view_of(match.memory) == EVENT


def _best(matches: Matches, threshold: float, limit: int) -> set[str]:
    """The ids of the best matches of all kinds together."""
    every = chain.from_iterable(matches.values())
    good = [match for match in every if match.relativity >= threshold]
    good.sort(key=lambda match: match.relativity, reverse=True)
    return {match.memory.id for match in good[:limit]}


def _profile_items(profile: Sequence[ProfileEntry], matches: Matches) -> list[Any]:
    """The whole profile, what bears on the query first."""
    relativity = _relativities(matches)
    items = [present_entry(e, relativity.get(e.memory.id, 0.0)) for e in profile]
    return sorted(items, key=lambda item: -item.relativity)


async def _profile(
    context: RequestContext, request: SearchMemory, views: Collection[str]
) -> list[ProfileEntry]:
    """The profile, where it is asked for, as far as the filter lets it through."""
    if PROFILE not in views:
        return []
    timezone = context.settings.timezone
    filters = read_filters(request.filter, timezone, owner=request.owned_by)
    return await known_profile(context, request.owner, filters)
