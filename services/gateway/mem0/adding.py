"""Adds of mem0's dialect: by `infer` read into memories by a worker, or kept as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.add_messages import add_messages
from services.gateway.mem0.categories import candidate_tags
from services.gateway.mem0.entities import FIELDS, EntityIds
from services.gateway.mem0.mem0_route import validated
from services.gateway.mem0.present import NO_GRAPH
from services.gateway.mem0.sent_times import moment_of
from services.gateway.schemas.add import AddMessage
from services.gateway.schemas.mem0 import AddMemories, Mem0Message
from shared.domain.job import Job
from shared.domain.project_settings import ALL
from shared.errors import BadRequest, NotFound
from shared.jobs.lookup import jobs_by_ids

_FILES = ("pdf_url", "mdx_url", "txt_url", "file_url", "docx_url")
"""Parts that hold the address, or the bytes, of a document."""
_OF_READING = ("custom_categories", "custom_instructions", "includes", "excludes")
"""Fields that say how messages are read into memories."""


def entities_of(request: AddMemories) -> EntityIds:
    """Whose memories they become: named at the top or in `filters`."""
    given: dict[str, Any] = {**(request.filters or {})}
    for name in FIELDS:
        given[name] = getattr(request, name) or given.get(name)
    texts = {name: str(id) for name, id in given.items() if id}
    return EntityIds(
        texts.get("user_id", ""),
        texts.get("agent_id", ""),
        texts.get("app_id", ""),
        texts.get("run_id", ""),
    )


def refuse_unserved(request: AddMemories) -> None:
    """Raises `BadRequest` for what would change what is stored and is not served."""
    if request.immutable:
        raise BadRequest("immutable: not served; every memory can be updated")
    if request.structured_data_schema:
        raise BadRequest("structured_data_schema: not served; use metadata")


async def add(context: RequestContext, request: AddMemories, fingerprint: str) -> Job:
    """The job that reads the messages; ended where it was waited for. Raises what
    `add_messages` raises.
    """
    entities = entities_of(request)
    accepted = await add_messages(
        context, await as_cloud_request(context, request, entities), fingerprint
    )
    context.remarks.extend(accepted.remarks or ())
    jobs = await jobs_by_ids(context.ports.jobs, context.project, [accepted.task_id])
    if not jobs:
        raise NotFound(f"the event {accepted.task_id} was deleted meanwhile")
    return jobs[0]


async def as_cloud_request(
    context: RequestContext, request: AddMemories, entities: EntityIds
) -> AddMessage:
    """The same add in the Cloud's form."""
    said_at = moment_of(request.timestamp, context)
    chat_time = datetime.fromtimestamp(said_at / 1000, UTC).isoformat()
    return validated(
        AddMessage,
        {
            "user_id": entities.owner,
            "agent_id": entities.agent,
            "app_id": entities.app,
            "conversation_id": entities.run,
            "messages": [
                cloud_message(message, chat_time if said_at else "")
                for message in request.messages
            ],
            "async_mode": request.async_mode,
            "info": request.metadata,
            "tags": await candidate_tags(context, request.custom_categories),
            "custom_extract_prompt": instructions_of(request),
            "expiration_date": request.expiration_date,
        },
    )


def cloud_message(message: Mem0Message, chat_time: str) -> dict[str, Any]:
    """One message in the Cloud's form: content parts of mem0 become those of it."""
    sent = message.model_dump(exclude_unset=True)
    content = sent.get("content")
    if isinstance(content, Mapping):
        content = [content]
    if isinstance(content, list):
        content = [cloud_part(part) for part in content]
    sent["content"] = content
    sent["role"] = message.role
    if chat_time:
        sent.setdefault("chat_time", chat_time)
    return sent


def cloud_part(part: Any) -> Any:
    """`{"type": "pdf_url", "pdf_url": {"url": ...}}` as a part with a file; what else
    stands beside the address goes along.
    """
    if not isinstance(part, Mapping) or part.get("type") not in _FILES:
        return part
    holder = part.get(str(part["type"]))
    file = dict(holder) if isinstance(holder, Mapping) else {"url": holder}
    return {"type": "file", "file": {"file_data": file.pop("url", None), **file}}


def instructions_of(request: AddMemories) -> dict[str, str]:
    """The instructions to a language model that extracts, for this add."""
    lines = [request.custom_instructions]
    if not request.user_id and request.agent_custom_instructions:
        lines = [request.agent_custom_instructions]
    if request.includes:
        lines.append(f"Keep in particular: {request.includes}")
    if request.excludes:
        lines.append(f"Leave out: {request.excludes}")
    text = "\n".join(line for line in lines if line)
    return {ALL: text} if text else {}


def remarks_on(request: AddMemories) -> list[str]:
    """What was asked for and has no effect, for people."""
    remarks = list(_in_vain(request))
    if request.enable_graph:
        remarks.append(NO_GRAPH)
    return remarks


def _in_vain(request: AddMemories) -> Iterator[str]:
    """Of what another field leaves without effect, a remark each."""
    for name, value in (request.filters or {}).items():
        if value and name not in FIELDS:
            yield f"filters.{name[:60]}: there is no such field"
    if request.user_id and request.agent_custom_instructions:
        yield "agent_custom_instructions: has no effect beside user_id"
    if not request.infer:
        asked = [name for name in _OF_READING if getattr(request, name)]
        yield from (f"{name}: has no effect with infer false" for name in asked)
