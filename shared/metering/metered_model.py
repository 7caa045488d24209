"""A ChatModel whose calls are counted for a project and stop at its budget."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from shared.domain.model_answer import Answer, Usage
from shared.domain.model_budget import Budget
from shared.errors import (
    BudgetExhausted,
    ModelMisconfigured,
    ModelRefused,
    SouvenirError,
    Unavailable,
)
from shared.ports import ChatModel, ModelUsage
from shared.tracing import note, past_span, span

log = logging.getLogger(__name__)

ANSWERED, CUT = "answered", "cut"
UNAVAILABLE, REFUSED, MISCONFIGURED = "unavailable", "refused", "misconfigured"
NO_BUDGET = "no_budget"
"""How a call ended: the label `outcome` of the figures."""
_CHARACTERS_PER_TOKEN = 4
"""The rule of thumb for endpoints that count nothing; too low for Chinese."""

Messages = Sequence[Mapping[str, Any]]
Options = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Account:
    """On whose account calls are made, and what for."""

    project: str
    role: str
    budget: Budget
    counter: ModelUsage


class MeteredModel:
    """The ChatModel port on another one. Raises `BudgetExhausted` before a call where
    the project has used up its tokens; a call that has begun is let finish.
    """

    def __init__(self, model: ChatModel, account: Account) -> None:
        self.name, self.calls = model.name, model.calls
        self._model, self._account = model, account

    async def complete(
        self,
        messages: Messages,
        *,
        schema: Mapping[str, Any] | None = None,
        options: Options = None,
    ) -> Answer:
        await self._require_budget()
        try:
            with span(f"model {self._account.role}", model=self.name):
                answer = await self._model.complete(
                    messages, schema=schema, options=options
                )
                note(tokens=answer.usage.tokens, is_cut=answer.is_cut)
        except SouvenirError as error:
            await self._record(outcome_of(error), Usage(calls=1))
            raise
        usage = counted(answer.usage, messages, answer.text)
        await self._record(CUT if answer.is_cut else ANSWERED, usage)
        return replace(answer, usage=usage)

    async def stream(
        self,
        messages: Messages,
        options: Options = None,
        on_usage: Callable[[Usage], None] | None = None,
    ) -> AsyncGenerator[tuple[str, str], None]:
        await self._require_budget()
        said: list[str] = []
        begun = time.time()
        exact: list[Usage] = []
        outcome = ANSWERED
        try:
            pieces = self._model.stream(messages, options, exact.append)
            async with aclosing(pieces):
                async for piece in pieces:
                    said.append(piece[1])
                    yield piece
        except SouvenirError as error:
            outcome = outcome_of(error)
            raise
        finally:  # a reader who leaves has been answered as far as he wanted
            if outcome is ANSWERED or said:
                usage = counted(sum(exact, Usage(calls=1)), messages, "".join(said))
            else:
                usage = Usage(calls=1)
            usage = replace(usage, calls=1)
            # Not around the pieces: between two of them others run in this context.
            past_span(
                f"model {self._account.role}",
                begun,
                time.time(),
                model=self.name,
                tokens=usage.tokens,
                outcome=outcome,
            )
            await self._record(outcome, usage)
            if on_usage is not None:
                on_usage(usage)

    async def _require_budget(self) -> None:
        """Where the counter does not answer, nobody is refused."""
        account = self._account
        if account.budget == Budget():
            return
        try:
            used = await account.counter.tokens(account.project)
        except Unavailable as error:
            log.warning("budget_not_checked", extra={"error": error.message})
            return
        span = account.budget.exhausted_by(*used)
        if span:
            await self._record(NO_BUDGET, Usage())
            raise BudgetExhausted(
                f"the project has used up its tokens of the {span} for language models"
            )

    async def _record(self, outcome: str, usage: Usage) -> None:
        account = self._account
        try:
            await account.counter.record(
                account.project, account.role, outcome, usage, self.name
            )
        except Unavailable as error:
            log.warning("usage_not_counted", extra={"error": error.message})


def counted(usage: Usage, messages: Messages, answer: str) -> Usage:
    """The usage, estimated where the endpoint has not counted."""
    if usage.tokens:
        return usage
    asked = sum(_characters(message.get("content")) for message in messages)
    return replace(
        usage,
        prompt_tokens=-(-asked // _CHARACTERS_PER_TOKEN),
        completion_tokens=-(-len(answer) // _CHARACTERS_PER_TOKEN),
    )


def outcome_of(error: SouvenirError) -> str:
    """How a call ended that raised."""
    if isinstance(error, ModelMisconfigured):
        return MISCONFIGURED
    if isinstance(error, ModelRefused):
        return REFUSED
    return NO_BUDGET if isinstance(error, BudgetExhausted) else UNAVAILABLE


def _characters(content: Any) -> int:
    """Those of the texts; a picture counts nothing."""
    if isinstance(content, str):
        return len(content)
    parts = content if isinstance(content, list) else []
    return sum(len(str(part.get("text", ""))) for part in parts)
