"""Knowledge bases: shelves of a project, and the documents on them. A document is read
by a job of its own (work "document").

The body of such a job: `knowledge_base` and `file` (ids of the shelf and of the file),
`name`, `source` or `url`, `kind`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.gateway.context.request_context import RequestContext
from services.gateway.context.webhook_url import webhook
from services.gateway.ingest.accept import DUPLICATE_WITHIN_MS, JobRequest, accept
from services.gateway.jobs.cancel_for_deletion import cancel_for_deletion
from services.gateway.jobs.delete_sources import delete_sources
from services.gateway.wire.wire_times import now
from shared.contract import (
    FILE_TOO_LARGE,
    FILES_TOO_LARGE,
    NOT_THERE,
    TOO_MANY_FILES,
    UNKNOWN_SHELF,
)
from shared.domain.identity import computed_id, digest
from shared.domain.job_payload import DocumentPayload, Queue
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.scope import Scope
from shared.errors import NotFound
from shared.jobs.lookup import jobs_by_ids

MOST_FILES, LARGEST, MOST_BYTES = 20, 100 * 1024**2, 300 * 1024**2


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it came: bytes, or a URL to fetch it from."""

    name: str
    data: bytes = b""
    url: str = ""
    kind: str = "document"


async def create(context: RequestContext, name: str, description: str) -> KnowledgeBase:
    """A new shelf."""
    at = now()
    knowledge_base = KnowledgeBase(
        computed_id("knowledge base", context.project, name, at),
        context.project,
        name,
        description,
        at,
    )
    await context.ports.knowledge_bases.put(knowledge_base)
    return knowledge_base


async def known(context: RequestContext, id: str) -> KnowledgeBase:
    """The shelf. Raises `NotFound` 50120."""
    knowledge_base = await context.ports.knowledge_bases.get(context.project, id)
    if knowledge_base is None:
        raise NotFound(f"no knowledge base {id}", code=UNKNOWN_SHELF)
    return knowledge_base


async def all_known(context: RequestContext, ids: Iterable[str]) -> None:
    """Raises `NotFound` 50120 when one of the shelves is not there."""
    for id in ids:
        await known(context, id)


async def remove(context: RequestContext, id: str) -> None:
    """Take a shelf down, with its files and the memories of them. Raises `NotFound` 50120."""
    await known(context, id)
    files = await context.ports.knowledge_bases.files(
        context.project, knowledge_base=id
    )
    await _stopped(context, files)
    await context.ports.memories.delete_where(context.project, knowledge_base=id)
    await context.ports.knowledge_bases.delete_files(
        context.project, [file.id for file in files]
    )
    await context.ports.knowledge_bases.delete(context.project, id)


async def add(
    context: RequestContext,
    knowledge_base: str,
    uploads: Sequence[Upload],
    webhook_url: str = "",
) -> list[KnowledgeFile]:
    """Put documents on a shelf; one that is over a limit is there as failed. Raises
    `NotFound` 50120, and as `webhook`.
    """
    await known(context, knowledge_base)
    hook = webhook(context, webhook_url)
    read, files = 0, []
    for position, upload in enumerate(uploads):
        read += len(upload.data)
        file = _over_limits(
            _file(context.project, knowledge_base, upload, context.arrivals.next()),
            position,
            read,
        )
        files.append(await _begun(context, file, upload, hook))
    return files


def _file(project: str, knowledge_base: str, upload: Upload, at: int) -> KnowledgeFile:
    source = digest(upload.data) if upload.data else ""
    name = upload.name or upload.url.rstrip("/").rpartition("/")[2] or source[:12]
    return KnowledgeFile(
        computed_id("file", project, knowledge_base, name, source or upload.url),
        knowledge_base,
        project,
        name,
        source,
        upload.url,
        len(upload.data),
        kind=upload.kind,
        created_at=at,
    )


