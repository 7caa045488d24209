"""What must hold before a request is carried out."""

from __future__ import annotations

from collections.abc import Iterable

from services.gateway.context.request_context import RequestContext
from shared.contract import Code
from shared.domain.job import Options
from shared.domain.knowledge import KnowledgeBase
from shared.errors import NotFound


async def require_knowledge_base(
    context: RequestContext, knowledge_base_id: str
) -> KnowledgeBase:
    """The knowledge base of the caller's project. Raises `NotFound` 50120."""
    knowledge_base = await context.ports.knowledge_bases.get(
        context.project, knowledge_base_id
    )
    if knowledge_base is None:
        raise NotFound(
            f"no knowledge base {knowledge_base_id}", code=Code.UNKNOWN_KNOWLEDGE_BASE
        )
    return knowledge_base


async def require_knowledge_bases(context: RequestContext, ids: Iterable[str]) -> None:
    """Raises `NotFound` 50120 for the first knowledge base that does not exist."""
    for knowledge_base_id in ids:
        await require_knowledge_base(context, knowledge_base_id)


async def require_reach(context: RequestContext, options: Options) -> None:
    """Raises what forbids that memories go where `options` let others find them:
    `NotFound` 50120 for a knowledge base that does not exist, `Forbidden` 40103 for a key
    that is for one user. The stores refuse the job too, but only when its messages are
    written.
    """
    await require_knowledge_bases(context, options.knowledge_bases)
    if options.public or options.knowledge_bases:
        context.access.require_whole_project(context.project)
