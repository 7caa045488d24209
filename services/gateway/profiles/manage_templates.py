"""Templates of profiles: made, listed, changed, deleted, and bound to users and agents
(contract 1.11).

A bound template is a profile: its fields begin with the template's values, what is said
fills those that may change (`workers.pipeline.profiles`), and a change of the template
reaches every profile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from services.gateway.context.request_context import RequestContext
from services.gateway.context.storage_quota import require_room
from services.gateway.profiles.edit_profiles import (
    delete_fields,
    given_fields,
    hold_profiles,
    put_fields,
)
from services.gateway.schemas.profiles import (
    AddTemplate,
    BindProfiles,
    ListTemplates,
    TemplateSummary,
    UpdateTemplate,
    WholeTemplate,
)
from services.gateway.wire.wire_times import now
from shared.contract import Code
from shared.domain.memory import Memory
from shared.domain.profile import (
    LOCK,
    ProfileBinding,
    ProfileTemplate,
    TemplateField,
    binding_id,
    field_id,
    field_memory,
    value_of,
)
from shared.domain.scope import Scope
from shared.errors import BadRequest, NotFound

MAX_LEVELS = 3
"""How deep the fields of a template may be nested: two categories and the field."""


async def add_template(context: RequestContext, request: AddTemplate) -> str:
    """The id of a new template. Raises `BadRequest` for metadata without fields, or
    nested too deep.
    """
    at = now()
    template = ProfileTemplate(
        id=str(uuid4()),
        project=context.project,
        name=request.name.strip(),
        fields=_fields(request.metadata),
        created_at=at,
        updated_at=at,
    )
    await context.ports.profile_templates.put(template)
    return template.id


async def template_of(context: RequestContext, id: str) -> ProfileTemplate:
    """A template. Raises `NotFound` 40001."""
    templates = await context.ports.profile_templates.get(context.project, [id])
    if not templates:
        raise NotFound(f"no profile template {id}", code=Code.NOT_THERE)
    return templates[0]


async def list_templates(
    context: RequestContext, request: ListTemplates
) -> tuple[list[TemplateSummary], int]:
    """One page of the project's templates, newest first, and the number of all."""
    store, project = context.ports.profile_templates, context.project
    templates = await store.all(project)
    start = (request.page - 1) * request.size
    counts: dict[str, int] = {}
    for binding in await store.bindings(project):
        counts[binding.template] = counts.get(binding.template, 0) + 1
    page = templates[start : start + request.size]
    summaries = [TemplateSummary(**_summary(t, counts.get(t.id, 0))) for t in page]
    return summaries, len(templates)


async def whole_template(context: RequestContext, id: str) -> WholeTemplate:
    """A template with its fields. Raises `NotFound` 40001."""
    template = await template_of(context, id)
    bindings = await context.ports.profile_templates.bindings(
        context.project, template=id
    )
    summary = _summary(template, len(bindings))
    return WholeTemplate(**summary, metadata=nested(template.fields))


async def update_template(context: RequestContext, request: UpdateTemplate) -> None:
    """Change a template and every profile by it: new fields come with their values,
    those that the new metadata lacks go, changed ones are overwritten, the others stay
    as they are. Raises `NotFound` 40001, `BadRequest`, `Forbidden` 40304 where profiles
    would get fields and the quota is used up; nothing is changed then.
    """
    old = await template_of(context, request.profile_template_id)
    fields = _fields(request.metadata) if request.metadata else old.fields
    name = request.name.strip() or old.name
    new = replace(old, name=name, fields=fields, updated_at=now())
    changed = replace(new, fields=_changed_fields(old, new))
    await _require_room(context, [(o, changed) for o in await _owners(context, old.id)])
    await context.ports.profile_templates.put(new)
    for owner in await _owners(context, old.id):  # those bound since included
        async with hold_profiles(context, owner):
            await _apply_change(context, owner, old, new)


async def delete_template(context: RequestContext, id: str) -> int:
    """Delete a template and all profiles by it; the number of these. Raises `NotFound`
    40001.
    """
    await template_of(context, id)
    store, project = context.ports.profile_templates, context.project
    bindings = await store.bindings(project, template=id)
    for binding in bindings:
        async with hold_profiles(context, binding.owner):
            await delete_fields(context, binding.owner, id)
    await store.delete(project, id)
    return len(bindings)


async def bind_templates(context: RequestContext, request: BindProfiles) -> None:
    """Give each owner a profile: the values of the template, where the owner has no own.
    An id that no template of the project has is kept as a name. Raises `Forbidden` 40304
    where owners would get fields and the quota is used up; nothing is bound then.
    """
    at = now()
    bindings = [
        ProfileBinding(
            id=binding_id(context.project, entry.owner, entry.profile_template_id),
            project=context.project,
            owner=entry.owner,
            template=entry.profile_template_id,
            created_at=at,
        )
        for entry in request.bind_list
    ]
    templates = await _templates_of(context, bindings)
    distinct = {new.id: new for new in bindings if new.template in templates}
    profiles = [(new.owner, templates[new.template]) for new in distinct.values()]
    await _require_room(context, profiles)
    await context.ports.profile_templates.bind(bindings)
    # Read again: a template that was changed meanwhile did not know of these owners.
    templates = await _templates_of(context, bindings)
    for entry in request.bind_list:
        template = templates.get(entry.profile_template_id)
        if template is not None:
            scope = Scope(context.project, entry.owner, agent=entry.agent_id or "")
            async with hold_profiles(context, entry.owner):
                await _add_missing(context, scope, template)


