"""A ChatModel that gives the answers that a test wrote down for it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any

from shared.domain.model_answer import Answer, Usage

Messages = Sequence[Mapping[str, Any]]
Scripted = str | Answer | Exception | Mapping[str, Any] | Callable[[Messages], Any]


class FakeChatModel:
    """The ChatModel port. Answers come in order, the last one over and over; a mapping
    is answered as JSON, an exception is raised, a function gets the messages and gives
    one of these. `asked` holds the messages of every call.
    """

    name, calls = "scripted", 4

    def __init__(self, *answers: Scripted) -> None:
        self._answers = list(answers)
        self.asked: list[Messages] = []
        self.options: list[Mapping[str, Any]] = []

    async def complete(
        self,
        messages: Messages,
        *,
        schema: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Answer:
        place = min(len(self.asked), len(self._answers) - 1)
        self.asked.append(messages)
        self.options.append(options or {})
        answer = self._answers[place]
        if callable(answer):
            answer = answer(messages)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, Mapping):
            answer = json.dumps(answer, ensure_ascii=False)
        return answer if isinstance(answer, Answer) else Answer(answer)

    async def stream(
        self,
        messages: Messages,
        options: Mapping[str, Any] | None = None,
        on_usage: Callable[[Usage], None] | None = None,
    ) -> AsyncGenerator[tuple[str, str], None]:
        yield "text", (await self.complete(messages, options=options)).text

    def data(self, call: int = -1) -> dict[str, Any]:
        """The data that a call was about."""
        value: dict[str, Any] = json.loads(self.asked[call][1]["content"])
        return value
