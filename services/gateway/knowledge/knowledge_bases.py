"""The knowledge bases of a project: created and deleted."""

from __future__ import annotations

from services.gateway.context.checks import require_knowledge_base
from services.gateway.context.request_context import RequestContext
from services.gateway.jobs.delete_jobs import delete_jobs
from services.gateway.memories.erasure_receipts import counted, leave_receipt
from services.gateway.memories.owner_hold import hold_owner
from services.gateway.wire.wire_times import now
from shared.domain.erasure import Erased
from shared.domain.identity import computed_id
from shared.domain.knowledge import KnowledgeBase
from shared.jobs.owner_lease import owner_lease


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
    """Delete a knowledge base, its files and the memories in it. Nobody puts anything
    into it meanwhile: its lease is held. Raises `NotFound` 50120, `Unavailable`: then send
    it again.
    """
    await require_knowledge_base(context, knowledge_base_id)
    project, ports = context.project, context.ports
    context.usage.forget(project)
    counts = await counted(context, knowledge_base=knowledge_base_id)
    await _delete_jobs_of(context, knowledge_base_id)
    lease = owner_lease(project, "", knowledge_base_id)
    async with hold_owner(ports.leases, lease) as held:
        await ports.memories.delete_where(project, knowledge_base=knowledge_base_id)
        await held.renew()
        await ports.knowledge_bases.delete(project, knowledge_base_id)
    # of documents that were added meanwhile
    await _delete_jobs_of(context, knowledge_base_id)
    await leave_receipt(context, Erased.KNOWLEDGE_BASE, knowledge_base_id, counts)


async def _delete_jobs_of(context: RequestContext, knowledge_base: str) -> None:
    """Delete all jobs that read its documents, and their bytes: also those that no file
    names any more.
    """
    project, ports = context.project, context.ports
    jobs = await ports.jobs.of_documents(project, knowledge_base)
    await delete_jobs(ports, context.unguarded, project, jobs)
