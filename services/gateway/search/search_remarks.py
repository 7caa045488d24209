"""What of a search cannot be done as it was asked, said instead of passed over."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.search import Recalling
from services.gateway.search.search_memory import ALL_KNOWLEDGE_BASES


async def remark_on(context: RequestContext, request: Recalling) -> None:
    """Add a remark for each knowledge base that there is not, for each number that counts
    as another one, and for each field that there is not.
    """
    for id in dict.fromkeys(request.knowledgebase_ids):
        if id == ALL_KNOWLEDGE_BASES:
            continue
        if await context.ports.knowledge_bases.get(context.project, id) is None:
            context.remarks.append(f"knowledgebase_ids: no knowledge base {id}")
    context.remarks.extend(request.remarks())
