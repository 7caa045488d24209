"""reindex: another embedder takes the place of the one whose vectors are stored.
Souvenir's own.
"""

from __future__ import annotations

from fastapi import APIRouter, Request

from services.gateway.context.request_context import Context
from services.gateway.ingest.reindexing import begin_reindex, stored_embedder
from services.gateway.schemas.add import Accepted
from services.gateway.schemas.reindex import StoredEmbedder
from services.http import Envelope, Json, TolerantRoute, answer

router = APIRouter(route_class=TolerantRoute, tags=["tasks"])


@router.post(
    "/reindex",
    summary="Embed all memories anew, by another embedder",
    response_model=Envelope[Accepted],
)
async def reindex(request: Request, context: Context) -> Json:
    """Begins the task, or answers the one that is under way. The embedder is the one
    that `SOUVENIR_EMBED_MODEL` names, else the best that comes along. It concerns every
    project, so only a key of the project `default` may ask for it. Search and adds go
    on meanwhile; `tasks/{id}` says how far it is.
    """
    return answer(request, await begin_reindex(context))


@router.get(
    "/reindex",
    summary="Whose vectors the memories have",
    response_model=Envelope[StoredEmbedder],
)
async def embedder(request: Request, context: Context) -> Json:
    """The embedder of the store, the one that is wanted, and how far a change is."""
    return answer(request, await stored_embedder(context))
