"""mem0's platform API: ping, entities, events, profile, project, exports; and a clear
answer to what of it is not served.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from services.gateway.context.request_context import Context
from services.gateway.mem0 import (
    entity_lists,
    events,
    exports,
    profile_jobs,
    project_webhooks,
    projects,
)
from services.gateway.mem0.mem0_route import (
    Mem0Route,
    refuse_further,
    remarked,
)
from services.gateway.mem0.paging import with_links
from services.gateway.mem0.user_profile import profile_of
from services.gateway.routes.mem0 import PREFIX, WholeQuery
from services.gateway.schemas.base import PageNumber, counted
from services.gateway.schemas.mem0 import (
    CreatedExport,
    EditedProfiles,
    EditedProject,
    FetchedExport,
    GeneratedProfiles,
)
from services.gateway.schemas.webhooks import ChangedWebhook, NewWebhook
from services.http import Json
from services.http.envelope import Verbatim
from shared.errors import NotFound, NotSupported

router = APIRouter(route_class=Mem0Route, prefix=PREFIX, include_in_schema=False)

_PROJECT = "/api/v1/orgs/organizations/{org_id}/projects/{project_id}"
_UNSERVED = {
    "v1/summary": "summaries are not served",
    "api/v1/orgs": "organizations, members and other projects than the key's own are not"
    " served",
}
"""By the beginning of a path: what is not served of mem0's platform."""
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@router.get("/v1/ping")
async def ping(context: Context) -> Json:
    """Whether the key is good, and which project it belongs to."""
    return Json(
        {
            "status": "ok",
            "org_id": projects.ORGANIZATION,
            "project_id": context.project,
            "user_email": None,
        }
    )


@router.get("/v1/entities")
async def entities(
    request: Request,
    context: Context,
    page: PageNumber = 1,
    page_size: Annotated[int, *counted(1, 1000)] = 1000,
    user_id: str = "",
) -> Json:
    """Users, agents, apps and runs that have memories, or the one user that is named."""
    every = await entity_lists.entities(context, user_id)
    on_page = every[(page - 1) * page_size : page * page_size]
    totals = {
        f"total_{type}s": sum(entity["type"] == type for entity in every)
        for type in ("user", "agent", "app", "run")
    }
    return Json(with_links(request, on_page, len(every), page, page_size) | totals)


@router.get("/v2/entities/{type}/{name}")
async def entity(type: str, name: str, context: Context) -> Json:
    """One of them."""
    return Json([await entity_lists.entity(context, type, name)])


@router.get("/v2/entities/{type}/{name}/profile")
async def profile(type: str, name: str, context: Context) -> Json:
    """What is known of a user for certain."""
    return Json(await profile_of(context, type, name))


@router.delete("/v2/entities/{type}/{name}")
@router.delete("/v1/entities/{type}/{name}")
async def delete_entity(
    type: str, name: str, context: Context, query: WholeQuery
) -> Json:
    """An entity with all that is its own, gone before the answer."""
    refuse_further(query)
    await entity_lists.delete_entity(context, type, name)
    return Json({"message": "Entity deleted successfully!"})


@router.post("/v2/profiles/jobs", status_code=201)
async def generate_profiles(body: GeneratedProfiles, context: Context) -> Json:
    """Profiles are always up to date: the job has ended."""
    job = await profile_jobs.generate(context, body)
    return remarked(context, job, body, status=201)


@router.get("/v2/profiles/jobs/{job_id}")
async def profile_job(job_id: str, context: Context) -> Json:
    """How many of its users have a profile."""
    return Json(await profile_jobs.job(context, job_id))


@router.get("/v2/profiles/settings")
async def profile_settings(context: Context) -> Json:
    """Every user has a profile."""
    return Json(profile_jobs.SETTINGS)


@router.post("/v2/profiles/settings")
async def edit_profile_settings(body: EditedProfiles, context: Context) -> Json:
    """Refused where it would change that."""
    return remarked(context, profile_jobs.edited_settings(body), body)


@router.get("/v1/events")
async def list_events(
    request: Request,
    context: Context,
    page: PageNumber = 1,
    page_size: Annotated[int, *counted(1, 200)] = 50,
    user_id: str = "",
) -> Json:
    """The latest adds and other work, of one user or of all, the newest first."""
    listed, total = await events.page_of_events(context, page, page_size, user_id)
    return Json(with_links(request, listed, total, page, page_size))


@router.get("/v1/event/{event_id}")
async def get_event(event_id: str, context: Context) -> Json:
    """How an add stands, and what came of it."""
    return Json(await events.event_by_id(context, event_id))


@router.post("/v1/exports", status_code=201)
async def create_export(body: CreatedExport, context: Context) -> Json:
    """Ask for an export in a form of one's own."""
    id = await exports.create_export(context, body)
    answer = {"message": "Memory export request received.", "id": id}
    return remarked(context, answer, body, status=201)


@router.post("/v1/exports/get")
async def get_export(body: FetchedExport, context: Context) -> Json:
    """What it holds now."""
    return Verbatim(await exports.export_by_id(context, body.memory_export_id))


@router.get(_PROJECT)
async def project(
    org_id: str,
    project_id: str,
    context: Context,
    fields: list[str] = Query(default=[]),
) -> Json:
    """Instructions and categories of the key's project."""
    projects.require_own(context, project_id)
    return Json(await projects.project(context, fields))


@router.patch(_PROJECT)
async def edit_project(
    org_id: str, project_id: str, body: EditedProject, context: Context
) -> Json:
    """Change them."""
    projects.require_own(context, project_id)
    await projects.edit_project(context, body)
    return Json({"message": "Project updated successfully"})


@router.get("/api/v1/webhooks/projects/{project_id}")
async def list_webhooks(project_id: str, context: Context) -> Json:
    """The webhooks of the project."""
    return Json(await project_webhooks.webhooks(context, project_id))


@router.post("/api/v1/webhooks/projects/{project_id}", status_code=201)
async def create_webhook(project_id: str, body: NewWebhook, context: Context) -> Json:
    """Register one."""
    made = await project_webhooks.create(context, project_id, body)
    return remarked(context, made, body, status=201)


@router.put("/api/v1/webhooks/{webhook_id}")
async def update_webhook(
    webhook_id: str, body: ChangedWebhook, context: Context
) -> Json:
    """Change it."""
    await project_webhooks.update(context, webhook_id, body)
    return remarked(context, {"message": "Webhook updated successfully"}, body)


@router.delete("/api/v1/webhooks/{webhook_id}")
async def delete_webhook(webhook_id: str, context: Context) -> Json:
    """Remove it."""
    await project_webhooks.delete(context, webhook_id)
    return Json({"message": "Webhook deleted successfully"})


@router.api_route("/{path:path}", methods=_METHODS)
async def anything_else(path: str, request: Request, context: Context) -> Json:
    """Raises `NotSupported` for what of mem0's platform is not served, `NotFound` for
    what there is not.
    """
    for beginning, refusal in _UNSERVED.items():
        if path.startswith(beginning):
            raise NotSupported(refusal)
    raise NotFound(f"no such route: {request.method} {request.url.path}")
