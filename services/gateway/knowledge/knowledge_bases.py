"""The knowledge bases of a project: created and deleted."""

from __future__ import annotations

from services.gateway.context.checks import require_knowledge_base
from services.gateway.context.request_context import RequestContext
from services.gateway.knowledge.knowledge_files import stop_reading
from services.gateway.memories.erasure_receipts import counted, leave_receipt
from services.gateway.wire.wire_times import now
from shared.domain.erasure import Erased
from shared.domain.identity import computed_id
from shared.domain.knowledge import KnowledgeBase


async def create_knowledge_base(
    context: RequestContext, name: str, description: str
) -> KnowledgeBase:
    """A new knowledge base."""
    created_at = now()
    knowledge_base = KnowledgeBase(
        id=computed_id("knowledge base", context.project, name, created_at),
        project=context.project,
        name=name,
        description=description,
        created_at=created_at,
    )
    await context.ports.knowledge_bases.put(knowledge_base)
    return knowledge_base


async def delete_knowledge_base(
    context: RequestContext, knowledge_base_id: str
) -> None:
    """Delete a knowledge base, its files and the memories that were read from them.
    Raises `NotFound` 50120.
    """
    await require_knowledge_base(context, knowledge_base_id)
    project, store = context.project, context.ports.knowledge_bases
    context.usage.forget(project)
    counts = await counted(context, knowledge_base=knowledge_base_id)
    files = await store.files(project, knowledge_base=knowledge_base_id)
    await stop_reading(context, files)
    await context.ports.memories.delete_where(project, knowledge_base=knowledge_base_id)
    await store.delete_files(project, [file.id for file in files])
    await store.delete(project, knowledge_base_id)
    await leave_receipt(context, Erased.KNOWLEDGE_BASE, knowledge_base_id, counts)
