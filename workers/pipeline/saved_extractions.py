"""Extraction, saved before it is used: a job that is tried again costs no second model call.

What was found in one reading lies in Sources as JSON under its hash; the job's body
names the readings in order.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from shared.domain.extraction import Draft, Extraction
from shared.domain.job import Job
from shared.domain.memory import Origin, ToolUse, Type
from shared.errors import NotFound
from shared.ports import Sources
from workers.pipeline.job_run import JobCancelled, JobRun

_SUPERSEDING = "outdone"
"""Where in `detail` earlier releases wrote `Draft.superseding`."""


async def saved(
    run: JobRun, position: int, read: Callable[[], Awaitable[Extraction]]
) -> Extraction:
    """The extraction of a job's reading number `position`: as it was found before, or
    found now and written down.
    """
    checkpoint = run.job.checkpoint
    names = checkpoint.extractions
    if position < len(names):
        with suppress(NotFound):  # its file is gone: read again
            return loads(await run.context.sources.get(names[position]))
    found = await read()
    name = await run.context.sources.put(dumps(found))
    try:
        extractions = (*names[:position], name, *names[position + 1 :])
        await run.save(checkpoint=replace(checkpoint, extractions=extractions))
    except JobCancelled:  # its name would stand nowhere
        await run.context.sources.delete(name)
        raise
    return found


async def forget(job: Job, sources: Sources) -> Job:
    """Delete what was saved; the job without a trace of it."""
    for name in job.checkpoint.extractions:
        await sources.delete(name)
    return job.without_checkpoint()


def dumps(found: Extraction) -> bytes:
    """An extraction as JSON."""
    return json.dumps(asdict(found), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def loads(text: bytes) -> Extraction:
    """What `dumps` wrote."""
    kept = json.loads(text.decode("utf-8", "surrogatepass"))
    return Extraction(tuple(map(_draft, kept["drafts"])), tuple(kept["remarks"]))


def _draft(values: dict[str, Any]) -> Draft:
    origins = tuple(
        Origin(**{**origin, "message_ids": tuple(origin["message_ids"])})
        for origin in values["origins"]
    )
    tools = tuple(ToolUse(**tool) for tool in values["tools"])
    detail = dict(values["detail"])
    superseding = detail.pop(_SUPERSEDING, None) or values.get("superseding", ())
    return Draft(
        **{
            **values,
            "type": Type(values["type"]),
            "tags": tuple(values["tags"]),
            "origins": origins,
            "tools": tools,
            "detail": detail,
            "superseding": tuple(superseding),
        }
    )
