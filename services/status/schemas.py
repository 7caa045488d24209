"""What is told of a job. Here, and only here, a job is called by the wire's name: task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, Field

from shared.domain.job import FileReport, Job, Outcome, Progress, Receipt, State
from shared.domain.memory import Kind

_VIEWS = {Kind.FACT: "detail_factual", Kind.PREFERENCE: "preference", Kind.TOOL: "tool_memory", Kind.SKILL: "skill"}
_KEPT = (Outcome.STORED, Outcome.SUPERSEDED)


class File(BaseModel):
    """How one file fares; `code` is 0 or the contract's."""

    name: str
    status: str = Field(description="waiting, completed or failed")
    code: int = 0
    message: str = ""
    media_type: str = ""
    pages: int = 0
    size: int = Field(default=0, description="Bytes.")


class Figures(BaseModel):
    """How far the steps are."""

    files: int = 0
    files_done: int = 0
    pages: int = 0
    pages_done: int = 0
    passages: int = 0
    passages_done: int = 0
    memories: int = 0
    file: str = Field(default="", description="The one that is being read.")


class Task(BaseModel):
    """A job. `status` is the wire's, `state` says more; `error_code` and `error_message` are there when it failed."""

    task_id: str
    status: Literal["running", "completed", "failed"]
    state: str
    step: str
    work: str
    attempts: int
    created_at: int = Field(description="Epoch milliseconds.")
    updated_at: int
    progress: Figures
    files: list[File]
    receipts: dict[str, int] = Field(description="How many memories were stored, merged, superseded, dropped.")
    memory_views: dict[str, Any] | None = Field(default=None, description="What was added and updated, when it has ended.")
    error_code: int | None = None
    error_message: str | None = None


def task(job: Job, progress: Progress | None) -> dict[str, Any]:
    """A job as it is told: its record is the truth, the figures are from the board."""
    live = progress or Progress(job.id)
    failed = job.state.final and job.state is not State.COMPLETED
    shown = Task(
        task_id=job.id, status=_status(job.state), state=job.state, step="done" if job.state.final else live.step, work=job.work,
        attempts=job.attempts, created_at=job.created_at, updated_at=job.updated_at, progress=_figures(job, live),
        files=[_file(report) for report in job.files], receipts=Counter(receipt.outcome.value for receipt in job.receipts),
        memory_views=_views(job.receipts) if job.state.final else None,
        error_code=job.error_code or _code(job.state) if failed else None, error_message=(job.error_message or job.state) if failed else None)
    return shown.model_dump(exclude_none=True)


def _status(state: State) -> Literal["running", "completed", "failed"]:
    if not state.final:
        return "running"
    return "completed" if state is State.COMPLETED else "failed"


def _code(state: State) -> int:
    return 50002 if state is State.CANCELLED else 50000


def _figures(job: Job, live: Progress) -> Figures:
    """What the board does not know any more, the record says as far as it can."""
    figures = Figures.model_validate({name: value for name, value in asdict(live).items() if name in Figures.model_fields})
    if not live.files and job.files:
        done = sum(report.status != "waiting" for report in job.files)
        pages = sum(report.pages for report in job.files)
        figures = figures.model_copy(update={"files": len(job.files), "files_done": done, "pages": pages, "pages_done": pages})
    return figures


def _file(report: FileReport) -> File:
    return File(**{name: value for name, value in asdict(report).items() if name in File.model_fields})


def _views(receipts: Iterable[Receipt]) -> dict[str, Any]:
    """The wire's summary (contract 1.6): how many of each, and the ids by the list that they belong to."""
    kept = [receipt for receipt in receipts if receipt.outcome in _KEPT]
    count = Counter(receipt.outcome for receipt in kept)
    views = {name: {"memory_ids": [receipt.memory for receipt in kept if receipt.kind == kind]} for kind, name in _VIEWS.items()}
    return {"added": count[Outcome.STORED], "updated": count[Outcome.SUPERSEDED], "deleted": 0, **views}
