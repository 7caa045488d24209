"""delete/knowledgebase-file: documents, with what was read in them and nothing else.

A page that was read several times has been read by several jobs: these are found by what
they were to read, and name the bytes that each has read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from services.gateway.context.request_context import RequestContext
from services.gateway.jobs.delete_jobs import delete_jobs
from services.gateway.knowledge.knowledge_files import files_by_id
from services.gateway.memories.erasure_receipts import leave_receipt
from shared.domain.erasure import Erased
from shared.domain.job import Job, State
from shared.domain.job_payload import DocumentPayload
from shared.domain.knowledge import SKILL_FILE, KnowledgeFile
from shared.jobs.delete_sources import document_sources
from shared.jobs.replay import read_again


async def delete_files(
    context: RequestContext, ids: Sequence[str], knowledge_base: str = ""
) -> None:
    """Delete files and the memories that were read from them. Raises as `files_by_id`."""
    files = await files_by_id(context, ids, knowledge_base)
    context.usage.forget(context.project)
    files.sort(key=_base_of)
    for base, of_base in groupby(files, _base_of):
        await _delete_of_base(context, base, list(of_base))
    await leave_receipt(context, Erased.FILES, knowledge_base, {"files": len(files)})


def _base_of(file: KnowledgeFile) -> str:
    return file.knowledge_base


async def _delete_of_base(
    context: RequestContext, base: str, files: Sequence[KnowledgeFile]
) -> None:
    project, ports = context.project, context.ports
    ids = [file.id for file in files]
    jobs = await ports.jobs.of_documents(project, base, ids)
    sources = document_sources(jobs) | {file.source for file in files}
    await delete_jobs(ports, context.unguarded, project, jobs)
    await ports.knowledge_bases.delete_files(project, ids)
    remaining = await ports.knowledge_bases.files(project, knowledge_base=base)
    # the same bytes may have been added under another name
    shared = {file.source for file in remaining}
    for source in sorted(sources - shared - {""}):
        await ports.memories.delete_where(project, knowledge_base=base, source=source)
    await _read_again(context, jobs, remaining)


async def _read_again(
    context: RequestContext, deleted: Sequence[Job], remaining: Sequence[KnowledgeFile]
) -> None:
    """Read those documents again that said what has gone with the deleted jobs: of
    versions of a skill one is kept, and earlier releases kept words once that several
    documents say.
    """
    if not remaining:
        return
    project, ports = context.project, context.ports
    named = sorted(frozenset[str]().union(*(job.named_memories for job in deleted)))
    if not named:
        return
    base, current = remaining[0].knowledge_base, {file.job for file in remaining}
    naming = await ports.jobs.of_documents(project, base, memories=named)
    others = [job for job in naming if job.id in current]
    if not others:
        return
    left = {memory.id for memory in await ports.memories.get(project, named)}
    for job, lost in _losers(others, set(named) - left):
        await read_again(ports, job, lost)


def _losers(jobs: Iterable[Job], gone: set[str]) -> list[tuple[Job, set[str]]]:
    """The jobs (oldest first) that have stored or found memories which are gone, each
    with these. Of a skill only its newest version comes back.
    """
    lost_by = {
        job.id: (job, set(job.named_memories & gone))
        for job in jobs
        if job.state is State.COMPLETED
    }
    newest: dict[str, str] = {}
    for id, (job, lost) in lost_by.items():
        if isinstance(job.payload, DocumentPayload) and job.payload.kind == SKILL_FILE:
            for memory in lost:
                earlier = newest.get(memory)
                if earlier is not None:
                    lost_by[earlier][1].discard(memory)
                newest[memory] = id
    return [(job, lost) for job, lost in lost_by.values() if lost]
