"""A job as it is told: its record is the truth, the figures are from the board. Here a
job takes the wire's name, task.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from services.http.task_view import Delivery, Figures, File, Outcome, Task, WholeTask
from shared.contract import Code
from shared.domain.job import Job, Progress, Receipt, State
from shared.domain.job import Outcome as Became
from shared.domain.memory import Kind

Told = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)

_VIEWS = {
    Kind.FACT: "detail_factual",
    Kind.PREFERENCE: "preference",
    Kind.TOOL: "tool_memory",
    Kind.SKILL: "skill",
}
_KEPT = (Became.STORED, Became.SUPERSEDED)
_WORST_FIRST: Sequence[str] = ("running", "failed", "completed")
_STANDING = ("status", "state", "step", "error_code", "error_message")


def task(job: Job, progress: Progress | None) -> Told:
    """A job, without what became of each memory."""
    return Task(**_fields(job, progress or Progress(job.id))).model_dump()


def whole_task(job: Job, progress: Progress | None) -> Told:
    """All that is known of a job."""
    receipts = [
        Outcome(
            memory_id=receipt.memory,
            outcome=receipt.outcome,
            kind=receipt.kind,
            reason=receipt.reason,
            other=receipt.other,
        )
        for receipt in job.receipts
    ]
    return WholeTask(
        **_fields(job, progress or Progress(job.id)),
        receipts=receipts,
        remarks=list(job.remarks),
    ).model_dump()


def together(first: Told, others: Iterable[Told]) -> Told:
    """The tasks of one request as one: it runs while any of them does, and has failed
    when any has.
    """
    told = [first, *others]
    decisive = next(
        each for status in _WORST_FIRST for each in told if each["status"] == status
    )
    kept = {
        name: value
        for name, value in first.items()
        if name not in _STANDING or name in decisive
    }
    return kept | {name: decisive[name] for name in _STANDING if name in decisive}


def _fields(job: Job, live: Progress) -> Mapping[str, Any]:
    final = job.state.final
    return {
        "task_id": job.id,
        "status": status_of(job.state),
        "state": job.state.value,
        "step": "done" if final else live.step.value,
        "work": job.work,
        "user_id": job.scope.user,
        "conversation_id": job.scope.conversation,
        "attempts": job.attempts,
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        "progress": _figures(job, live),
        "files": [_taken(File, asdict(report)) for report in job.files],
        "counts": Counter(receipt.outcome.value for receipt in job.receipts),
        "knowledgebase_id": job.body.get("knowledge_base"),
        "file_id": job.body.get("file"),
        "webhook": _delivery(job),
        "memory_views": _views(job.receipts) if final else None,
        **_error(job),
    }


def status_of(state: State) -> Literal["running", "completed", "failed"]:
    """The three words that the wire has for the life of a job."""
    if not state.final:
        return "running"
    return "completed" if state is State.COMPLETED else "failed"


def _error(job: Job) -> Told:
    if status_of(job.state) != "failed":
        return {}
    code = Code.FAILED if job.state is State.CANCELLED else Code.BROKEN
    return {
        "error_code": job.error_code or code,
        "error_message": job.error_message or job.state.value,
    }


def _delivery(job: Job) -> Delivery | None:
    if not job.webhook:
        return None
    delivery = job.delivery
    waiting = delivery.due_at or not job.state.final
    state: Literal["waiting", "delivered", "failed"] = (
        "delivered" if delivery.delivered_at else "waiting" if waiting else "failed"
    )
    return Delivery(
        url=job.webhook, state=state, attempts=delivery.attempts, error=delivery.error
    )


def _figures(job: Job, live: Progress) -> Figures:
    """What the board does not know any more, the record says as far as it can."""
    figures = _taken(Figures, asdict(live))
    if not live.files and job.files:
        done = sum(report.status != "waiting" for report in job.files)
        pages = sum(report.pages for report in job.files)
        figures = figures.model_copy(
            update={
                "files": len(job.files),
                "files_done": done,
                "pages": pages,
                "pages_done": pages,
            }
        )
    return figures


def _taken(model: type[Model], values: Mapping[str, Any]) -> Model:
    return model.model_validate(
        {name: value for name, value in values.items() if name in model.model_fields}
    )


def _views(receipts: Iterable[Receipt]) -> dict[str, Any]:
    """The wire's summary (contract 1.6): how many of each, and the ids by the list that
    they belong to.
    """
    kept = [receipt for receipt in receipts if receipt.outcome in _KEPT]
    count = Counter(receipt.outcome for receipt in kept)
    views = {
        name: {
            "memory_ids": [receipt.memory for receipt in kept if receipt.kind == kind]
        }
        for kind, name in _VIEWS.items()
    }
    return {
        "added": count[Became.STORED],
        "updated": count[Became.SUPERSEDED],
        "deleted": 0,
        **views,
    }
