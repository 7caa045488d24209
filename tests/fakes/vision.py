"""A ChatModel with prepared answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any

from shared.domain.model_answer import Answer, Usage


class FakeVision:
    """The ChatModel port. Gives its answers in order, the last one over and over; an
    exception is raised, None never ends. `asked` holds the messages that it was given.
    """

    name, calls = "vision", 4

    def __init__(self, *answers: str | Exception | None) -> None:
        self.asked: list[list[Mapping[str, Any]]] = []
        self._answers = answers

    async def complete(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Answer:
        answer = self._answers[min(len(self.asked), len(self._answers) - 1)]
        self.asked.append(list(messages))
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            await asyncio.Event().wait()
        return Answer(str(answer))

    async def stream(
        self,
        messages: Sequence[Mapping[str, Any]],
        options: Mapping[str, Any] | None = None,
        on_usage: Callable[[Usage], None] | None = None,
    ) -> AsyncGenerator[tuple[str, str], None]:
        yield "text", (await self.complete(messages, options=options)).text
