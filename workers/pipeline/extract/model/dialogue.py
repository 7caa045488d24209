"""Asking a model until its answer can be used: once more with what was wrong, in two
halves where the answer was cut or the question too long.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.errors import ModelTooLong
from shared.ports import ChatModel
from workers.pipeline.extract.model.answer_json import Unreadable, object_in
from workers.pipeline.extract.model.prompt import ChatMessage
from workers.pipeline.extract.model.schema import Schema

ANSWER_TOKENS = 8000
"""Of an answer, the model's thoughts included: what no answer to a stretch needs, so
that one which repeats itself for ever ends.
"""
_LONGEST_QUOTED = 2000
"""Characters of an unreadable answer that the model is shown again."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Answered(Generic[Item]):
    """What a model answered of some items (lines, passages)."""

    items: Sequence[Item]
    value: Mapping[str, Any]
    remark: str = ""
    """What of the answer was lost, for people."""


@dataclass(frozen=True, slots=True)
class Question(Generic[Item]):
    """What is asked of items, and in which form it is to be answered."""

    prompt: Callable[[Sequence[Item]], list[ChatMessage]]
    schema: Schema
    lists: tuple[str, ...]
    """The lists of the answer; one of them at least makes it an answer."""


async def answers(
    model: ChatModel, question: Question[Item], items: Sequence[Item]
) -> AsyncIterator[Answered[Item]]:
    """The model's answers: one, or one for each part of the items that it could answer
    whole. Raises `Unreadable` where an answer is none twice, and as `ChatModel.complete`.
    """
    try:
        value, is_cut = await _answer(model, question, items)
    except ModelTooLong:
        if len(items) < 2:
            raise
        is_cut, value = True, {}
    if is_cut and len(items) > 1:
        middle = len(items) // 2
        for part in (items[:middle], items[middle:]):
            async for answered in answers(model, question, part):
                yield answered
        return
    remark = (
        "the model's answer was cut: what was whole of it is kept" if is_cut else ""
    )
    yield Answered(items, value, remark)


async def _answer(
    model: ChatModel, question: Question[Item], items: Sequence[Item]
) -> tuple[Mapping[str, Any], bool]:
    """The object of an answer and whether it is cut, asked for twice at most."""
    messages = question.prompt(items)
    options = {"temperature": 0.0, "max_tokens": ANSWER_TOKENS}
    answer = await model.complete(messages, schema=question.schema, options=options)
    if answer.is_cut and len(items) > 1:
        return {}, True
    try:
        value, is_cut = object_in(answer.text, question.lists)
    except Unreadable as error:
        again = [*messages, *_complaint(answer.text, error)]
        answer = await model.complete(again, schema=question.schema, options=options)
        value, is_cut = object_in(answer.text, question.lists)
    return value, is_cut or answer.is_cut


def _complaint(answer: str, error: Unreadable) -> list[ChatMessage]:
    return [
        {"role": "assistant", "content": answer[:_LONGEST_QUOTED] or "(nothing)"},
        {
            "role": "user",
            "content": f"That cannot be read: {error}. Answer again, with the JSON"
            " object alone.",
        },
    ]
