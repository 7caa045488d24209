"""The documents of a knowledge base. Each is read by a job of its own (work "document").

The body of such a job: `knowledge_base` and `file` (ids), `name`, `source` or `url`,
`kind`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.gateway.context.checks import require_knowledge_base
from services.gateway.context.request_context import RequestContext
from services.gateway.context.storage_quota import require_room
from services.gateway.context.webhook_url import webhook
from services.gateway.ingest.accept import JobRequest, accept
from services.gateway.ingest.backpressure import require_queue_space
from services.gateway.ingest.sent_again import DUPLICATE_WITHIN_MS
from services.gateway.jobs.delete_jobs import delete_jobs
from services.gateway.memories.erasure_receipts import leave_receipt
from shared.contract import LIMITS, MEGABYTE, Code
from shared.domain.erasure import Erased
from shared.domain.identity import computed_id, digest
from shared.domain.job_payload import DocumentPayload, Queue
from shared.domain.knowledge import KnowledgeFile
from shared.domain.scope import Scope
from shared.errors import NotFound
from shared.jobs.lookup import jobs_by_ids


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it was sent: bytes, or a URL to fetch it from."""

    name: str
    data: bytes = b""
    url: str = ""

    kind: str = "document"
    """document or skill."""


async def add_files(
    context: RequestContext,
    knowledge_base: str,
    uploads: Sequence[Upload],
    webhook_url: str = "",
) -> list[KnowledgeFile]:
    """Add documents to a knowledge base; one that is over a limit, or empty, is added as failed.
    Raises `NotFound` 50120, as `webhook`, as `require_queue_space` before any is added, `Forbidden` where
    the quota is used up.
    """
    await require_knowledge_base(context, knowledge_base)
    await require_queue_space(context.ports, context.project, len(uploads))
    hook = webhook(context, webhook_url)
    sent_bytes = sum(len(upload.data) for upload in uploads)
    await require_room(context, sent_bytes, memories=0)
    upload_bytes = 0
    files = []
    for position, upload in enumerate(uploads):
        upload_bytes += len(upload.data)
        file = new_file(context, knowledge_base, upload)
        refused = exceeded_limit(position, file.size, upload_bytes) or empty(upload)
        if refused is not None:
            code, message = refused
            file = replace(file, status="failed", code=code, message=message)
        files.append(await _store_and_read(context, file, upload.data, hook))
    return files


def new_file(
    context: RequestContext, knowledge_base: str, upload: Upload
) -> KnowledgeFile:
    """The record of a document that has just arrived. Its id depends on the knowledge
    base, its name and its content (or URL) only.
    """
    source = digest(upload.data) if upload.data else ""
    last_segment = upload.url.rstrip("/").rpartition("/")[2]
    name = upload.name or last_segment or source[:12]
    content = source or upload.url
    return KnowledgeFile(
        id=computed_id("file", context.project, knowledge_base, name, content),
        knowledge_base=knowledge_base,
        project=context.project,
        name=name,
        source=source,
        url=upload.url,
        size=len(upload.data),
        kind=upload.kind,
        created_at=context.arrivals.next(),
    )


def exceeded_limit(
    position: int, file_bytes: int, upload_bytes: int
) -> tuple[int, str] | None:
    """Code and message of the limit that a document exceeds, None where there is none.
    `position` counts from 0, `upload_bytes` is the sum up to and with this document.
    """
    if position >= LIMITS.files:
        return Code.TOO_MANY_FILES, f"more than {LIMITS.files} files in one upload"
    if file_bytes > LIMITS.file_bytes:
        return Code.FILE_TOO_LARGE, f"larger than {LIMITS.file_bytes // MEGABYTE} MB"
    if upload_bytes > LIMITS.upload_bytes:
        limit = f"{LIMITS.upload_bytes // MEGABYTE} MB"
        return (
            Code.FILES_TOO_LARGE,
            f"the files of this upload are together larger than {limit}",
        )
    return None


