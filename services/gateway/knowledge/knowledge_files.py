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
from services.gateway.wire.wire_times import now
from shared.contract import LIMITS, MEGABYTE, Code, FileStatus
from shared.domain.identity import computed_id, digest
from shared.domain.job import Job
from shared.domain.job_payload import DocumentPayload, Queue
from shared.domain.knowledge import KnowledgeFile
from shared.domain.scope import Scope
from shared.errors import NotFound
from shared.jobs.lookup import job_by_id

INTERRUPTED_AFTER_MS = 60_000
"""Milliseconds after which a file without a job is taken to be left without one."""
INTERRUPTED = "its reading was interrupted: send it again"


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
    hook = await webhook(context, webhook_url)
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
    was added before. What an earlier job has read of it stays until this one has read it.
    """
    store = context.ports.knowledge_bases
    for stored in await store.files(context.project, [file.id]):
        reading = await _job_of(context, stored)
        if is_unchanged(stored, file, reading):
            return stored
        file = replace(file, source=stored.source, size=file.size or stored.size)
        if reading is None:
            # It was interrupted before it wrote its job down, or does so at this moment.
            file = replace(file, job=stored.job)
    if file.code:  # there is nothing to read
        await store.put_file(file)
        return file
    job = file.job or computed_id("document", file.id, file.created_at)
    file = replace(file, job=job)
    if data:
        await context.ports.sources.put(data)
    await store.put_file(file)
    await accept(context.ports, _job_request(file, hook))
    return file


async def _job_of(context: RequestContext, file: KnowledgeFile) -> Job | None:
    """The job that a file names; None where it is not there."""
    return await job_by_id(context.ports.jobs, context.project, file.job)


def _job_request(file: KnowledgeFile, hook: str) -> JobRequest:
    payload = DocumentPayload(
        knowledge_base=file.knowledge_base,
        file=file.id,
        name=file.name,
        # What a page was when it was read before is not what is to be read now.
        source="" if file.url else file.source,
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
        is_admitted=True,
    )


def is_unchanged(
    stored: KnowledgeFile, file: KnowledgeFile, reading: Job | None
) -> bool:
    """Whether nothing new was sent: the same bytes, or a URL that is being read by a job
    (`reading`) or was read a moment ago.
    """
    if stored.status == FileStatus.COMPLETED:
        is_recent = file.created_at - stored.created_at < DUPLICATE_WITHIN_MS
        return bool(file.source) or is_recent
    is_being_read = reading is not None and not reading.state.final
    return stored.status != FileStatus.FAILED and is_being_read


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
    page = files[offset : offset + limit]
    return [await _as_it_stands(context, file) for file in page], len(files)


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
    return [
        await _as_it_stands(context, files[file_id]) for file_id in dict.fromkeys(ids)
    ]


async def _as_it_stands(context: RequestContext, file: KnowledgeFile) -> KnowledgeFile:
    """The file; failed where no job is there to read it, or that has ended without a word
    on it.
    """
    is_ended = file.status in (FileStatus.COMPLETED, FileStatus.FAILED)
    if is_ended or file.created_at > now() - INTERRUPTED_AFTER_MS:
        return file
    reading = await _job_of(context, file)
    if reading is not None and not reading.state.final:
        return file
    return replace(
        file, status=FileStatus.FAILED, code=Code.BROKEN, message=INTERRUPTED
    )
