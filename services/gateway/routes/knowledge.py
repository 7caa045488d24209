"""Knowledge bases: create, delete; their files: add, get, delete."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from services.gateway.context.request_context import Context
from services.gateway.ingest.inline_files import decoded, is_url
from services.gateway.knowledge import knowledge_bases as knowledge_bases
from services.gateway.knowledge.knowledge_bases import Upload
from services.gateway.schemas.knowledge import (
    AddedFile,
    AddFiles,
    Created,
    CreateKnowledgeBase,
    DeleteFiles,
    FileDetail,
    FileIn,
    Files,
    GetFiles,
    KnowledgeBaseId,
)
from services.gateway.schemas.memories import Done
from services.http import Envelope, Json, TolerantRoute, answer
from shared.domain.knowledge import KnowledgeFile
from shared.errors import BadRequest

router = APIRouter(route_class=TolerantRoute, tags=["knowledge bases"])

Model = TypeVar("Model", bound=BaseModel)

_MOST_PARTS = 1000
_MULTIPART = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "knowledgebase_id": {"type": "string"},
    },
}


def _in_one(model: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON schema without references: what is read by hand is not among the
    document's own schemas.
    """
    schema = model.model_json_schema()
    inner = schema.pop("$defs")
    fields = {
        name: _resolved(about, inner) for name, about in schema["properties"].items()
    }
    return {**schema, "properties": fields}


def _resolved(about: dict[str, Any], inner: dict[str, Any]) -> dict[str, Any]:
    items = about.get("items", {})
    return (
        {**about, "items": inner[items["$ref"].rpartition("/")[2]]}
        if "$ref" in items
        else about
    )


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": _in_one(AddFiles)},
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
    knowledge_base = await knowledge_bases.create(
        context, body.knowledgebase_name, body.knowledgebase_description
    )
    return answer(request, Created(id=knowledge_base.id))


@router.post(
    "/delete/knowledgebase",
    summary="Remove a knowledge base",
    response_model=Envelope[Done],
)
async def delete(request: Request, body: KnowledgeBaseId, context: Context) -> Json:
    """With its files and everything that was read from them."""
    await knowledge_bases.remove(context, body.knowledgebase_id)
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
    type: str = "document",
    webhook_url: str = "",
) -> Json:
    """As JSON, or as a form with the documents in `file` and the knowledge base in the query.

    They are read in the background: ask `get/knowledgebase-file`. One that cannot be
    read, or is over a limit, fails by itself.
    """
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        knowledge_base, uploads = await _form(request, knowledgebase_id, type)
    else:
        body = _validated(AddFiles, await _json(request))
        knowledge_base, uploads = (
            body.knowledgebase_id,
            await asyncio.to_thread(_decoded, body.file),
        )
        webhook_url = webhook_url or body.webhook_url
    return answer(
        request,
        [
            _added(file)
            for file in await knowledge_bases.add(
                context, knowledge_base, uploads, webhook_url
            )
        ],
    )


@router.post(
    "/get/knowledgebase-file",
    summary="How documents stand",
    response_model=Envelope[Files],
)
async def get_file(request: Request, body: GetFiles, context: Context) -> Json:
    """By their ids, or all of a knowledge base, page by page."""
    if body.file_ids:
        files = await knowledge_bases.named(
            context, body.file_ids, body.knowledgebase_id
        )
        total = len(files)
    else:
        offset = (body.page - 1) * body.page_size
        files, total = await knowledge_bases.page(
            context, body.knowledgebase_id, body.type, offset, body.page_size
        )
    shown = [_detail(file) for file in files]
    return answer(
        request,
        Files(
            file_detail_list=shown,
            total=total,
            page=body.page,
            page_size=body.page_size,
        ),
    )


@router.post(
    "/delete/knowledgebase-file",
    summary="Remove documents",
    response_model=Envelope[Done],
)
async def delete_file(request: Request, body: DeleteFiles, context: Context) -> Json:
    """With everything that was read from them."""
    await knowledge_bases.remove_files(context, body.file_ids, body.knowledgebase_id)
    return answer(request, Done(success=True))


async def _json(request: Request) -> Any:
    try:
        return await request.json()
    except ValueError as error:
        raise BadRequest(f"the body is not JSON: {error}") from error


def _validated(model: type[Model], given: Any) -> Model:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(
            [
                {**problem, "loc": ("body", *problem["loc"])}
                for problem in error.errors()
            ]
        ) from error


def _decoded(files: Sequence[FileIn]) -> list[Upload]:
    return [
        _upload(file, f"file.{position}.content") for position, file in enumerate(files)
    ]


def _upload(file: FileIn, field: str) -> Upload:
    if is_url(file.content):
        return Upload(file.name, url=file.content.strip(), kind=file.type)
    return Upload(file.name, decoded(file.content, field), kind=file.type)


async def _form(
    request: Request, knowledge_base: str, kind: str
) -> tuple[str, list[Upload]]:
    async with request.form(max_files=_MOST_PARTS, max_fields=_MOST_PARTS) as form:
        body = _validated(
            KnowledgeBaseId,
            {"knowledgebase_id": knowledge_base or form.get("knowledgebase_id")},
        )
        uploads = [
            Upload(part.filename or "", await part.read(), kind=kind)
            for part in _parts(form)
        ]
    if not uploads:
        _validated(AddFiles, {"knowledgebase_id": body.knowledgebase_id})
    return body.knowledgebase_id, uploads


def _parts(form: FormData) -> list[UploadFile]:
    return [value for _, value in form.multi_items() if isinstance(value, UploadFile)]


def _added(file: KnowledgeFile) -> AddedFile:
    return AddedFile(
        id=file.id,
        name=file.name,
        sizeMB=round(file.size / 1_000_000, 4),
        status=_status(file),
        type=file.kind,
        task_id=file.job or None,
    )


def _detail(file: KnowledgeFile) -> FileDetail:
    return FileDetail(
        id=file.id,
        name=file.name,
        size=f"{file.size / 1_000_000:.2f}MB",
        status=_status(file),
        type=file.kind,
        task_id=file.job or None,
        error_code=file.code or None,
        error_message=file.message or None,
    )


def _status(file: KnowledgeFile) -> Any:
    return file.status if file.status in ("completed", "failed") else "running"
