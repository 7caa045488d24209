"""The ChatModel port on any OpenAI-compatible endpoint, by the `openai` SDK.

Endpoints differ in what they take. What one refuses is left out from then on, per
instance: the structured output falls from a JSON schema to a JSON object to plain text
with the schema in the prompt, options as `accepted_options` says. Thinking (`<think>`
blocks, `reasoning_content`) is split off the answer.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import openai

from shared.adapters.circuit_breaker import CircuitBreaker
from shared.adapters.openai_chat.accepted_options import AcceptedOptions, Options
from shared.adapters.openai_chat.answer_formats import (
    FORMATS,
    Messages,
    in_format,
    refuses_format,
)
from shared.adapters.openai_chat.answer_text import StreamReader, text_of
from shared.adapters.openai_chat.model_errors import translated
from shared.adapters.openai_chat.thinking import without_thinking
from shared.domain.model_answer import Answer, Usage
from shared.domain.model_role import ModelRole
from shared.errors import ModelRefused, ModelUnavailable
from shared.language.foreign_json import storable

_CONNECT_S = 5.0
"""An endpoint that is up takes a connection at once, however slow its model is."""
_LONGEST_PAUSE_S = 5.0
"""Between two requests of one call; who is asked to wait longer gives the call up."""
_FIRST_PAUSE_S = 0.4
_COUNTED = {"stream": True, "stream_options": {"include_usage": True}}

_MALFORMED = (
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    RecursionError,
    httpx.HTTPError,
)
"""What reading an answer raises that is none: the SDK checks no forms."""

OnUsage = Callable[[Usage], None]


class OpenAIChat:
    """A model named `name` here and `model` there. Models of one role share `slots`,
    those of one endpoint its `breaker`.
    """

    def __init__(
        self,
        name: str,
        model: str,
        role: ModelRole,
        slots: asyncio.Semaphore | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self.name, self.calls = name, role.calls
        self._model, self._role = model, role
        self._slots = slots or asyncio.Semaphore(role.calls)
        self._breaker = breaker or CircuitBreaker()
        self._client = openai.AsyncOpenAI(
            base_url=role.base_url,
            api_key=role.api_key or "none",
            timeout=openai.Timeout(role.timeout_s, connect=_CONNECT_S),
            max_retries=0,
        )
        self._format = 0
        self._format_settled = False
        self._accepted = AcceptedOptions(role.max_tokens)

    async def complete(
        self,
        messages: Messages,
        *,
        schema: Mapping[str, Any] | None = None,
        options: Options = None,
    ) -> Answer:
        if schema is None:
            return await self._answer(messages, {}, options)
        return await self._structured(messages, schema, options)

    async def stream(
        self,
        messages: Messages,
        options: Options = None,
        on_usage: OnUsage | None = None,
    ) -> AsyncGenerator[tuple[str, str], None]:
        reader, begun = StreamReader(), time.monotonic()
        counted: Any = None
        async with self._slots:
            with self._watched():
                # Closed at once when the reader leaves: the endpoint stops.
                async with await self._create(messages, _COUNTED, options) as events:
                    async for event in events:
                        counted = getattr(event, "usage", None) or counted
                        for piece in reader.feed(event):
                            yield piece
        for piece in reader.rest():
            yield piece
        if on_usage is not None and counted is not None:
            on_usage(_usage(counted, begun))

    async def _structured(
        self, messages: Messages, schema: Mapping[str, Any], options: Options
    ) -> Answer:
        """From the strictest format that this endpoint has not refused yet down to plain
        text. Once it has answered in one, it is asked in that one only.
        """
        usage = Usage()
        for number in range(self._format, len(FORMATS)):
            asked, extra = in_format(FORMATS[number], messages, schema)
            last = self._format_settled or number == len(FORMATS) - 1
            try:
                answer = await self._answer(asked, extra, options)
            except ModelRefused as error:
                cause = error.__cause__
                if (
                    last
                    or not isinstance(cause, openai.OpenAIError)
                    or not refuses_format(cause)
                ):
                    raise
                continue
            usage += answer.usage
            is_json = "{" in answer.text
            if last or is_json or answer.is_cut:
                self._format = number
                self._format_settled |= is_json
                return Answer(answer.text, answer.is_cut, usage)
        raise AssertionError("the last format returns or raises")

    async def _answer(
        self, messages: Messages, extra: Mapping[str, Any], options: Options
    ) -> Answer:
        begun = time.monotonic()
        async with self._slots:
            with self._watched():
                completion = await self._create(messages, extra, options)
                choice = completion.choices[0]
                text = without_thinking(storable(text_of(choice.message.content)))
        refused = storable(getattr(choice.message, "refusal", None))
        ended = getattr(choice, "finish_reason", None)
        if not text and (refused or ended == "content_filter"):
            raise ModelRefused(f"the model refused: {refused or 'its content filter'}")
        usage = _usage(getattr(completion, "usage", None), begun)
        return Answer(text, ended == "length", usage)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """The SDK's errors as ours; the breaker learns how the endpoint does. Raises
        `ModelUnavailable` at once while it is left alone.
        """
        self._breaker.check()
        try:
            yield
        except openai.OpenAIError as error:
            ours = translated(error, self._role.timeout_s)
            self._learn(ours)
            raise ours from error
        except _MALFORMED as error:  # of a proxy, or a server that is broken
            ours = ModelUnavailable(
                "the model's endpoint answered something that is no chat completion"
                f" ({type(error).__name__})"
            )
            self._learn(ours)
            raise ours from error
        except BaseException:  # cancelled, or the reader of the stream has left
            self._breaker.abandoned()
            raise
        self._breaker.succeeded()

    def _learn(self, error: Exception) -> None:
        if isinstance(error, ModelUnavailable):
            self._breaker.failed(error.message)
        else:
            self._breaker.succeeded()

    async def _create(
        self, messages: Messages, extra: Mapping[str, Any], options: Options
    ) -> Any:
        """The answer of one request. After a failure that may pass at once it is
        repeated; an option that the endpoint names as wrong is renamed or dropped.
        """
        failures = 0
        while True:
            try:
                return await self._request(messages, extra, options)
            except openai.BadRequestError as error:
                if not self._accepted.adapts(error, extra, options):
                    raise
            except openai.OpenAIError as error:
                failures += 1
                pause = _pause(error, failures, self._role.timeout_s)
                if pause is None or failures >= self._role.tries:
                    raise
                await asyncio.sleep(pause)

    async def _request(
        self, messages: Messages, extra: Mapping[str, Any], options: Options
    ) -> Any:
        create: Any = self._client.chat.completions.create
        return await create(
            model=self._model,
            messages=list(messages),
            extra_body=dict(self._role.extra_body) or None,
            **self._accepted.extra(extra),
            **self._accepted.options(options),
        )


def _usage(counted: Any, begun: float) -> Usage:
    """One call by the endpoint's count; no tokens where it counts none."""
    return Usage(
        calls=1,
        prompt_tokens=_count(counted, "prompt_tokens"),
        completion_tokens=_count(counted, "completion_tokens"),
        milliseconds=round((time.monotonic() - begun) * 1000),
    )


def _count(counted: Any, name: str) -> int:
    """A figure of the endpoint's; 0 for what is none."""
    value = getattr(counted, name, None)
    return max(0, value) if isinstance(value, int) else 0


def _pause(error: openai.OpenAIError, failures: int, timeout_s: float) -> float | None:
    """Seconds until a request is worth repeating within the same call; None when it is
    not: what is refused, or too slow, or asks to wait longer.
    """
    if isinstance(error, openai.APITimeoutError):
        return None
    ours = translated(error, timeout_s)
    if not isinstance(ours, ModelUnavailable) or ours.after > _LONGEST_PAUSE_S:
        return None
    backoff = _FIRST_PAUSE_S * 2 ** (failures - 1) * random.uniform(0.7, 1.3)
    return ours.after or min(_LONGEST_PAUSE_S, backoff)
