"""What a chat is given of what is remembered: the user's profile and preferences, and the
memories that may bear on the question.

More than a search gives: a model can leave things alone, and the memory that answers
"how many days are left" often has few words of that question. So the threshold is low,
a few of the best come whatever their relativity, and what was said just before is
searched as well ("and how long does that take?"). A caller who sets a threshold or a
limit gets what it says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.gateway.context.request_context import RequestContext
from services.gateway.profiles.known_profile import (
    ProfileEntry,
    is_field,
    known_profile,
)
from services.gateway.recall.scoring import ScoredMatch
from services.gateway.schemas.chat import ChatRequest
from services.gateway.search.search_memory import (
    limits_of,
    matches_of,
    recall_matches,
)
from services.gateway.wire.filter_parser import read_filters
from shared.domain.memory import EVERY_ANSWER, Kind, Match
from shared.domain.memory_detail import SUBJECT, TOPIC
from shared.language.quarantine import is_from_outside
from shared.language.words import terms

FACTS = 20
"""Facts at most, where the caller sets no limit."""
LEAST_FACTS = 3
"""Facts that come whatever their relativity (contract 2.1), where the caller sets no threshold."""
LOW = 0.2
"""Relativity from which a memory may bear on a question: below, unrelated texts begin."""
FROM_HISTORY = 0.8
"""What a relativity to the talk before counts beside one to the question."""
EARLIER = 2
"""Earlier messages of the user that are searched as well."""
LONGEST_EARLIER = 500
"""Characters of each of them, the last ones."""
SAME_MATTER = 0.5
"""Share of the words of the shorter of two standing preferences from which they are about the
same matter.
"""
_OF_PREFERENCES = frozenset(
    terms(
        "answer answers reply replies response want wants wish preferences prefer prefers please"
        " user always like"
    )
) | frozenset("回答 回复 用户 希望 喜欢 要求 偏好 总是".split())
"""Words that nearly every preference has."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is existing to the chat, each list best or newest first."""

    profile: Sequence[ProfileEntry] = ()
    preferences: Sequence[Match] = ()
    """Preferences of the user, stated ones first."""
    memories: Mapping[Kind, Sequence[Match]] = field(default_factory=dict)
    """All else."""
    quotable: Mapping[Kind, Sequence[Match]] = field(default_factory=dict)
    """What the question alone brings up, as in a search: for an answer without a model."""


async def remembered_for(
    context: RequestContext,
    request: ChatRequest,
    earlier: Sequence[str],
    as_of: int = 0,
) -> Remembered:
    """What bears on a request. `earlier`: what the user said before, latest last.
    `as_of`: what did at that moment (epoch milliseconds), without the profile, which is
    not kept by day; 0 for now. A kind that is turned off is in the profile neither. Raises
    what a search raises.
    """
    user, limits = request.user_id, limits_of(request)
    if not is_set(request, "memory_limit_number"):
        limits[Kind.FACT] = FACTS
    wanted = [kind for kind, limit in limits.items() if limit]
    filters = read_filters(request.filter, context.settings.timezone)
    wide = request if is_set(request, "relativity") else _with(request, relativity=0.0)
    asked, before, profile = await asyncio.gather(
        recall_matches(context, wide, user, limits=limits, as_of=as_of),
        _of_talk_before(context, request, earlier, limits, as_of),
        _no_profile() if as_of else known_profile(context, user, filters, wanted),
    )
    quotable = {
        kind: [match for match in matches if match.relativity >= request.relativity]
        for kind, matches in asked.items()
    }
    if wide is not request:
        asked = {kind: above(LOW, matches, kind) for kind, matches in asked.items()}
    merged = {
        kind: together(matches, before.get(kind, ()), limits[kind])
        for kind, matches in asked.items()
    }
    own, others = _by_owner(merged.pop(Kind.PREFERENCE), user)
    facts = [m for m in merged[Kind.FACT] if not is_field(m.memory)]
    merged[Kind.FACT] = [*facts, *others]
    return Remembered(profile, in_force(own), merged, quotable)


def is_set(request: ChatRequest, name: str) -> bool:
    """Whether the caller sent a field."""
    return name in request.model_fields_set


def above(
    threshold: float, matches: Sequence[ScoredMatch], kind: Kind
) -> list[ScoredMatch]:
    """The matches that reach a threshold; of facts at least the best few."""
    least = LEAST_FACTS if kind is Kind.FACT else 0
    return [
        match
        for place, match in enumerate(matches)
        if match.relativity >= threshold or place < least
    ]


def together(
    asked: Sequence[ScoredMatch], before: Sequence[ScoredMatch], limit: int
) -> list[ScoredMatch]:
    """Both by relativity, what the question brings up before what the talk brings up."""
    discounted = [
        replace(match, relativity=match.relativity * FROM_HISTORY) for match in before
    ]
    distinct: dict[str, ScoredMatch] = {}
    for match in (*asked, *discounted):
        existing = distinct.get(match.memory.id)
        if existing is None or existing.relativity < match.relativity:
            distinct[match.memory.id] = match
    ordered = sorted(distinct.values(), key=lambda match: -match.relativity)
    return ordered[:limit]


def in_force(preferences: Iterable[Match]) -> list[Match]:
    """The preferences, stated ones first, of each the newest first; of several on the same
    matter only the newest.
    """
    standing: list[Match] = []
    for match in sorted(preferences, key=_said_at, reverse=True):
        if not any(_is_same_matter(match, newer) for newer in standing):
            standing.append(match)
    return sorted(standing, key=lambda match: match.memory.type.value)


def _said_at(match: Match) -> int:
    return match.memory.said_at or match.memory.created_at


def _is_same_matter(older: Match, newer: Match) -> bool:
    """Whether two preferences are about the same: by the subject or topic that an
    extractor gave them; of two that bear on every answer also by their words.
    """
    for key in (SUBJECT, TOPIC):
        value = newer.memory.detail.get(key)
        if value and value == older.memory.detail.get(key):
            return True
    if not all(EVERY_ANSWER in match.memory.tags for match in (older, newer)):
        return False
    words, others = _words(older), _words(newer)
    shortest = min(len(words), len(others))
    return shortest > 0 and len(words & others) >= SAME_MATTER * shortest


def _words(match: Match) -> frozenset[str]:
    return frozenset(terms(match.memory.text)) - _OF_PREFERENCES


def _by_owner(
    preferences: Sequence[ScoredMatch], user: str
) -> tuple[list[ScoredMatch], list[ScoredMatch]]:
    """The user's own preferences, and those of somebody else or of a document, which are
    no wish about the answer.
    """
    own = [
        m
        for m in preferences
        if m.memory.scope.user == user and not is_from_outside(m.memory)
    ]
    ids = {match.memory.id for match in own}
    return own, [match for match in preferences if match.memory.id not in ids]


async def _of_talk_before(
    context: RequestContext,
    request: ChatRequest,
    earlier: Sequence[str],
    limits: Mapping[Kind, int],
    as_of: int,
) -> Mapping[Kind, Sequence[ScoredMatch]]:
    """What the user's last messages bring up, at the threshold of a search."""
    said = [text[-LONGEST_EARLIER:] for text in earlier[-EARLIER:] if text.strip()]
    if not said:
        return {}
    query = "\n".join(said)
    few = {kind: min(limit, FACTS // 2) for kind, limit in limits.items()}
    talk = _with(request, query=query)
    return await matches_of(context, talk, request.user_id, limits=few, as_of=as_of)


async def _no_profile() -> list[ProfileEntry]:
    return []


def _with(request: ChatRequest, **changes: object) -> ChatRequest:
    return request.model_copy(update=changes)
