"""Knowledge bases: create, delete; their files: add, get, delete."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from services.gateway.context.request_context import Context
from services.gateway.ingest.inline_files import decoded, is_url
from services.gateway.knowledge.delete_files import delete_files
from services.gateway.knowledge.knowledge_bases import (
    create_knowledge_base,
    delete_knowledge_base,
)
from services.gateway.knowledge.knowledge_files import (
    Upload,
    add_files,
    files_by_id,
    page_of_files,
)
from services.gateway.schemas.knowledge import (
    AddedFile,
    AddFiles,
    Created,
    CreateKnowledgeBase,
    DeleteFiles,
    DeleteKnowledgeBase,
    FileDetail,
    FileIn,
    Files,
    FileType,
    GetFiles,
    KnowledgeBaseId,
)
from services.gateway.schemas.memories import Done
from services.gateway.schemas.remarked import SENT_IN_VAIN
from services.http import Envelope, Json, TolerantRoute, answer
from shared.domain.knowledge import KnowledgeFile
from shared.errors import BadRequest

router = APIRouter(route_class=TolerantRoute, tags=["knowledge bases"])

Model = TypeVar("Model", bound=BaseModel)

_MAX_PARTS = 1000
"""Parts of a form that are read; a form with more is refused."""

_OF_QUERY = ("type", "webhook_url")
"""Names that a form may send in vain: they belong in the query."""
_MOST_REMARKS, _SHOWN = 20, 60
"""Remarks on the fields of a form, and characters of such a name."""

_MEGABYTE = 1_000_000
"""Bytes, in answers; limits count 1024 * 1024."""

_MULTIPART = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "knowledgebase_id": {"type": "string"},
    },
}


def _inlined_schema(model: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON schema without references: a body that is parsed by hand is not
    among the document's own schemas.
    """
    schema = model.model_json_schema()
    definitions = schema.pop("$defs")
    properties = {}
    for name, field in schema["properties"].items():
        reference = field.get("items", {}).get("$ref")
        if reference:
            field = {**field, "items": definitions[reference.rpartition("/")[2]]}
        properties[name] = field
    return {**schema, "properties": properties}


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _inlined_schema(AddFiles)},
            "multipart/form-data": {"schema": _MULTIPART},
        },
    }
}


@router.post(
    "/create/knowledgebase",
    summary="A new knowledge base",
    response_model=Envelope[Created],
)
async def create(request: Request, body: CreateKnowledgeBase, context: Context) -> Json:
    """It belongs to the project; a search sees it when it is named in `knowledgebase_ids`."""
    knowledge_base = await create_knowledge_base(
        context, body.knowledgebase_name, body.knowledgebase_description
    )
    created = Created(id=knowledge_base.id)
    return answer(request, created, remarks=body.remarks())


@router.post(
    "/delete/knowledgebase",
    summary="Remove a knowledge base",
    response_model=Envelope[Done],
)
async def delete(request: Request, body: DeleteKnowledgeBase, context: Context) -> Json:
    """With its files and everything that was read from them."""
    await delete_knowledge_base(context, body.knowledgebase_id)
    return answer(request, Done(success=True))


@router.post(
    "/add/knowledgebase-file",
    summary="Add documents",
    response_model=Envelope[list[AddedFile]],
    openapi_extra=_BODY,
)
async def add_file(
    request: Request,
    context: Context,
    knowledgebase_id: str = "",
    kind: Annotated[FileType, Query(alias="type")] = "document",
    webhook_url: str = "",
) -> Json:
    """As JSON, or as a form with the documents in `file` and the knowledge base in the query.
    What the query says counts for JSON too, where the body does not say it.

    They are read in the background: ask `get/knowledgebase-file`. One that cannot be
    read, or is over a limit, fails by itself.
    """
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        form = await read_form(request, knowledgebase_id, kind)
        knowledge_base, uploads = form.knowledge_base, form.uploads
        context.remarks.extend(_remarks_on(form.further))
    else:
        asked = {"knowledgebase_id": knowledgebase_id, "webhook_url": webhook_url}
        given = await read_json(request)
        body = validated(AddFiles, with_query(given, asked))
        context.remarks.extend([*body.remarks(), *_beside_body(given, asked)])
        knowledge_base, webhook_url = body.knowledgebase_id, body.webhook_url
        uploads = await asyncio.to_thread(decode_uploads, body.file, kind)
    files = await add_files(context, knowledge_base, uploads, webhook_url)
    added = [added_file(file) for file in files]
    return answer(request, added, remarks=context.remarks)


@router.post(
    "/get/knowledgebase-file",
    summary="The state of documents",
    response_model=Envelope[Files],
)
async def get_file(request: Request, body: GetFiles, context: Context) -> Json:
    """By their ids, or all of a knowledge base, page by page."""
    if body.file_ids:
        files = await files_by_id(context, body.file_ids, body.knowledgebase_id)
        total = len(files)
    else:
        offset = (body.page - 1) * body.page_size
        files, total = await page_of_files(
            context, body.knowledgebase_id, body.type, offset, body.page_size
        )
    page = Files(
        file_detail_list=[file_detail(file) for file in files],
        total=total,
        page=body.page,
        page_size=body.page_size,
        remarks=list(body.remarks()) or None,
    )
    return answer(request, page)


