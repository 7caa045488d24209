"""What feedback means, decided by a language model that is shown the memories it may be
about, by number: rewrite, archive, forget, add, or that it is unclear.

One call. Its answer is checked against what was shown, and saved with ids in place of
numbers before anything is done, so that a further try does the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from shared.domain.filter import Filters
from shared.domain.job_payload import FeedbackPayload
from shared.domain.memory import Kind, Memory
from shared.domain.message import Message
from shared.domain.model_answer import Answer
from shared.domain.passage import Talk
from shared.domain.scope import Reach
from shared.language.lexical import ask
from shared.language.words import terms
from shared.ports import ChatModel
from workers.pipeline.extract.model.answer_json import Unreadable, object_in
from workers.pipeline.feedback.feedback_prompt import ACTIONS, INSTRUCTIONS, SCHEMA
from workers.pipeline.feedback.rule_feedback import CORRECTED, named_memories
from workers.pipeline.job_run import JobRun
from workers.pipeline.load_talk import sent_before
from workers.pipeline.orders.forgotten import said_in
from workers.pipeline.orders.orders_in_talk import Order
from workers.pipeline.saved_answers import answer_once

SHOWN = 20
"""Memories of a kind that are shown, the nearest ones by words and by meaning; those that
the user was looking at, or that an order names, come before them.
"""
LONGEST_SHOWN = 600
"""Characters of a memory and of an earlier message that are shown."""
LONGEST_TEXT = 1200
"""Characters of a memory; a longer one is none."""
ANSWER_TOKENS = 4000
"""Of the longest answer: 20 memories written anew."""
KEPT_WORDS = 0.2
"""Share of an older memory's words that its rewriting has to keep: with less it is
another statement, and the older one stays beside it.
"""
BRIEF = 8
"""Words up to which a memory may be rewritten whole."""


@dataclass(frozen=True, slots=True)
class Action:
    """One change. `do` is one of `ACTIONS`."""

    do: str
    memories: tuple[str, ...] = ()
    """Ids."""
    text: str = ""
    is_preference: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What feedback changes; nothing where it is unclear."""

    actions: tuple[Action, ...] = ()
    why: str = ""
    """For people."""
    compared: tuple[str, ...] = ()
    """Ids of the memories that it was compared with."""


async def decided_by_model(
    run: JobRun,
    model: ChatModel,
    talk: Talk,
    payload: FeedbackPayload,
    orders: Sequence[Order],
) -> Decision:
    """The model's decision on the feedback. Raises `Unreadable` for an answer that holds
    none, and what the model raises.
    """
    asking = partial(_asked, run, model, talk, payload, orders)
    saved = json.loads(await answer_once(run, "feedback", asking))
    actions = [
        Action(**{**action, "memories": tuple(action["memories"])})
        for action in saved["actions"]
    ]
    return Decision(tuple(actions), saved["why"], tuple(saved["compared"]))


def decision_of(answer: str, memories: Sequence[Memory]) -> Decision:
    """A model's answer on these memories. What names none of them, and what has no text
    though it should, is left out. Raises `Unreadable`.
    """
    value = object_in(answer, ("actions",))[0]
    compared = tuple(memory.id for memory in memories)
    why = str(value.get("why") or "")
    entries = value["actions"] if isinstance(value["actions"], list) else []
    if value.get("understood") is False:
        return Decision((), why, compared)
    actions: list[Action] = []
    changed: set[str] = set()
    for entry in entries:
        action = _action(entry, memories, changed)
        if action is not None:
            actions.append(action)
            changed |= set(action.memories)
    return Decision(tuple(actions), why, compared)


def _action(entry: Any, memories: Sequence[Memory], changed: set[str]) -> Action | None:
    """One action; None for one that cannot be meant. A memory is changed once."""
    if not isinstance(entry, dict) or entry.get("do") not in ACTIONS:
        return None
    given = entry.get("text")
    text = given.strip() if isinstance(given, str) else ""
    named = [
        m for m in _numbered(entry.get("memories"), memories) if m.id not in changed
    ]
    is_preference = entry.get("kind") == "preference"
    do = entry["do"]
    if do in ("archive", "forget"):
        ids = tuple(memory.id for memory in named)
        return Action(do, ids) if ids else None
    if not 0 < len(text) <= LONGEST_TEXT:
        return None
    if do == "add" or not named:
        return Action("add", (), text, is_preference)
    rewritten = tuple(m.id for m in named if _may_be(m.text, text))
    return Action("rewrite" if rewritten else "add", rewritten, text, is_preference)


