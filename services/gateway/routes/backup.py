"""A backup of everything, as a download. Souvenir's own."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from services.gateway.admin.administered import require_operator
from services.gateway.context.request_context import Context
from services.http import TolerantRoute
from services.http.probes import release
from services.http.taken_stream import TakenStream
from shared.backup.write_backup import Copied, Origin, backup
from shared.domain.api_key import DEFAULT_PROJECT
from shared.domain.identity import digest
from shared.domain.store_schema import SCHEMA
from shared.errors import NotSupported

router = APIRouter(route_class=TolerantRoute, tags=["transfer"])


@router.get(
    "/backup",
    summary="Download a backup of everything",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {"application/gzip": {}},
            "description": "The file that `souvenir restore` reads.",
        }
    },
)
async def download(request: Request, context: Context) -> StreamingResponse:
    """Everything of all projects, so only an admin key of the operator's project may ask
    for it, the first key for one. It goes on while others work. A client that takes nothing
    for a minute, or has not all of it after six hours (SOUVENIR_MAX_BACKUP_S), is cut off.
    A download that is cut off is no whole backup: `souvenir restore --check` sees that.
    """
    require_operator(context, "a backup, which has every project, is downloaded")
    ports = context.ports
    if ports.points is None or ports.spaces is None:
        raise NotSupported("this set-up cannot be backed up over HTTP")
    copied = Copied(ports.points, ports.sources, ports.spaces)
    key = context.settings.api_key
    origin = Origin(
        release(), SCHEMA, digest(key.encode()) if key else "", DEFAULT_PROJECT
    )
    name = datetime.now(UTC).strftime("souvenir-%Y%m%d-%H%M%S.tar.gz")
    return TakenStream(
        backup(copied, origin),
        whole_within_s=context.settings.max_backup_s,
        media_type="application/gzip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
