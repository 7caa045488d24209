"""Jobs under way whose memories a filter describes, as far as that is certain before
they are written: by their conversation, agent and app, by `info`, and by the time, which
will be a later one. Tags and types are only known when they are written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.domain.filter import Condition, Filter
from shared.domain.job import Job, State
from shared.domain.job_payload import AddPayload, FeedbackPayload
from shared.jobs.clock import now
from shared.ports import Jobs

MAX_JOBS = 10_000
"""Jobs under way, of a user or a project, that are looked at."""
_UNFINISHED = tuple(state for state in State if not state.final)
_EQUALITIES = ("eq", "in", "contains")
_SCOPE: Mapping[str, Callable[[Job], str]] = {
    "agent_id": lambda job: job.scope.agent,
    "app_id": lambda job: job.scope.app,
    "conversation": lambda job: job.scope.conversation,
    "conversation_id": lambda job: job.scope.conversation,
    "session_id": lambda job: job.scope.conversation,
}
_TIMES = ("create_time", "created_at", "update_time", "updated_at")
_UNDECIDED = ("id", "tags", "memory_type", "memory_time")
_ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "gte": lambda time, bound: time >= bound,
    "gt": lambda time, bound: time > bound,
    "lte": lambda time, bound: time <= bound,
    "lt": lambda time, bound: time < bound,
}


async def jobs_of_filter(
    jobs: Jobs, project: str, user: str, filter: Filter
) -> list[Job]:
    """Those of a user or, where it is empty, of a project. Raises `Unavailable`."""
    if user:
        unfinished = await jobs.of_user(project, user, MAX_JOBS, _UNFINISHED)
    else:
        unfinished = await jobs.latest(project, MAX_JOBS, _UNFINISHED)
    return [
        job
        for job in unfinished
        if isinstance(job.payload, AddPayload | FeedbackPayload)
        and will_match(job, filter, now())
    ]


def will_match(job: Job, filter: Filter, at: int) -> bool | None:
    """Whether the filter describes what the job writes at `at` (epoch milliseconds) or
    later; None where that is not certain.
    """
    if isinstance(filter, Condition):
        return _will_pass(job, filter, at)
    decided = [will_match(job, member, at) for member in filter.members]
    decisive = filter.mode == "or"
    if decisive in decided:
        return decisive
    return None if None in decided else not decisive


def _will_pass(job: Job, condition: Condition, at: int) -> bool | None:
    field, operator = condition.field, condition.operator
    if field in _TIMES:
        return _is_later(condition, at)
    if field in _UNDECIDED:
        return None
    read = _SCOPE.get(field)
    have = read(job) if read else job.options.info.get(field.removeprefix("info."))
    if operator in _EQUALITIES:
        return any(value in _values(have) for value in _values(condition.value))
    if operator == "like":
        parts = [str(part).casefold() for part in _values(condition.value)]
        texts = [value.casefold() for value in _values(have) if isinstance(value, str)]
        return all(any(part in text for text in texts) for part in parts)
    return None


def _is_later(condition: Condition, at: int) -> bool | None:
    """Whether every later moment passes, or none."""
    compare, bound = _ORDERS.get(condition.operator), condition.value
    if compare is None or not isinstance(bound, int | float):
        return None
    passes = compare(at, bound)
    stays = passes == (condition.operator in ("gte", "gt"))
    return passes if stays else None


def _values(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)
