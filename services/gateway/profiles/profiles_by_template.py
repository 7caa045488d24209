"""Profiles by a template: its fields given to owners, and changed with it (contract 1.11).

A bound template is a profile: its fields begin with the template's values, what is said
fills those that may change (`workers.pipeline.profiles`), and a change of the template
reaches every profile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from services.gateway.context.request_context import RequestContext
from services.gateway.context.storage_quota import require_room
from services.gateway.profiles.edit_profiles import hold_profiles, put_fields
from services.gateway.profiles.manage_templates import template_of
from services.gateway.profiles.template_fields import read_fields
from services.gateway.schemas.profiles import BindProfiles, UpdateTemplate
from services.gateway.wire.wire_times import now
from shared.domain.memory import Memory
from shared.domain.profile import (
    ProfileBinding,
    ProfileTemplate,
    TemplateField,
    binding_id,
    field_id,
    field_memory,
    value_of,
)
from shared.domain.scope import Scope


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


async def update_template(context: RequestContext, request: UpdateTemplate) -> None:
    """Change a template and every profile by it: new fields come with their values,
    those that the new metadata lacks go, changed ones are overwritten, the others stay
    as they are. Raises `NotFound` 40001, `BadRequest`, `Forbidden` 40304 where profiles
    would get fields and the quota is used up; nothing is changed then.
    """
    old = await template_of(context, request.profile_template_id)
    fields = read_fields(request.metadata) if request.metadata else old.fields
    name = request.name.strip() or old.name
    new = replace(old, name=name, fields=fields, updated_at=now())
    changed = replace(new, fields=_changed_fields(old, new))
    await _require_room(context, [(o, changed) for o in await _owners(context, old.id)])
    await context.ports.profile_templates.put(new)
    for owner in await _owners(context, old.id):  # those bound since included
        async with hold_profiles(context, owner):
            await _apply_change(context, owner, old, new)


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
