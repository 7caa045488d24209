"""Language models as jobs use them.

    asked the same before? ── the saved answer
    budget? ── call ── counted for the project and in the job ── saved, then used
    away ── the job comes again later (`ModelUnavailable`), or gives up (`ModelRefused`)

A job finds its own calls through a context variable, so that what asks a model need not
know of jobs: an extractor lets `Transient` pass and does without the model where
anything `Permanent` is raised. Outside a job a call is just a call.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from shared.domain.identity import digest
from shared.domain.job import Checkpoint
from shared.domain.job_payload import ExtractPayload
from shared.domain.model_answer import Answer, Usage
from shared.domain.model_budget import Budget
from shared.errors import (
    BudgetExhausted,
    ModelMisconfigured,
    ModelRefused,
    ModelUnavailable,
    NotFound,
    TurnOver,
)
from shared.metering.metered_model import Account, MeteredModel
from shared.ports import ChatModel, ModelUsage, Projects
from workers.pipeline.job_run import JobRun
from workers.pipeline.save_named import save_named

log = logging.getLogger(__name__)

_current: ContextVar[JobRun | None] = ContextVar("job", default=None)

Messages = Sequence[Mapping[str, Any]]
Options = Mapping[str, Any] | None


@contextmanager
def calls_of(run: JobRun) -> Iterator[None]:
    """Every call of a model within the block belongs to this run."""
    token = _current.set(run)
    try:
        yield
    finally:
        _current.reset(token)


@dataclass(frozen=True, slots=True)
class ModelAccounts:
    """Who pays for a call: the project, by its own budget or that of all."""

    projects: Projects
    counter: ModelUsage
    budget: Budget = field(default_factory=Budget)

    async def of(self, project: str, role: str) -> Account:
        """Raises `Unavailable`."""
        settings = await self.projects.get(project)
        budget = settings.budget_or_else(self.budget)
        return Account(project, role, budget, self.counter)


class JobModel:
    """The ChatModel port on another one, for what runs in jobs."""

    def __init__(self, model: ChatModel, role: str, accounts: ModelAccounts) -> None:
        self.name, self.calls = model.name, model.calls
        self._model, self._role, self._accounts = model, role, accounts

    async def complete(
        self,
        messages: Messages,
        *,
        schema: Mapping[str, Any] | None = None,
        options: Options = None,
    ) -> Answer:
        run = _current.get()
        if run is None:
            return await self._model.complete(messages, schema=schema, options=options)
        key = _key(self.name, messages, schema, options)
        saved = await _saved(run, key)
        if saved is not None:
            return saved
        if run.age_s > run.context.limits.turn:
            raise TurnOver("this job goes on in its next turn")
        run.pulse.note_progress()
        account = await self._accounts.of(run.job.scope.project, self._role)
        metered = MeteredModel(self._model, account)
        try:
            answer = await metered.complete(messages, schema=schema, options=options)
        except ModelUnavailable as error:
            if gives_up(run):
                raise ModelRefused(
                    f"it was away for too long: {error.message}"
                ) from error
            raise
        except (ModelMisconfigured, BudgetExhausted) as error:
            if run.context.limits.waits_for_model and not _is_watched(run):
                raise ModelUnavailable(error.message) from error
            raise
        await _save(run, key, answer)
        return answer

    async def stream(
        self,
        messages: Messages,
        options: Options = None,
        on_usage: Callable[[Usage], None] | None = None,
    ) -> AsyncGenerator[tuple[str, str], None]:
        """In a job nobody reads along: the whole answer."""
        answer = await self.complete(messages, options=options)
        yield "text", answer.text
        if on_usage is not None:
            on_usage(answer.usage)


def gives_up(run: JobRun) -> bool:
    """Whether a job does not wait for a model any more, but does without it."""
    limits = run.context.limits
    if _is_watched(run):
        return True
    return not limits.waits_for_model and run.job.waits >= len(limits.model_pauses)


def _is_watched(run: JobRun) -> bool:
    """Whether somebody is waiting for an answer, who had better see what went wrong."""
    payload = run.job.payload
    return isinstance(payload, ExtractPayload) and not payload.is_kept


def _key(
    name: str, messages: Messages, schema: Mapping[str, Any] | None, options: Options
) -> str:
    asked = json.dumps([name, messages, schema, options], ensure_ascii=False)
    return digest(asked.encode("utf-8", "surrogatepass"))


async def _saved(run: JobRun, key: str) -> Answer | None:
    """What an earlier try was answered; it costs nothing any more."""
    name = run.job.checkpoint.replies.get(key)
    if name is None:
        return None
    with suppress(NotFound):  # its file is gone: ask again
        values = json.loads(await run.context.sources.get(name))
        return Answer(values["text"], values["is_cut"])
    return None


async def _save(run: JobRun, key: str, answer: Answer) -> None:
    """Under a name of this job's own: another one may be answered the same."""
    run.change(usage=run.job.usage + answer.usage)
    values = {"job": run.job.id, "asked": key, **asdict(answer)}
    text = json.dumps(values, ensure_ascii=False)

    def with_reply(checkpoint: Checkpoint, name: str) -> Checkpoint:
        return replace(checkpoint, replies={**checkpoint.replies, key: name})

    await save_named(run, text.encode("utf-8", "surrogatepass"), with_reply)
