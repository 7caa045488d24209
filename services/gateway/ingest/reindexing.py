"""reindex: the job that changes the embedder of the whole store."""

from __future__ import annotations

import uuid

from services.gateway.context.request_context import RequestContext
from services.gateway.ingest.accept import JobRequest, accept
from services.gateway.recall.calibration import read_calibrations
from services.gateway.schemas.add import Accepted
from services.gateway.schemas.reindex import StoredEmbedder
from shared.contract import Code
from shared.domain.api_key import DEFAULT_PROJECT
from shared.domain.job import Job, State
from shared.domain.job_payload import Queue, ReindexPayload
from shared.domain.scope import Scope
from shared.embedding import wanted_name
from shared.errors import Forbidden, NotSupported
from shared.jobs.status import wire_status

_UNFINISHED = tuple(state for state in State if not state.final)
_LOOKED_THROUGH = 100
"""Jobs of nobody: those that read documents are among them."""


async def begin_reindex(context: RequestContext) -> Accepted:
    """The task, or the one that is under way. Raises `Forbidden` for another project
    than the operator's, `Unavailable`.
    """
    if context.project != DEFAULT_PROJECT:
        raise Forbidden(
            f"reindex concerns every project: use a key of {DEFAULT_PROJECT!r}",
            code=Code.NOT_YOURS,
        )
    job = await _under_way(context) or await _begun(context)
    return Accepted(success=True, task_id=job.id, status=wire_status(job.state))


async def stored_embedder(context: RequestContext) -> StoredEmbedder:
    """Whose vectors the memories have. Raises `NotSupported` where it never changes,
    `Unavailable`.
    """
    spaces, settings = context.ports.spaces, context.settings
    if spaces is None:
        raise NotSupported("the embedder of this set-up cannot be changed")
    stored = await spaces.read()
    memories, lacking = await spaces.counts(stored.next or stored.current)
    return StoredEmbedder(
        embedder=stored.current.embedder,
        size=stored.current.size,
        older=stored.older,
        wanted=wanted_name(settings),
        next=stored.next.embedder if stored.next else None,
        memories=memories,
        lacking=lacking,
        calibrated=read_calibrations(settings.calibration_file).fitted(
            stored.current.embedder
        ),
    )


async def _begun(context: RequestContext) -> Job:
    # In the queue of files: a sentence that is to be remembered does not wait for it.
    request = JobRequest(
        Scope(context.project, ""),
        f"reindex:{uuid.uuid4().hex}",
        ReindexPayload(),
        queue=Queue.FILES,
        is_admitted=True,
    )
    return await accept(context.ports, request)


async def _under_way(context: RequestContext) -> Job | None:
    jobs = await context.ports.jobs.of_user(
        context.project, "", _LOOKED_THROUGH, _UNFINISHED
    )
    return next((job for job in jobs if isinstance(job.payload, ReindexPayload)), None)