def empty(upload: Upload) -> tuple[int, str] | None:
    """Code and message where there is nothing to read, None where there is something."""
    if upload.data or upload.url:
        return None
    return Code.FILE_UNREADABLE, "the file is empty"


async def _store_and_read(
    context: RequestContext, file: KnowledgeFile, data: bytes, hook: str
) -> KnowledgeFile:
    """The file, stored and with its job begun; the stored one where the same document
    was added before.
    """
    store = context.ports.knowledge_bases
    stored = await store.files(context.project, [file.id])
    if stored and is_unchanged(stored[0], file):
        return stored[0]
    if file.code:  # there is nothing to read
        await store.put_file(file)
        return file
    file = replace(file, job=computed_id("document", file.id, file.created_at))
    if file.source:
        await context.ports.sources.put(data)
    await store.put_file(file)
    payload = DocumentPayload(
        knowledge_base=file.knowledge_base,
        file=file.id,
        name=file.name,
        source=file.source,
        url=file.url,
        kind=file.kind,
    )
    job_request = JobRequest(
        Scope(file.project, ""),
        file.job,
        payload,
        queue=Queue.FILES,
        id=file.job,
        webhook=hook,
        is_admitted=True,
    )
    await accept(context.ports, job_request)
    return file


def is_unchanged(stored: KnowledgeFile, file: KnowledgeFile) -> bool:
    """Whether nothing new was sent: the same bytes, or a URL that is being read or was
    read a moment ago.
    """
    if stored.status != "completed":
        return stored.status == "running"
    return (
        bool(file.source) or file.created_at - stored.created_at < DUPLICATE_WITHIN_MS
    )


async def page_of_files(
    context: RequestContext, knowledge_base: str, kind: str, offset: int, limit: int
) -> tuple[list[KnowledgeFile], int]:
    """Files of a knowledge base in the order they were added, and how many there are;
    only those of a `kind` where it is not ''. Raises `NotFound` 50120.
    """
    await require_knowledge_base(context, knowledge_base)
    stored = await context.ports.knowledge_bases.files(
        context.project, knowledge_base=knowledge_base
    )
    files = [file for file in stored if not kind or file.kind == kind]
    files.sort(key=lambda file: (file.created_at, file.id))
    return files[offset : offset + limit], len(files)


async def files_by_id(
    context: RequestContext, ids: Sequence[str], knowledge_base: str = ""
) -> list[KnowledgeFile]:
    """Files in the order of their ids. Raises `NotFound` 40001 for one that does not
    exist, or that is not in `knowledge_base` where one is named.
    """
    stored = await context.ports.knowledge_bases.files(context.project, ids)
    files = {file.id: file for file in stored}
    for file_id in ids:
        file = files.get(file_id)
        if file is None or knowledge_base not in ("", file.knowledge_base):
            raise NotFound(f"no file {file_id}", code=Code.NOT_THERE)
    return [files[file_id] for file_id in dict.fromkeys(ids)]


async def delete_files(
    context: RequestContext, ids: Sequence[str], knowledge_base: str = ""
) -> None:
    """Delete files and the memories that were read from them. Raises as `files_by_id`."""
    files = await files_by_id(context, ids, knowledge_base)
    context.usage.forget(context.project)
    store = context.ports.knowledge_bases
    await stop_reading(context, files)
    await store.delete_files(context.project, ids)
    for file in files:
        remaining = await store.files(
            context.project, knowledge_base=file.knowledge_base
        )
        # the same bytes may have been added under another name
        is_shared = any(other.source == file.source for other in remaining)
        if file.source and not is_shared:
            await context.ports.memories.delete_where(
                context.project, knowledge_base=file.knowledge_base, source=file.source
            )
    await leave_receipt(context, Erased.FILES, knowledge_base, {"files": len(files)})


async def stop_reading(context: RequestContext, files: Sequence[KnowledgeFile]) -> None:
    """Delete the jobs of files and the bytes that waited to be read."""
    job_ids = (file.job for file in files)
    jobs = await jobs_by_ids(context.ports.jobs, context.project, job_ids)
    await delete_jobs(context.ports, context.unguarded, context.project, jobs)
