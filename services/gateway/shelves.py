"""Knowledge bases: shelves of a project, and the documents on them. A document is read by a job of its own (work "document").

The body of such a job: `knowledge_base` and `file` (ids of the shelf and of the file), `name`, `source` or `url`, `kind`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from services.gateway.accept import SAME_WITHIN, Order, accept
from services.gateway.desk import Desk
from services.gateway.discard import discard
from services.gateway.times import now
from services.gateway.webhooks import webhook
from services.gateway.withdraw import call_off, jobs_named
from services.http.codes import FILE_TOO_LARGE, FILES_TOO_LARGE, NOT_THERE, TOO_MANY_FILES, UNKNOWN_SHELF
from shared.domain.identity import computed_id, digest
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.scope import Scope
from shared.errors import NotFound

MOST_FILES, LARGEST, MOST_BYTES = 20, 100 * 1024**2, 300 * 1024**2


@dataclass(frozen=True, slots=True)
class Upload:
    """A document as it came: bytes, or a URL to fetch it from."""

    name: str
    data: bytes = b""
    url: str = ""
    kind: str = "document"


async def create(desk: Desk, name: str, description: str) -> KnowledgeBase:
    """A new shelf."""
    at = now()
    shelf = KnowledgeBase(computed_id("knowledge base", desk.project, name, at), desk.project, name, description, at)
    await desk.ports.shelves.put(shelf)
    return shelf


async def known(desk: Desk, id: str) -> KnowledgeBase:
    """The shelf. Raises `NotFound` 50120."""
    shelf = await desk.ports.shelves.get(desk.project, id)
    if shelf is None:
        raise NotFound(f"no knowledge base {id}", code=UNKNOWN_SHELF)
    return shelf


async def all_known(desk: Desk, ids: Iterable[str]) -> None:
    """Raises `NotFound` 50120 when one of the shelves is not there."""
    for id in ids:
        await known(desk, id)


async def remove(desk: Desk, id: str) -> None:
    """Take a shelf down, with its files and the memories of them. Raises `NotFound` 50120."""
    await known(desk, id)
    files = await desk.ports.shelves.files(desk.project, knowledge_base=id)
    await _stopped(desk, files)
    await desk.ports.memories.delete_where(desk.project, knowledge_base=id)
    await desk.ports.shelves.delete_files(desk.project, [file.id for file in files])
    await desk.ports.shelves.delete(desk.project, id)


async def add(desk: Desk, shelf: str, uploads: Sequence[Upload], webhook_url: str = "") -> list[KnowledgeFile]:
    """Put documents on a shelf; one that is over a limit is there as failed. Raises `NotFound` 50120, and as `webhook`."""
    await known(desk, shelf)
    hook = webhook(desk, webhook_url)
    read, files = 0, []
    for position, upload in enumerate(uploads):
        read += len(upload.data)
        file = _over_limits(_file(desk.project, shelf, upload, desk.arrivals.next()), position, read)
        files.append(await _begun(desk, file, upload, hook))
    return files


def _file(project: str, shelf: str, upload: Upload, at: int) -> KnowledgeFile:
    source = digest(upload.data) if upload.data else ""
    name = upload.name or upload.url.rstrip("/").rpartition("/")[2] or source[:12]
    return KnowledgeFile(computed_id("file", project, shelf, name, source or upload.url), shelf, project, name, source, upload.url,
                         len(upload.data), kind=upload.kind, created_at=at)


def _over_limits(file: KnowledgeFile, position: int, read: int) -> KnowledgeFile:
    if position >= MOST_FILES:
        return _failed(file, TOO_MANY_FILES, f"more than {MOST_FILES} files in one upload")
    if file.size > LARGEST:
        return _failed(file, FILE_TOO_LARGE, f"larger than {LARGEST // 1024**2} MB")
    if read > MOST_BYTES:
        return _failed(file, FILES_TOO_LARGE, f"the files of this upload are together larger than {MOST_BYTES // 1024**2} MB")
    return file


def _failed(file: KnowledgeFile, code: int, message: str) -> KnowledgeFile:
    return replace(file, status="failed", code=code, message=message)


async def _begun(desk: Desk, file: KnowledgeFile, upload: Upload, hook: str) -> KnowledgeFile:
    """The file with its job; the one that is there when the same document was put there before."""
    there = next(iter(await desk.ports.shelves.files(desk.project, [file.id])), None)
    if there is not None and _same(there, file):
        return there
    file = replace(file, job="" if file.code else computed_id("document", file.id, file.created_at))
    if file.source and not file.code:
        await desk.ports.sources.put(upload.data)
    await desk.ports.shelves.put_file(file)
    if file.job:
        await accept(desk.ports, _order(file, hook))
    return file


def _same(there: KnowledgeFile, file: KnowledgeFile) -> bool:
    """Whether nothing new was sent: the same bytes, or a URL that is being read or was a moment ago."""
    if there.status != "completed":
        return there.status == "running"
    return bool(file.source) or file.created_at - there.created_at < SAME_WITHIN


def _order(file: KnowledgeFile, hook: str) -> Order:
    body = {"knowledge_base": file.knowledge_base, "file": file.id, "name": file.name, "source": file.source, "url": file.url,
            "kind": file.kind}
    return Order(Scope(file.project, ""), file.job, work="document", queue="files", body=body, id=file.job, webhook=hook)


async def page(desk: Desk, shelf: str, kind: str, offset: int, limit: int) -> tuple[list[KnowledgeFile], int]:
    """Files of a shelf in the order they came, and how many there are. Raises `NotFound` 50120."""
    await known(desk, shelf)
    files = [file for file in await desk.ports.shelves.files(desk.project, knowledge_base=shelf) if not kind or file.kind == kind]
    files.sort(key=lambda file: (file.created_at, file.id))
    return files[offset:offset + limit], len(files)


async def named(desk: Desk, ids: Sequence[str], shelf: str = "") -> list[KnowledgeFile]:
    """Files by id, in that order. Raises `NotFound` for one that is not there."""
    found = {file.id: file for file in await desk.ports.shelves.files(desk.project, ids)}
    for id in ids:
        if id not in found or (shelf and found[id].knowledge_base != shelf):
            raise NotFound(f"no file {id}", code=NOT_THERE)
    return [found[id] for id in dict.fromkeys(ids)]


async def remove_files(desk: Desk, ids: Sequence[str], shelf: str = "") -> None:
    """Take files off their shelves, with the memories of them. Raises `NotFound` for one that is not there."""
    files = await named(desk, ids, shelf)
    await _stopped(desk, files)
    await desk.ports.shelves.delete_files(desk.project, ids)
    for file in files:
        left = await desk.ports.shelves.files(desk.project, knowledge_base=file.knowledge_base)
        if file.source and not any(other.source == file.source for other in left):  # the same bytes may lie there under another name
            await desk.ports.memories.delete_where(desk.project, knowledge_base=file.knowledge_base, source=file.source)


async def _stopped(desk: Desk, files: Sequence[KnowledgeFile]) -> None:
    """Their jobs called off, their bytes thrown away."""
    jobs = await jobs_named(desk.ports, desk.project, (file.job for file in files))
    await call_off(desk.ports, jobs)
    await discard(desk.ports, jobs)