@router.post(
    "/delete/knowledgebase-file",
    summary="Remove documents",
    response_model=Envelope[Done],
)
async def delete_file(request: Request, body: DeleteFiles, context: Context) -> Json:
    """With everything that was read from them."""
    await delete_files(context, body.file_ids, body.knowledgebase_id)
    return answer(request, Done(success=True, remarks=list(body.remarks()) or None))


async def read_json(request: Request) -> Any:
    """The body of a request. Raises `BadRequest` where it is not JSON."""
    try:
        return await request.json()
    except ValueError as error:
        raise BadRequest(f"the body is not JSON: {error}") from error


def validated(model: type[Model], given: Any) -> Model:
    """A body as a model. Raises as FastAPI does for the bodies that it validates."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problems = [
            {**problem, "loc": ("body", *problem["loc"])} for problem in error.errors()
        ]
        raise RequestValidationError(problems) from error


def with_query(given: Any, asked: Mapping[str, str]) -> Any:
    """A JSON body with what the query says and the body does not."""
    if not isinstance(given, dict):
        return given
    return given | {name: v for name, v in asked.items() if v and not given.get(name)}


def _beside_body(given: Any, asked: Mapping[str, str]) -> Iterator[str]:
    """A remark for what the query says otherwise than a JSON body, which counts."""
    for name, value in asked.items():
        if value and given.get(name) not in (None, "", value):
            yield f"{name}: beside that of the body that of the query means nothing"


def decode_uploads(files: list[FileIn], kind: str) -> list[Upload]:
    """The documents of a JSON body: URLs, or bytes in base64; `kind` where one does not
    say its own. Each is taken out of `files`, so that not all are there twice. Raises
    `BadRequest`.
    """
    uploads: list[Upload] = []
    files.reverse()
    while files:
        file, position = files.pop(), len(uploads)
        file_kind = file.type or kind
        if is_url(file.content):
            upload = Upload(file.name, url=file.content.strip(), kind=file_kind)
        else:
            data = decoded(file.content, f"file.{position}.content")
            upload = Upload(file.name, data, kind=file_kind)
        uploads.append(upload)
    return uploads


@dataclass(frozen=True, slots=True)
class UploadForm:
    """What a form holds."""

    knowledge_base: str
    uploads: list[Upload]
    further: list[str]
    """Names of texts in it that are not read."""


async def read_form(request: Request, knowledge_base: str, kind: str) -> UploadForm:
    """The knowledge base and the documents of a form. Raises `RequestValidationError`
    where either is missing.
    """
    async with request.form(max_files=_MAX_PARTS, max_fields=_MAX_PARTS) as form:
        named = knowledge_base or form.get("knowledgebase_id")
        body = validated(KnowledgeBaseId, {"knowledgebase_id": named})
        parts = [part for _, part in form.multi_items()]
        texts = [name for name, part in form.items() if isinstance(part, str)]
        uploads = [
            Upload(part.filename or "", await part.read(), kind=kind)
            for part in parts
            if isinstance(part, UploadFile)
        ]
    if not uploads:  # to be refused as a JSON body without files is
        validated(AddFiles, {"knowledgebase_id": body.knowledgebase_id})
    further = [name for name in texts if name not in ("knowledgebase_id", "file")]
    return UploadForm(body.knowledgebase_id, uploads, further)


def _remarks_on(names: list[str]) -> Iterator[str]:
    """A remark for each text of a form that is not read, up to some."""
    for name in names[:_MOST_REMARKS]:
        if name in _OF_QUERY:
            yield f"{name}: means nothing in the form; it belongs in the query"
        elif name not in SENT_IN_VAIN:
            yield f"{name[:_SHOWN]}: there is no such field"


def added_file(file: KnowledgeFile) -> AddedFile:
    """A document as add/knowledgebase-file answers it."""
    return AddedFile(
        id=file.id,
        name=file.name,
        sizeMB=round(file.size / _MEGABYTE, 4),
        status=file_status(file),
        type=file.kind,
        task_id=file.job or None,
    )


def file_detail(file: KnowledgeFile) -> FileDetail:
    """A document as get/knowledgebase-file answers it."""
    return FileDetail(
        id=file.id,
        name=file.name,
        size=f"{file.size / _MEGABYTE:.2f}MB",
        status=file_status(file),
        type=file.kind,
        task_id=file.job or None,
        error_code=file.code or None,
        error_message=file.message or None,
    )


def file_status(file: KnowledgeFile) -> Any:
    """completed, failed, or running for every other state."""
    return file.status if file.status in ("completed", "failed") else "running"
