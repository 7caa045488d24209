"""The project of mem0's dialect: that of the API key, under its own name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic_core import PydanticCustomError

from services.gateway.context.request_context import RequestContext
from services.gateway.mem0.categories import read_categories
from services.gateway.mem0.present import Item
from services.gateway.schemas.instructions import known_keys
from services.gateway.schemas.mem0 import EditedProject
from shared.domain.project_settings import ALL
from shared.errors import BadRequest, NotFound, NotSupported

ORGANIZATION = "souvenir"
"""There is one organization only."""
DECAY_DAYS = 30
"""The half-life of decay for who only turns it on."""


def require_own(context: RequestContext, project: str) -> None:
    """Raises `NotFound` for a project that the key does not belong to."""
    if project != context.project:
        raise NotFound("Organization or project not found")


async def project(context: RequestContext, fields: list[str]) -> Item:
    """The settings; only the fields that are named, where any are."""
    stored = await context.ports.projects.get(context.project)
    categories = [{name: about} for name, about in stored.categories.items()]
    view: dict[str, Any] = {
        "id": context.project,
        "project_id": context.project,
        "org_id": ORGANIZATION,
        "name": context.project,
        "custom_instructions": stored.instructions.get(ALL) or None,
        "custom_categories": categories or None,
        "multilingual": True,
        "decay": stored.decay_days_or(context.settings.decay_days) > 0,
    }
    return {name: v for name, v in view.items() if not fields or name in fields}


async def edit_project(context: RequestContext, change: EditedProject) -> None:
    """Change instructions, categories and decay. Raises `BadRequest`, and `NotSupported` for
    other settings of mem0's.
    """
    unserved = sorted((change.model_extra or {}).keys() - {"org_id", "project_id"})
    if unserved:
        raise NotSupported(
            f"{', '.join(unserved)}: not served; custom_instructions,"
            " custom_categories and decay are"
        )
    if change.multilingual is False:
        raise NotSupported(
            "multilingual: memories stay in the language they were said in"
        )
    edited = stored = await context.ports.projects.get(context.project)
    if change.custom_instructions is not None:
        others = {k: text for k, text in stored.instructions.items() if k != ALL}
        edited = replace(
            edited, instructions=others | _checked(change.custom_instructions)
        )
    if change.custom_categories is not None:
        categories = read_categories(change.custom_categories)
        edited = replace(edited, categories=categories)
    if change.decay is not None:
        for_all = context.settings.decay_days or DECAY_DAYS
        edited = replace(edited, decay_days=for_all if change.decay else 0)
    await context.ports.projects.put(edited)
    context.kept_settings.forget(context.project)


def _checked(instructions: str) -> dict[str, str]:
    try:
        return known_keys({ALL: instructions})
    except PydanticCustomError as error:
        raise BadRequest(f"custom_instructions: {error.message()}") from error
