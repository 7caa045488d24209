"""Templates of profiles: made, listed and deleted (contract 1.11). What they give users and
agents is in `profiles_by_template`.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from services.gateway.context.request_context import RequestContext
from services.gateway.profiles.edit_profiles import (
    delete_fields,
    hold_profiles,
)
from services.gateway.profiles.template_fields import nested, read_fields
from services.gateway.schemas.profiles import (
    AddTemplate,
    ListTemplates,
    TemplateSummary,
    WholeTemplate,
)
from services.gateway.wire.wire_times import now
from shared.contract import Code
from shared.domain.profile import (
    ProfileTemplate,
)
from shared.errors import NotFound


async def add_template(context: RequestContext, request: AddTemplate) -> str:
    """The id of a new template. Raises `BadRequest` for metadata without fields, or
    nested too deep.
    """
    at = now()
    template = ProfileTemplate(
        id=str(uuid4()),
        project=context.project,
        name=request.name.strip(),
        fields=read_fields(request.metadata),
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


def _summary(template: ProfileTemplate, instances: int) -> dict[str, Any]:
    return {
        "profile_template_id": template.id,
        "name": template.name,
        "project_id": template.project,
        "instance_count": instances,
        "create_time": template.created_at,
        "update_time": template.updated_at,
    }
