"""What a deletion leaves: who asked for it, when, and how many of what were deleted."""

from __future__ import annotations

from collections.abc import Mapping

from services.gateway.context.request_context import RequestContext
from services.gateway.wire.wire_times import now
from shared.domain.erasure import Erased, ErasureReceipt, subject_of
from shared.domain.identity import computed_id


async def counted(
    context: RequestContext, *, user: str = "", knowledge_base: str = ""
) -> dict[str, int]:
    """How many of what are about to be deleted, as far as that is counted here."""
    points = context.ports.points
    if user:
        context.access.require_user(context.project, user)
    if points is None:
        return {}
    return await points.counts(context.project, user, knowledge_base)


async def leave_receipt(
    context: RequestContext,
    what: Erased,
    id: str = "",
    counts: Mapping[str, int] | None = None,
) -> None:
    """Write the receipt of a deletion that is done. Raises `Unavailable`."""
    if context.ports.erasures is None:
        return
    at, subject = now(), subject_of(context.project, id)
    receipt = ErasureReceipt(
        id=computed_id("erasure", context.project, what, subject, at),
        project=context.project,
        at=at,
        what=what,
        subject=subject,
        by=context.key_end,
        counts=dict(counts or {}),
    )
    await context.ports.erasures.put(receipt)


async def receipts(
    context: RequestContext, id: str, limit: int
) -> list[ErasureReceipt]:
    """The latest of the project, newest first; those of a deleted id where it is given."""
    if context.ports.erasures is None:
        return []
    subject = subject_of(context.project, id)
    return await context.ports.erasures.latest(context.project, limit, subject)
