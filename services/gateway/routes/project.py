"""project/settings: what the owner of a project wants of its memory. Souvenir's own."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context, RequestContext
from services.gateway.schemas.project import EditProject, ProjectView
from services.http import Envelope, Json, TolerantRoute, answer
from shared.domain.model_budget import Budget
from shared.domain.project_settings import ProjectSettings
from shared.errors import Unavailable

router = APIRouter(route_class=TolerantRoute, tags=["project"])


@router.get(
    "/project/settings",
    summary="Instructions, token budget and decay of the project",
    response_model=Envelope[ProjectView],
)
async def settings(request: Request, context: Context) -> Json:
    """Of the project that the API key belongs to, with the tokens that it has used."""
    stored = await context.ports.projects.get(context.project)
    return answer(request, await _view(context, stored))


@router.put(
    "/project/settings",
    summary="Set instructions, token budget and decay of the project",
    response_model=Envelope[ProjectView],
)
async def edit(request: Request, body: EditProject, context: Context) -> Json:
    """Instructions hold for what is added from now on. `extract/memory` shows their effect.

    When the budget is used up, the built-in extractor reads, with a remark in the task,
    and the chat quotes memories.
    """
    stored = await context.ports.projects.get(context.project)
    budget = stored.budget
    if body.daily_tokens is not None:
        budget = Budget(body.daily_tokens, budget.monthly)
    if body.monthly_tokens is not None:
        budget = Budget(budget.daily, body.monthly_tokens)
    edited = replace(stored, budget=budget)
    if body.extract_instructions is not None:
        edited = replace(edited, instructions=body.extract_instructions)
    if body.decay_days is not None:
        edited = replace(edited, decay_days=body.decay_days)
    await context.ports.projects.put(edited)
    context.kept_settings.forget(context.project)
    return answer(request, await _view(context, edited))


async def _view(context: RequestContext, stored: ProjectSettings) -> ProjectView:
    try:
        today, this_month = await context.ports.model_usage.tokens(context.project)
    except Unavailable:
        today = this_month = 0
    return ProjectView(
        extract_instructions=dict(stored.instructions),
        daily_tokens=stored.budget.daily,
        monthly_tokens=stored.budget.monthly,
        decay_days=stored.decay_days_or(context.settings.decay_days),
        used_today=today,
        used_this_month=this_month,
    )