def _over_limits(file: KnowledgeFile, position: int, read: int) -> KnowledgeFile:
    if position >= MOST_FILES:
        return _failed(
            file, TOO_MANY_FILES, f"more than {MOST_FILES} files in one upload"
        )
    if file.size > LARGEST:
        return _failed(file, FILE_TOO_LARGE, f"larger than {LARGEST // 1024**2} MB")
    if read > MOST_BYTES:
        return _failed(
            file,
            FILES_TOO_LARGE,
            f"the files of this upload are together larger than {MOST_BYTES // 1024**2} MB",
        )
    return file


def _failed(file: KnowledgeFile, code: int, message: str) -> KnowledgeFile:
    return replace(file, status="failed", code=code, message=message)


async def _begun(
    context: RequestContext, file: KnowledgeFile, upload: Upload, hook: str
) -> KnowledgeFile:
    """The file with its job; the one that is there when the same document was put there before."""
    there = next(
        iter(await context.ports.knowledge_bases.files(context.project, [file.id])),
        None,
    )
    if there is not None and _same(there, file):
        return there
    file = replace(
        file, job="" if file.code else computed_id("document", file.id, file.created_at)
    )
    if file.source and not file.code:
        await context.ports.sources.put(upload.data)
    await context.ports.knowledge_bases.put_file(file)
    if file.job:
        await accept(context.ports, _order(file, hook))
    return file


def _same(there: KnowledgeFile, file: KnowledgeFile) -> bool:
    """Whether nothing new was sent: the same bytes, or a URL that is being read or was
    a moment ago.
    """
    if there.status != "completed":
        return there.status == "running"
    return bool(file.source) or file.created_at - there.created_at < DUPLICATE_WITHIN_MS


def _order(file: KnowledgeFile, hook: str) -> JobRequest:
    payload = DocumentPayload(
        knowledge_base=file.knowledge_base,
        file=file.id,
        name=file.name,
        source=file.source,
        url=file.url,
        kind=file.kind,
    )
    return JobRequest(
        Scope(file.project, ""),
        file.job,
        payload,
        queue=Queue.FILES,
        id=file.job,
        webhook=hook,
    )


async def page(
    context: RequestContext, knowledge_base: str, kind: str, offset: int, limit: int
) -> tuple[list[KnowledgeFile], int]:
    """Files of a shelf in the order they came, and how many there are. Raises `NotFound` 50120."""
    await known(context, knowledge_base)
    files = [
        file
        for file in await context.ports.knowledge_bases.files(
            context.project, knowledge_base=knowledge_base
        )
        if not kind or file.kind == kind
    ]
    files.sort(key=lambda file: (file.created_at, file.id))
    return files[offset : offset + limit], len(files)


async def named(
    context: RequestContext, ids: Sequence[str], knowledge_base: str = ""
) -> list[KnowledgeFile]:
    """Files by id, in that order. Raises `NotFound` for one that is not there."""
    found = {
        file.id: file
        for file in await context.ports.knowledge_bases.files(context.project, ids)
    }
    for id in ids:
        if id not in found or (
            knowledge_base and found[id].knowledge_base != knowledge_base
        ):
            raise NotFound(f"no file {id}", code=NOT_THERE)
    return [found[id] for id in dict.fromkeys(ids)]


async def remove_files(
    context: RequestContext, ids: Sequence[str], knowledge_base: str = ""
) -> None:
    """Take files off their shelves, with the memories of them. Raises `NotFound` for
    one that is not there.
    """
    files = await named(context, ids, knowledge_base)
    await _stopped(context, files)
    await context.ports.knowledge_bases.delete_files(context.project, ids)
    for file in files:
        left = await context.ports.knowledge_bases.files(
            context.project, knowledge_base=file.knowledge_base
        )
        if file.source and not any(
            other.source == file.source for other in left
        ):  # the same bytes may lie there under another name
            await context.ports.memories.delete_where(
                context.project, knowledge_base=file.knowledge_base, source=file.source
            )


async def _stopped(context: RequestContext, files: Sequence[KnowledgeFile]) -> None:
    """Their jobs called off, their bytes thrown away."""
    jobs = await jobs_by_ids(
        context.ports.jobs, context.project, (file.job for file in files)
    )
    await cancel_for_deletion(context.ports, jobs)
    await delete_sources(context.ports, jobs)
