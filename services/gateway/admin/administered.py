"""Which project a request administers."""

from __future__ import annotations

from services.gateway.context.request_context import RequestContext
from shared.access.access import Access
from shared.access.guarded_ports import guarded
from shared.contract import Code
from shared.domain.api_key import DEFAULT_PROJECT
from shared.errors import Forbidden
from shared.wiring import GatewayPorts


def administered(context: RequestContext, project: str) -> tuple[str, GatewayPorts]:
    """The named project, or the key's own for '', with the ports that reach it. Raises
    `Forbidden` for another than the key's own, unless that is the operator's.
    """
    if project in ("", context.project):
        return context.project, context.ports
    require_operator(context, "another project is administered")
    return project, guarded(context.unguarded, Access(project))


def require_operator(context: RequestContext, what: str) -> None:
    """Raises `Forbidden` for a key that does not administer all projects. `what` is done
    by such a key alone.
    """
    if not context.key.is_operator:
        raise Forbidden(
            f"{what} by an admin key of {DEFAULT_PROJECT!r}", code=Code.KEY_NOT_ALLOWED
        )
