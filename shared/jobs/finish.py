"""Write down how a job ended, everywhere that somebody looks for it."""

from __future__ import annotations

import logging
from dataclasses import replace

from shared.contract import Code, WireStatus
from shared.domain.job import Job, Progress, State, Step
from shared.domain.job_payload import DocumentPayload
from shared.errors import Unavailable
from shared.jobs.job_ports import EndPorts
from shared.jobs.status import wire_status
from shared.ports import KnowledgeBases, ProgressBus

log = logging.getLogger(__name__)


async def finish(ports: EndPorts, ended: Job, progress: Progress | None = None) -> None:
    """Write an end down, the job's record last: until then the job is tried again.
    Publish it afterwards, for whoever is notified may read the record.

    `progress` holds the last figures of the worker. Raises `Unavailable`.
    """
    await update_document(ports.knowledge_bases, ended)
    await ports.jobs.put(ended)
    await publish_state(ports.progress_bus, ended, progress)


async def update_document(knowledge_bases: KnowledgeBases, job: Job) -> None:
    """Say on the document that a job reads how the job stands; other jobs read none.
    Raises `Unavailable`.
    """
    payload = job.payload
    if not isinstance(payload, DocumentPayload):
        return
    status, code = wire_status(job.state), 0
    if status is WireStatus.FAILED:
        code = job.error_code or default_error_code(job.state)
    for file in await knowledge_bases.files(job.scope.project, [payload.file]):
        if file.job == job.id:  # it may have been sent again, and have a newer job
            await knowledge_bases.update_file(
                replace(file, status=status, code=code, message=job.error_message)
            )


def default_error_code(state: State) -> Code:
    """The code of a job that failed without one."""
    return Code.FAILED if state is State.CANCELLED else Code.BROKEN


async def publish_state(
    progress_bus: ProgressBus, job: Job, progress: Progress | None = None
) -> None:
    """Notify those who watch a job of its state, with the last figures if there are
    any. Nobody is notified where the progress bus does not answer.
    """
    step = Step.DONE if job.state.final else Step.QUEUED
    figures = progress or Progress(job.id)
    try:
        await progress_bus.publish(replace(figures, state=job.state, step=step))
    except Unavailable as error:
        log.debug("progress_not_published", extra={"job": job.id, "error": str(error)})