def nested(fields: Sequence[TemplateField]) -> dict[str, Any]:
    """Fields as the wire nests them: `{category: {name: {"value", "algorithm_updatable"}}}`."""
    tree: dict[str, Any] = {}
    for field in fields:
        *categories, name = field.path.split(".")
        place = tree
        for category in categories:
            place = place.setdefault(category, {})
        place[name] = {"value": field.value, LOCK: field.updatable}
    return tree


async def _require_room(
    context: RequestContext, profiles: Sequence[tuple[str, ProfileTemplate]]
) -> None:
    """Raises `Forbidden` 40304 where the quota is used up and these owners lack fields of
    their templates that have a value: each becomes a memory.
    """
    missing = 0
    for owner, template in profiles:
        ids = [
            field_id(context.project, owner, template.id, field.path)
            for field in template.fields
            if field.value
        ]
        missing += len(ids) - len(await _stored(context, ids))
    if missing:
        await require_room(context, 0, memories=missing)


async def _owners(context: RequestContext, template: str) -> list[str]:
    """Whose profiles are by a template."""
    store = context.ports.profile_templates
    bindings = await store.bindings(context.project, template=template)
    return [binding.owner for binding in bindings]


async def _templates_of(
    context: RequestContext, bindings: Sequence[ProfileBinding]
) -> dict[str, ProfileTemplate]:
    """By id, those that there are."""
    ids = list(dict.fromkeys(binding.template for binding in bindings))
    stored = await context.ports.profile_templates.get(context.project, ids)
    return {template.id: template for template in stored}


def _changed_fields(
    old: ProfileTemplate, new: ProfileTemplate
) -> tuple[TemplateField, ...]:
    before = {field.path: field for field in old.fields}
    return tuple(field for field in new.fields if field != before.get(field.path))


async def _add_missing(
    context: RequestContext, scope: Scope, template: ProfileTemplate
) -> None:
    memories = [
        field_memory(scope, template.id, field, now())
        for field in template.fields
        if field.value
    ]
    existing = await _stored(context, [memory.id for memory in memories])
    await put_fields(context, [m for m in memories if m.id not in existing])


async def _apply_change(
    context: RequestContext, owner: str, old: ProfileTemplate, new: ProfileTemplate
) -> None:
    """What a change of a template changes in the profile of one owner."""
    before = {field.path: field for field in old.fields}
    after = {field.path: field for field in new.fields}
    ids = {
        path: field_id(context.project, owner, old.id, path)
        for path in {**before, **after}
    }
    existing = await _stored(context, list(ids.values()))
    removed = [ids[path] for path in before if path not in after]
    written: list[Memory] = []
    for path, field in after.items():
        stored, previous = existing.get(ids[path]), before.get(path)
        if field == previous:
            continue
        value = field.value
        if previous is not None and previous.value == value and stored is not None:
            value = value_of(stored)  # only whether it may change has changed
        if value:
            scope = stored.scope if stored else Scope(context.project, owner)
            changed = replace(field, value=value)
            written.append(field_memory(scope, new.id, changed, now()))
        elif stored is not None:
            removed.append(stored.id)
    await put_fields(context, written)
    if removed:
        await context.ports.memories.delete(context.project, removed)


async def _stored(context: RequestContext, ids: Sequence[str]) -> dict[str, Memory]:
    memories = await context.ports.memories.get(context.project, ids) if ids else []
    return {memory.id: memory for memory in memories}


def _fields(metadata: Mapping[str, Any]) -> tuple[TemplateField, ...]:
    given = given_fields(metadata, most=MAX_LEVELS - 1)
    fields = tuple(field.of_template for field in given)
    if not fields:
        raise BadRequest("metadata: has no fields", code=Code.EMPTY)
    _require_places(fields)
    return fields


def _require_places(fields: Sequence[TemplateField]) -> None:
    """Raises `BadRequest` where a name with dots leads to another field, or through one:
    both could not be shown.
    """
    paths = set[str]()
    for field in fields:
        steps = field.path.split(".")
        if len(steps) > MAX_LEVELS:
            raise BadRequest(f"metadata: {field.path[:60]}: nested too deep")
        if field.path in paths:
            raise BadRequest(f"metadata: {field.path}: is there twice")
        paths.add(field.path)
    for path in paths:
        steps = path.split(".")
        for end in range(1, len(steps)):
            if ".".join(steps[:end]) in paths:
                raise BadRequest(f"metadata: {path}: lies within another field")


def _summary(template: ProfileTemplate, instances: int) -> dict[str, Any]:
    return {
        "profile_template_id": template.id,
        "name": template.name,
        "project_id": template.project,
        "instance_count": instances,
        "create_time": template.created_at,
        "update_time": template.updated_at,
    }
