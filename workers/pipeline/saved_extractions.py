"""Extractions, saved before they are used: a job that is tried again costs no second
model call.

What one call of the extractor found lies in Sources as JSON under its hash; the job's
checkpoint has the names in the order of the calls.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from shared.domain.extraction import Bears, Draft, Extraction, Labels, Relation
from shared.domain.job import Checkpoint
from shared.domain.memory import Origin, ToolUse, Type
from shared.errors import NotFound
from workers.pipeline.job_run import JobRun
from workers.pipeline.save_named import save_named

_SUPERSEDING = "outdone"
"""Where in `detail` earlier releases wrote `Draft.superseding`."""


def always(extraction: Extraction) -> bool:
    """Every extraction is to be saved."""
    return True


async def extract_once(
    run: JobRun,
    position: int,
    extract: Callable[[], Awaitable[Extraction]],
    saves: Callable[[Extraction], bool] = always,
) -> Extraction:
    """The extraction of a job's call number `position` (from 0): as an earlier try
    saved it, or made now and saved, where `saves` says that it is to be.
    """
    sources = run.context.sources
    names = run.job.checkpoint.extractions
    if position < len(names):
        with suppress(NotFound):  # its file is gone: extract again
            return loads(await sources.get(names[position]))
    extraction = await extract()
    if not saves(extraction):
        return extraction

    def with_extraction(checkpoint: Checkpoint, name: str) -> Checkpoint:
        extractions = (*names[:position], name, *names[position + 1 :])
        return replace(checkpoint, extractions=extractions)

    await save_named(run, dumps(extraction), with_extraction)
    return extraction


def dumps(extraction: Extraction) -> bytes:
    """An extraction as JSON."""
    text = json.dumps(asdict(extraction), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def loads(data: bytes) -> Extraction:
    """What `dumps` wrote, in this release or an earlier one."""
    values = json.loads(data.decode("utf-8", "surrogatepass"))
    return Extraction(tuple(map(_draft, values["drafts"])), tuple(values["remarks"]))


def _draft(values: dict[str, Any]) -> Draft:
    detail = dict(values["detail"])
    superseding = detail.pop(_SUPERSEDING, None) or values.get("superseding", ())
    origins = [
        Origin(**{**origin, "message_ids": tuple(origin["message_ids"])})
        for origin in values["origins"]
    ]
    relations = [
        Relation(**{**relation, "bears": Bears(relation["bears"])})
        for relation in values.get("relations", ())
    ]
    compared, labels = values.get("compared"), values.get("labels")
    restored = {
        "tags": tuple(values["tags"]),
        "origins": tuple(origins),
        "tools": tuple(ToolUse(**tool) for tool in values["tools"]),
        "superseding": tuple(superseding),
        "relations": tuple(relations),
        "labels": None if labels is None else Labels(**labels),
        "compared": None if compared is None else tuple(compared),
    }
    return Draft(
        **{**values, **restored, "type": Type(values["type"]), "detail": detail}
    )
