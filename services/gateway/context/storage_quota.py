"""Whether a project may store more (`shared.domain.quota`)."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from services.gateway.context.stored_usage import quota_of
from shared.contract import Code
from shared.errors import Forbidden


async def require_room(
    context: RequestContext, stored_bytes: int, *, memories: int = 1
) -> None:
    """Raises `Forbidden` 40304 where the project's quota is used up already; else so much
    is being added. Raises `Unavailable`.
    """
    own = await context.kept_settings.of(context.ports.projects, context.project)
    quota = quota_of(own.quota, context.settings)
    if not quota.bounds_storage:
        return
    stored = await context.usage.stored(context.unguarded, context.project, quota)
    what = stored.exceeds(quota)
    if what:
        raise Forbidden(
            f"the project's quota of {what} is used up: delete some, or ask for more",
            code=Code.QUOTA_USED_UP,
        )
    context.usage.add(context.project, memories, stored_bytes)
