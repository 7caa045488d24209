"""The ChatModel port on any OpenAI-compatible endpoint, by the `openai` SDK.

Endpoints differ in what they take. What one refuses is left out from then on, per
instance: the structured output falls from a JSON schema to a JSON object to plain text
with the schema in the prompt, `max_tokens` becomes `max_completion_tokens`, an option
that is named as wrong is dropped. Thinking (`<think>` blocks, `reasoning_content`) is
split off the answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from typing import Any

import openai

from shared.contract import Code
from shared.errors import Permanent, SouvenirError, Transient, Unavailable

RETRIES = 1
"""By the SDK itself, after a dropped connection, 429 or 5xx; further ones are the job's."""
OPTIONS = ("temperature", "top_p", "max_tokens")
REFUSED = frozenset({400, 404, 415, 422, 501})
"""HTTP statuses by which endpoints say that they do not know a response format."""
FORMATS = ("json_schema", "json_object", "")
"""Response formats, the strictest first; "" is plain text."""

Messages = Sequence[Mapping[str, Any]]


class OpenAIChat:
    """A model named `name` here and `model` there; `timeout_s` is the longest wait
    between two signs of life.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        api_key: str,
        model: str,
        timeout_s: float = 60.0,
    ) -> None:
        self.name = name
        self._model = model
        self._client = openai.AsyncOpenAI(
            base_url=base_url,
            api_key=api_key or "none",
            timeout=timeout_s,
            max_retries=RETRIES,
        )
        self._format = 0
        self._renamed: dict[str, str | None] = {}

    async def complete(
        self,
        messages: Messages,
        *,
        schema: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> str:
        if schema is None:
            return await self._answer(messages, {}, options)
        return await self._structured(messages, schema, options)

    async def stream(
        self, messages: Messages, options: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[tuple[str, str], None]:
        splitter = ThinkSplitter()
        try:
            async for event in await self._create(messages, {"stream": True}, options):
                for choice in (getattr(event, "choices", None) or [])[:1]:
                    delta = choice.delta
                    thought = getattr(delta, "reasoning_content", None)
                    thought = thought or getattr(delta, "reasoning", None)
                    if isinstance(thought, str):
                        yield "reasoning", thought
                    for piece in splitter.feed(delta.content or ""):
                        yield piece
        except openai.OpenAIError as error:
            raise translated(error) from error
        for piece in splitter.rest():
            yield piece

    async def _structured(
        self,
        messages: Messages,
        schema: Mapping[str, Any],
        options: Mapping[str, Any] | None,
    ) -> str:
        """From the strictest format that this endpoint has not refused yet down to plain text."""
        for number in range(self._format, len(FORMATS)):
            asked, extra = _in_format(FORMATS[number], messages, schema)
            last = number == len(FORMATS) - 1
            try:
                answer = await self._answer(asked, extra, options)
            except Permanent as error:
                cause = error.__cause__
                status = getattr(cause, "status_code", None)
                if last or status not in REFUSED:
                    raise
                continue
            if last or "{" in answer:
                self._format = number
                return answer
        raise AssertionError("the last format returns or raises")

    async def _answer(
        self,
        messages: Messages,
        extra: Mapping[str, Any],
        options: Mapping[str, Any] | None,
    ) -> str:
        try:
            answer = await self._create(messages, extra, options)
        except openai.OpenAIError as error:
            raise translated(error) from error
        choices = getattr(answer, "choices", None)
        if not choices:  # a proxy or a broken server answered something else
            raise Unavailable(
                "the model's endpoint answered something that is no chat completion"
            )
        return without_thinking(choices[0].message.content or "")

    async def _create(
        self,
        messages: Messages,
        extra: Mapping[str, Any],
        options: Mapping[str, Any] | None,
    ) -> Any:
        """One request; an option that the endpoint names as wrong is renamed or
        dropped, for good, and the request repeated.
        """
        while True:
            try:
                create: Any = self._client.chat.completions.create
                return await create(
                    model=self._model,
                    messages=list(messages),
                    **extra,
                    **self._options(options),
                )
            except openai.BadRequestError as error:
                if not self._adapts(error, options):
                    raise

    def _options(self, options: Mapping[str, Any] | None) -> dict[str, Any]:
        """The options under the names that the endpoint takes, without those that it
        refused.
        """
        accepted: dict[str, Any] = {}
        for name, value in (options or {}).items():
            wire_name = self._renamed.get(name, name)
            if name in OPTIONS and value is not None and wire_name is not None:
                accepted[wire_name] = value
        return accepted

    def _adapts(
        self, error: openai.BadRequestError, options: Mapping[str, Any] | None
    ) -> bool:
        """Whether the refusal names an option that was sent, so that another try differs."""
        sent = self._options(options)
        for name in OPTIONS:
            wire = self._renamed.get(name, name)
            if wire in sent and (
                error.param == wire or re.search(rf"\b{wire}\b", error.message)
            ):
                self._renamed[name] = (
                    "max_completion_tokens" if wire == "max_tokens" else None
                )
                return True
        return False


class ThinkSplitter:
    """Separates reasoning from text in a stream whose pieces may cut a tag in two."""

    def __init__(self) -> None:
        self._held = ""
        self._kind = "text"

    def feed(self, words: str) -> Iterator[tuple[str, str]]:
        """The pieces that are certain by now."""
        self._held += words
        while (tag := re.search(r"</?think>", self._held)) is not None:
            before = self._held[: tag.start()]
            self._held = self._held[tag.end() :]
            if before:
                yield self._kind, before
            self._kind = "text" if tag[0].startswith("</") else "reasoning"
        begun = 0  # characters at the end that may be the beginning of a tag
        for name in ("<think>", "</think>"):
            for size in range(1, len(name)):
                if self._held.endswith(name[:size]):
                    begun = max(begun, size)
        safe = len(self._held) - begun
        if safe:
            yield self._kind, self._held[:safe]
            self._held = self._held[safe:]

    def rest(self) -> Iterator[tuple[str, str]]:
        """What was held back when the stream ends."""
        if self._held:
            yield self._kind, self._held
            self._held = ""


def without_thinking(text: str) -> str:
    """The answer alone. A block that was never closed goes too; so does one whose
    opening tag was part of the prompt.
    """
    text = re.sub(r"<think>.*?(?:</think>|\Z)", "", text, flags=re.S)
    return text.rpartition("</think>")[2].strip()


def translated(error: openai.OpenAIError) -> SouvenirError:
    """The SDK's error as an error of this project; the caller keeps the SDK's as its cause."""
    if isinstance(error, openai.RateLimitError):
        return Transient(
            f"the model has no room now: {error.message}", code=Code.UNAVAILABLE
        )
    if isinstance(error, openai.APIStatusError) and error.status_code < 500:
        return Permanent(
            f"the model refused ({error.status_code}): {error.message}",
            code=Code.FAILED,
        )
    return Unavailable(f"the model does not answer: {error}")


def _in_format(
    format: str, messages: Messages, schema: Mapping[str, Any]
) -> tuple[Messages, dict[str, Any]]:
    """The messages, and what else is sent, to ask for an answer in a format."""
    if format == "json_schema":
        named = {"name": "answer", "schema": schema, "strict": True}
        return messages, {"response_format": {"type": format, "json_schema": named}}
    extra = {"response_format": {"type": format}} if format else {}
    words = (
        "Answer with one JSON object and nothing else. It must fit this JSON schema:\n"
        + json.dumps(schema, ensure_ascii=False)
    )
    # In the first system message: some endpoints take only one, and only at the front.
    if messages and messages[0].get("role") == "system":
        first, *rest = messages
        return [{**first, "content": f"{first['content']}\n\n{words}"}, *rest], extra
    return [{"role": "system", "content": words}, *messages], extra