def _numbered(numbers: Any, memories: Sequence[Memory]) -> Iterator[Memory]:
    """The memories of these numbers, which begin with 1; a number may come as text."""
    for number in numbers if isinstance(numbers, list) else [numbers]:
        place = int(number) if str(number).strip().isdecimal() else 0
        if 0 < place <= len(memories):
            yield memories[place - 1]


def _may_be(old: str, new: str) -> bool:
    """Whether a text may be the rewriting of another one."""
    words = set(terms(old))
    return len(words) <= BRIEF or len(words & set(terms(new))) >= KEPT_WORDS * len(
        words
    )


async def _asked(
    run: JobRun,
    model: ChatModel,
    talk: Talk,
    payload: FeedbackPayload,
    orders: Sequence[Order],
) -> str:
    """The decision as JSON, with ids."""
    feedback = " ".join(message.text for message in talk.messages).strip()
    memories = await _memories(run, payload, orders, feedback)
    lines = [f"{n}. {_line(memory)}" for n, memory in enumerate(memories, 1)]
    before = sent_before(run.job) or talk.before
    question = {
        "said_before": [_said(message) for message in before],
        "memories": lines,
        "feedback": _said(talk.messages[-1]).split(": ", 1)[0] + f": {feedback}",
    }
    messages = [
        {"role": "system", "content": INSTRUCTIONS},
        {"role": "user", "content": json.dumps(question, ensure_ascii=False, indent=0)},
    ]
    decision = await _decided(model, messages, memories)
    return json.dumps(asdict(decision), ensure_ascii=False)


async def _decided(
    model: ChatModel, messages: list[dict[str, str]], memories: Sequence[Memory]
) -> Decision:
    """The model's decision; an answer that cannot be read is asked for once more."""
    options = {"temperature": 0.0, "max_tokens": ANSWER_TOKENS}
    answer = await model.complete(messages, schema=SCHEMA, options=options)
    try:
        return _whole(answer, memories)
    except Unreadable as error:
        again = [
            *messages,
            {"role": "assistant", "content": answer.text or "(nothing)"},
            {"role": "user", "content": f"{error}. Answer with the JSON object alone."},
        ]
        answer = await model.complete(again, schema=SCHEMA, options=options)
        return _whole(answer, memories)


def _whole(answer: Answer, memories: Sequence[Memory]) -> Decision:
    """The decision of an answer. Raises `Unreadable`, for one that was cut, too: half of
    what was decided may be the wrong half.
    """
    if answer.is_cut:
        raise Unreadable("the answer was cut off")
    return decision_of(answer.text, memories)


async def _memories(
    run: JobRun, payload: FeedbackPayload, orders: Sequence[Order], feedback: str
) -> list[Memory]:
    """What the feedback may be about, each once: what the user was looking at, what
    orders in it name, the nearest ones.
    """
    scope, context = run.job.scope, run.context
    memories = await named_memories(run, payload.memory_ids)
    for order in orders:
        memories += await said_in(run, order)
    by_kind = await context.memories.candidates(
        Reach(scope.project, scope.user, public=False),
        dict.fromkeys(CORRECTED, SHOWN),
        ask(feedback),
        await context.embedder.query(feedback),
        Filters(),
    )
    for kind in CORRECTED:
        nearest = by_kind.get(kind, [])
        nearest.sort(key=lambda candidate: -(candidate.dense or 0.0))
        memories += [candidate.memory for candidate in nearest[:SHOWN]]
    distinct = {m.id: m for m in memories if not m.fast and m.kind in CORRECTED}
    return list(distinct.values())


def _line(memory: Memory) -> str:
    kind = "preference" if memory.kind is Kind.PREFERENCE else "fact"
    at = memory.said_at or memory.created_at
    day = datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d") if at else "?"
    return f"{kind}, said {day}: {memory.text[:LONGEST_SHOWN]}"


def _said(message: Message) -> str:
    return f"{message.role} ({message.spoken_at:%Y-%m-%d %H:%M}): {message.text[:LONGEST_SHOWN]}"
