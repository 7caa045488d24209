"""Profiles, edited by hand (contract 1.11): fields are set and taken away.

A field is a memory of the type UserMemory ("basic.city: 上海"), so it is recalled like
any other. Any field may be set under any template's name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any

from services.gateway.context.request_context import RequestContext
from services.gateway.context.storage_quota import require_room
from services.gateway.memories.owner_hold import HeldOwner, hold_owner
from services.gateway.schemas.profiles import DeleteProfile, EditProfile
from services.gateway.wire.wire_times import now
from shared.contract import Code
from shared.domain.filter import Condition, Filter, Group
from shared.domain.memory import Embedded, Memory, Status
from shared.domain.profile import (
    FIELD,
    LOCK,
    PROFILE_TAG,
    TEMPLATE,
    TemplateField,
    field_id,
    field_memory,
    value_of,
)
from shared.domain.scope import Scope
from shared.errors import BadRequest, NotFound
from shared.jobs.owner_lease import owner_lease
from shared.language.search_text import searched_text, searched_words

MAX_DEPTH = 8
"""How deep the fields of a profile may be nested."""


@dataclass(frozen=True, slots=True)
class GivenField:
    """What a request says of one field; None is left as it is."""

    path: str
    value: str | None = None
    """"" takes the value away."""
    updatable: bool | None = None

    @property
    def of_template(self) -> TemplateField:
        """The field as a template has it."""
        is_updatable = self.updatable is not False
        return TemplateField(self.path, self.value or "", is_updatable)


async def edit_profile(context: RequestContext, request: EditProfile) -> None:
    """Set fields, then remove fields. Raises `BadRequest` for fields nested too deep,
    `NotFound` 40001 where a field is to be locked that has no value, `Forbidden` 40304
    where fields are new and the quota is used up; nothing is written then.
    """
    given = list(given_fields(request.metadata))
    emptied = [field.path for field in given if field.value == ""]
    gone = [_id(context, request, path) for path in emptied]
    async with hold_profiles(context, request.owner):
        memories = await _edited(context, request, given)
        await put_fields(context, memories)
        gone += await _named(context, request)
        if gone:
            await context.ports.memories.delete(context.project, gone)


async def _named(context: RequestContext, request: EditProfile) -> list[str]:
    """The ids of the fields that are named to be removed; a remark for each that there is
    not.
    """
    ids = {_id(context, request, path): path for path in request.remove_fields}
    store, project = context.ports.memories, context.project
    stored = await store.get(project, list(ids)) if ids else []
    existing = {memory.id for memory in stored}
    for id, path in ids.items():
        if id not in existing:
            context.remarks.append(f"remove_fields: there is no field {path}")
    return list(ids)


async def _edited(
    context: RequestContext, request: EditProfile, given: Sequence[GivenField]
) -> list[Memory]:
    """The memories of the fields that are to have a value."""
    ids = [_id(context, request, field.path) for field in given]
    entries = await context.ports.memories.get(context.project, ids) if ids else []
    stored = {m.id: m for m in entries if m.status is Status.ACTIVATED}
    scope = Scope(context.project, request.owner, agent=request.agent_id or "")
    at, edited = now(), []
    for id, field in zip(ids, given, strict=True):
        before = _as_it_is(stored[id]) if id in stored else None
        of_field = _changed(field, before)
        if of_field is not None:
            memory = field_memory(scope, request.profile_template_id, of_field, at)
            since = stored[id].created_at if id in stored else at
            edited.append(replace(memory, created_at=since))
    added = [memory for memory in edited if memory.id not in stored]
    if added:
        await require_room(context, 0, memories=len(added))
    return edited


def _changed(given: GivenField, before: TemplateField | None) -> TemplateField | None:
    """A field as it is to be, from what it is; None where nothing is to be written.
    Raises `NotFound` for the lock of a field that there is not.
    """
    if given.value == "" or (given.value is None and given.updatable is None):
        return None
    if before is None and given.value is None:
        if given.updatable:
            return None
        message = f"metadata: {given.path}: has no value, so it cannot be locked"
        raise NotFound(message, code=Code.NOT_THERE)
    if before is None:
        return given.of_template
    value = before.value if given.value is None else given.value
    updatable = before.updatable if given.updatable is None else given.updatable
    return replace(before, value=value, updatable=updatable)


def _as_it_is(memory: Memory) -> TemplateField:
    is_updatable = bool(memory.info.get(LOCK, True))
    return TemplateField(str(memory.info[FIELD]), value_of(memory), is_updatable)


def _id(context: RequestContext, request: EditProfile, path: str) -> str:
    template = request.profile_template_id
    return field_id(context.project, request.owner, template, path)


async def delete_profile(context: RequestContext, request: DeleteProfile) -> None:
    """Delete the profile of one template, or all profiles of an owner, with what binds
    the owner to them. That there is none is remarked.
    """
    template, owner = request.profile_template_id, request.owner
    async with hold_profiles(context, owner):
        if not await _has_profile(context, owner, template):
            which = f"profile by {template}" if template else "profile"
            remark = f"nothing was deleted: {owner} has no {which}"
            context.remarks.append(remark)
        await delete_fields(context, owner, template)
        await context.ports.profile_templates.unbind(context.project, owner, template)


async def _has_profile(context: RequestContext, owner: str, template: str) -> bool:
    """Whether an owner is bound to a template, or has a field of it; of any without one."""
    ports, project = context.ports, context.project
    if await ports.profile_templates.bindings(project, owner, template):
        return True
    condition = _fields_of(template)
    for status in Status:
        _, total = await ports.memories.page(
            project, owner, None, 0, 1, condition, status, expired=True
        )
        if total:
            return True
    return False


def hold_profiles(
    context: RequestContext, owner: str
) -> AbstractAsyncContextManager[HeldOwner]:
    """Hold the lease of an owner's memories, of which fields are some: a worker fills
    them meanwhile from what it reads. Raises `Unavailable`.
    """
    return hold_owner(context.ports.leases, owner_lease(context.project, owner))


async def put_fields(context: RequestContext, memories: Sequence[Memory]) -> None:
    """Write memories of fields with their vectors."""
    if not memories:
        return
    vectors = await context.ports.embedder.passages(list(map(searched_text, memories)))
    await context.ports.memories.put(
        [
            Embedded(memory, searched_words(memory), dense)
            for memory, dense in zip(memories, vectors, strict=True)
        ]
    )


async def delete_fields(context: RequestContext, owner: str, template: str) -> None:
    """Delete the fields of one template, or all fields of an owner."""
    condition = _fields_of(template)
    await context.ports.memories.delete_where(context.project, owner, condition)


def _fields_of(template: str) -> Filter:
    """What describes the fields of a template, or those of all."""
    condition = Condition("tags", "contains", PROFILE_TAG)
    if not template:
        return condition
    return Group("and", (condition, Condition(TEMPLATE, "eq", template)))


def given_fields(
    metadata: Mapping[str, Any], path: tuple[str, ...] = (), most: int = MAX_DEPTH
) -> Iterator[GivenField]:
    """The fields of nested metadata with their dotted paths. A field is an object with
    a `value` or with nothing but a lock, or a plain value; a list is one value. Raises
    `BadRequest` where they are nested deeper than `most`.
    """
    if len(path) > most:
        raise BadRequest(f"metadata: nested deeper than {most}")
    for name, given in metadata.items():
        field_path = (*path, str(name))
        whole = ".".join(field_path)
        if not isinstance(given, Mapping):
            yield GivenField(whole, _written(given))
        elif "value" in given or set(given) == {LOCK}:
            value = _written(given.get("value"))
            yield GivenField(whole, value, _is_updatable(whole, given.get(LOCK)))
        else:
            yield from given_fields(given, field_path, most)


def _is_updatable(path: str, given: Any) -> bool | None:
    """What a lock says, as JSON or as text; None where it says nothing."""
    written = given.strip().lower() if isinstance(given, str) else given
    if written in ("", None):
        return None
    if written in (True, "true"):
        return True
    if written in (False, "false"):
        return False
    raise BadRequest(f"metadata: {path}.{LOCK}: true or false is expected")


def _written(value: Any) -> str | None:
    """A value as text: the words themselves, or JSON of what is none."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(_written(entry) or "" for entry in value)
    return json.dumps(value, ensure_ascii=False)
