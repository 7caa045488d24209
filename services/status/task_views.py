"""A job as the wire shows it, where it is called a task: its record is the truth, the
live figures come from the progress bus.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

from pydantic import BaseModel

from services.http.task_view import (
    Delivery,
    Figures,
    File,
    ModelCost,
    Task,
    WholeTask,
)
from services.http.task_view import Outcome as MemoryOutcome
from shared.contract import DeliveryState, FileStatus, WireStatus
from shared.domain.job import Job, Outcome, Progress, Receipt, Step
from shared.domain.job_payload import DocumentPayload
from shared.domain.kinds import KINDS
from shared.jobs.finish import default_error_code
from shared.jobs.status import decisive_status, wire_status
from shared.language.fact_views import VIEWS

TaskView = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)

_VIEWS = {kind: spec.view for kind, spec in KINDS.items()}
"""The wire's name for the list of each kind."""
_WRITTEN = (Outcome.STORED, Outcome.SUPERSEDED)
_CHANGES = {
    "added": Outcome.STORED,
    "updated": Outcome.SUPERSEDED,
    "deleted": Outcome.ARCHIVED,
}
_DECISIVE_FIELDS = ("status", "state", "step", "error_code", "error_message")
"""Those that a group's task takes from the job that decides on its status."""


def task_view(job: Job, progress: Progress | None) -> TaskView:
    """A job, without what became of each memory."""
    return Task(**_fields(job, progress or Progress(job.id))).model_dump()


def full_task_view(job: Job, progress: Progress | None) -> TaskView:
    """All that is known of a job."""
    receipts = [
        MemoryOutcome(
            memory_id=receipt.memory,
            outcome=receipt.outcome,
            kind=receipt.kind,
            reason=receipt.reason,
            other=receipt.other,
        )
        for receipt in job.receipts
    ]
    fields = _fields(job, progress or Progress(job.id))
    return WholeTask(**fields, receipts=receipts).model_dump()


def merged_view(first: TaskView, companions: Sequence[TaskView]) -> TaskView:
    """The tasks of one request as one: it runs while any of them does, and has failed
    when any has.
    """
    views = [first, *companions]
    status = decisive_status([view["status"] for view in views])
    decisive = next(view for view in views if view["status"] == status)
    decided = {name: decisive[name] for name in _DECISIVE_FIELDS if name in decisive}
    lost = set(_DECISIVE_FIELDS) - set(decided)
    own = {name: value for name, value in first.items() if name not in lost}
    return own | decided


def _fields(job: Job, live: Progress) -> Mapping[str, Any]:
    final = job.state.final
    document = job.payload if isinstance(job.payload, DocumentPayload) else None
    fields: dict[str, Any] = {
        "task_id": job.id,
        "status": wire_status(job.state),
        "state": job.state.value,
        "step": Step.DONE.value if final else live.step.value,
        "work": job.work,
        "user_id": job.scope.user,
        "conversation_id": job.scope.conversation,
        "attempts": job.attempts,
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        "progress": progress_figures(job, live),
        "files": [_picked(File, asdict(report)) for report in job.files],
        "counts": Counter(receipt.outcome.value for receipt in job.receipts),
        "knowledgebase_id": document.knowledge_base if document else None,
        "file_id": document.file if document else None,
        "webhook": delivery_view(job) if job.webhook else None,
        "memory_views": memory_views(job.receipts) if final else None,
        "usage": ModelCost(**asdict(job.usage)) if job.usage.calls else None,
        "waiting_because": None if final else job.error_message or None,
        "remarks": list(job.remarks),
        "redacted": list(job.redacted),
    }
    if fields["status"] is WireStatus.FAILED:
        fields["error_code"] = job.error_code or default_error_code(job.state)
        fields["error_message"] = job.error_message or job.state.value
    return fields


def delivery_view(job: Job) -> Delivery:
    """How far the delivery to the job's webhook is."""
    delivery = job.delivery
    if delivery.delivered_at:
        state = DeliveryState.DELIVERED
    elif delivery.due_at or not job.state.final:
        state = DeliveryState.WAITING
    else:
        state = DeliveryState.FAILED
    return Delivery(
        url=job.webhook,
        state=state,
        attempts=delivery.attempts,
        error=delivery.error,
    )


def progress_figures(job: Job, live: Progress) -> Figures:
    """The live figures; those of files from the record where they are lost."""
    figures = _picked(Figures, asdict(live))
    if live.files or not job.files:
        return figures
    done = [report for report in job.files if report.status != FileStatus.WAITING]
    pages = sum(report.pages for report in job.files)
    return figures.model_copy(
        update={
            "files": len(job.files),
            "files_done": len(done),
            "pages": pages,
            "pages_done": pages,
        }
    )


def _picked(model: type[Model], values: Mapping[str, Any]) -> Model:
    """A model of those values that it has fields for."""
    fields = {name: values[name] for name in model.model_fields if name in values}
    return model.model_validate(fields)


def memory_views(receipts: Iterable[Receipt]) -> dict[str, Any]:
    """The wire's summary: how many memories were added, updated and deleted, which ones,
    and what was added or updated in each view.
    """
    receipts = list(receipts)
    deleted = sum(receipt.outcome is Outcome.ARCHIVED for receipt in receipts)
    written = [receipt for receipt in receipts if receipt.outcome in _WRITTEN]
    count = Counter(receipt.outcome for receipt in written)
    views: dict[str, Any] = {
        "added": count[Outcome.STORED],
        "updated": count[Outcome.SUPERSEDED],
        "deleted": deleted,
        "memory_ids": {
            name: [r.memory for r in receipts if r.outcome is outcome]
            for name, outcome in _CHANGES.items()
        },
    }
    for kind, name in _VIEWS.items():
        ids = [receipt.memory for receipt in written if receipt.kind == kind]
        views[name] = {"memory_ids": ids}
    for name in VIEWS:
        ids = [receipt.memory for receipt in written if receipt.view == name]
        views[name] = {"memory_ids": ids}
    return views
