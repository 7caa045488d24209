"""A search: recall, dressed for the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.gateway.desk import Desk
from services.gateway.filters import Owner, read_filters
from services.gateway.notes import full_instruction, instruction, preference_note
from services.gateway.present import fact, matched, preference, skill, tool
from services.gateway.recall import Question, recall
from services.gateway.schemas.search import Found, Recalling, SearchMemory
from services.gateway.times import now
from services.gateway.tokens import tokens
from services.http.codes import QUERY_TOO_LONG
from shared.domain.memory import Kind, Match
from shared.domain.scope import Reach
from shared.errors import BadRequest

_EVERY = "all"

Matches = Mapping[Kind, Sequence[Match]]


async def search(desk: Desk, order: SearchMemory) -> Found:
    """What the wire's search answers. Raises `BadRequest` for a filter that cannot be read and a query that is too long."""
    matches = await recalled(desk, order, order.owner, owner=order.owned_by)
    return Found(
        memory_detail_list=matched(matches[Kind.FACT], fact),
        preference_detail_list=matched(matches[Kind.PREFERENCE], preference),
        tool_memory_detail_list=matched(matches[Kind.TOOL], tool),
        skill_detail_list=matched(matches[Kind.SKILL], skill),
        preference_note=preference_note(matches[Kind.PREFERENCE]),
        instruction=instruction(order.query, matches) if order.return_instruction else None,
        full_instruction=full_instruction(order.query, matches) if order.return_full_instruction else None)


async def recalled(desk: Desk, order: Recalling, user: str, *, owner: Owner = "user",
                   limits: Mapping[Kind, int] | None = None) -> dict[Kind, list[Match]]:
    """The matches of each kind, for every kind; empty where a kind was not asked for. `limits`: other ones than the order's."""
    asked = tokens(order.query)
    if asked > desk.settings.max_query_tokens:
        raise BadRequest(f"query: longer than {desk.settings.max_query_tokens} tokens", code=QUERY_TOO_LONG)
    await desk.meter.tokens(asked)
    question = Question(
        reach=reach(desk.project, user, order.knowledgebase_ids), query=order.query, conversation=order.conversation_id,
        limits={kind: limit for kind, limit in (limits or wanted(order)).items() if limit}, relativity=order.relativity,
        filters=read_filters(order.filter, desk.settings.timezone, owner=owner), now=now())
    found = await recall(question, desk.ports.memories, desk.ports.embedder)
    return {kind: list(found.matches.get(kind, ())) for kind in Kind}


def reach(project: str, user: str, knowledge_bases: Sequence[str]) -> Reach:
    """What may be seen: the user's own, the public ones, and the named knowledge bases or, by `all`, every one."""
    every = _EVERY in knowledge_bases
    return Reach(project, user, knowledge_bases=() if every else tuple(knowledge_bases), all_knowledge_bases=every)


def wanted(order: Recalling) -> dict[Kind, int]:
    """How many of each kind; 0 where it is turned off."""
    return {Kind.FACT: order.memory_limit_number,
            Kind.PREFERENCE: order.preference_limit_number if order.include_preference else 0,
            Kind.TOOL: order.tool_memory_limit_number if order.include_tool_memory else 0,
            Kind.SKILL: order.skill_limit_number if order.include_skill else 0}
