"""Documents as they are sent: as JSON or as a form, with what the query says besides."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from services.gateway.ingest.inline_files import decoded, is_url
from services.gateway.knowledge.knowledge_files import Upload
from services.gateway.schemas.knowledge import AddFiles, FileIn, KnowledgeBaseId
from services.gateway.schemas.remarked import SENT_IN_VAIN
from shared.errors import BadRequest

Model = TypeVar("Model", bound=BaseModel)

_MAX_PARTS = 1000
"""Parts of a form that are read; a form with more is refused."""

_OF_QUERY = ("type", "webhook_url")
"""Names that a form may send in vain: they belong in the query."""
_MOST_REMARKS, _SHOWN = 20, 60
"""Remarks on the fields of a form, and characters of such a name."""


@dataclass(frozen=True, slots=True)
class SentUploads:
    """What is to be read, for which knowledge base, and what there is to say of that."""

    knowledge_base: str
    uploads: list[Upload]
    webhook_url: str
    remarks: Sequence[str]


async def sent_uploads(
    request: Request, knowledge_base: str, kind: str, webhook_url: str
) -> SentUploads:
    """The documents of a request; the others are what its query says. Raises
    `RequestValidationError` and `BadRequest`.
    """
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        return await _of_form(request, knowledge_base, kind, webhook_url)
    asked = {"knowledgebase_id": knowledge_base, "webhook_url": webhook_url}
    given = await _read_json(request)
    body = _validated(AddFiles, _with_query(given, asked))
    remarks = [*body.remarks(), *_beside_body(given, asked)]
    uploads = await asyncio.to_thread(_decoded_uploads, body.file, kind)
    return SentUploads(body.knowledgebase_id, uploads, body.webhook_url, remarks)


async def _read_json(request: Request) -> Any:
    """The body of a request. Raises `BadRequest` where it is not JSON."""
    try:
        return await request.json()
    except ValueError as error:
        raise BadRequest(f"the body is not JSON: {error}") from error


def _validated(model: type[Model], given: Any) -> Model:
    """A body as a model. Raises as FastAPI does for the bodies that it validates."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problems = [
            {**problem, "loc": ("body", *problem["loc"])} for problem in error.errors()
        ]
        raise RequestValidationError(problems) from error


def _with_query(given: Any, asked: Mapping[str, str]) -> Any:
    """A JSON body with what the query says and the body does not."""
    if not isinstance(given, dict):
        return given
    return given | {name: v for name, v in asked.items() if v and not given.get(name)}


def _beside_body(given: Any, asked: Mapping[str, str]) -> Iterator[str]:
    """A remark for what the query says otherwise than a JSON body, which counts."""
    for name, value in asked.items():
        if value and given.get(name) not in (None, "", value):
            yield f"{name}: beside that of the body that of the query means nothing"


def _decoded_uploads(files: list[FileIn], kind: str) -> list[Upload]:
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


async def _of_form(
    request: Request, knowledge_base: str, kind: str, webhook_url: str
) -> SentUploads:
    """The knowledge base and the documents of a form. Raises `RequestValidationError`
    where either is missing.
    """
    async with request.form(max_files=_MAX_PARTS, max_fields=_MAX_PARTS) as form:
        named = knowledge_base or form.get("knowledgebase_id")
        body = _validated(KnowledgeBaseId, {"knowledgebase_id": named})
        parts = [part for _, part in form.multi_items()]
        texts = [name for name, part in form.items() if isinstance(part, str)]
        uploads = [
            Upload(part.filename or "", await part.read(), kind=kind)
            for part in parts
            if isinstance(part, UploadFile)
        ]
    if not uploads:  # to be refused as a JSON body without files is
        _validated(AddFiles, {"knowledgebase_id": body.knowledgebase_id})
    further = [name for name in texts if name not in ("knowledgebase_id", "file")]
    remarks = list(_remarks_on(further))
    return SentUploads(body.knowledgebase_id, uploads, webhook_url, remarks)


def _remarks_on(names: list[str]) -> Iterator[str]:
    """A remark for each text of a form that is not read, up to some."""
    for name in names[:_MOST_REMARKS]:
        if name in _OF_QUERY:
            yield f"{name}: means nothing in the form; it belongs in the query"
        elif name not in SENT_IN_VAIN:
            yield f"{name[:_SHOWN]}: there is no such field"
