"""Knowledge bases: create, delete; their files: add, get, delete."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from services.gateway.context.request_context import Context
from services.gateway.knowledge.delete_files import delete_files
from services.gateway.knowledge.knowledge_bases import (
    create_knowledge_base,
    delete_knowledge_base,
)
from services.gateway.knowledge.knowledge_files import (
    add_files,
    files_by_id,
    page_of_files,
)
from services.gateway.knowledge.sent_uploads import sent_uploads
from services.gateway.schemas.knowledge import (
    AddedFile,
    AddFiles,
    Created,
    CreateKnowledgeBase,
    DeleteFiles,
    DeleteKnowledgeBase,
    FileDetail,
    Files,
    FileType,
    GetFiles,
)
from services.gateway.schemas.memories import Done
from services.http import Envelope, Json, TolerantRoute, answer
from shared.domain.knowledge import KnowledgeFile

router = APIRouter(route_class=TolerantRoute, tags=["knowledge bases"])

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
    sent = await sent_uploads(request, knowledgebase_id, kind, webhook_url)
    context.remarks.extend(sent.remarks)
    files = await add_files(
        context, sent.knowledge_base, sent.uploads, sent.webhook_url
    )
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
