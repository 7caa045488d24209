"""Preferences: what a person says they want, avoid or are to be answered like, and what
their choices tell of it.

Explicit: said straight out ("I can't stand horror films"), a standing instruction, or
the answer to a question about tastes. Implicit: a habit that shows a taste, or a choice
among options that the assistant offered. Each keeps the sentence that gives it meaning,
and the reason: what was said, or what was chosen and from what.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from shared.domain.extraction import Draft
from shared.domain.memory import EVERY_ANSWER, Origin, Type
from shared.jobs.clock import milliseconds
from shared.language.dates import resolve
from shared.language.phrases import title_of
from shared.language.sentences import joined, sentences
from shared.language.words import is_chinese, word_count
from workers.pipeline.extract.facts.answered import asked_in, asked_to_tell
from workers.pipeline.extract.preferences.answer_instructions import (
    is_order,
    on_every_answer,
    plainly,
)
from workers.pipeline.extract.speech.leaning import leans_back
from workers.pipeline.extract.speech.patterns import (
    ACKNOWLEDGES,
    ADDRESS,
    ANSWERS,
    OFFERS_HELP,
    ONLY_CHATTER,
    REFERS,
    TELLS,
)
from workers.pipeline.extract.speech.third_person import third_person
from workers.pipeline.extract.speech.turns import Turn
from workers.pipeline.extract.statements.statement import Statement, TurnReading

INSTRUCTION = "instruction"
FRAGMENT = 2
"""Words up to which an instruction says nothing without the one before it."""
SHORT_ANSWER = 8
"""Words up to which an answer needs its question; two Chinese characters count as one."""
PROPOSAL = 25
"""Words up to which an assistant's turn is one proposal."""


def instructions(read: TurnReading) -> Iterator[str]:
    """What a turn of the user asks of answers to come, each instruction in its words."""
    for kind, statements in _by_kind(read):
        if kind == INSTRUCTION:
            yield from map(_said, _orders(statements))


def preferences(
    read: TurnReading, before: Turn | None, standing: Collection[str] = ()
) -> Iterator[Draft]:
    """The preferences of a turn of the user; sentences of one kind beside each other are
    one. `before`: the turn before it; `standing`: the instructions that bear on every
    answer.
    """
    for kind, statements in _by_kind(read):
        if kind == INSTRUCTION:
            for order in _orders(statements):
                is_answer = bool(ANSWERS.match(order[0].text))
                question = _answered(order, before) if is_answer else ""
                draft = _draft(read.turn, order, kind, question)
                bears = _said(order) in standing
                yield replace(draft, tags=(EVERY_ANSWER,)) if bears else draft
        else:
            question = ""
            if statements[0] is read.statements[0]:
                question = _answered(statements, before) or _judged(statements, before)
            yield _draft(read.turn, statements, kind, question)


def _by_kind(read: TurnReading) -> Iterator[tuple[str, list[Statement]]]:
    """The user's own preferences in their order, those of one kind beside each other together."""
    own = [s for s in read.statements if s.owner == "user" and _kind(s)]
    own = sorted((*own, *read.tastes), key=lambda statement: statement.start)
    for kind, group in groupby(own, key=_kind):
        yield kind, list(group)


def _said(statements: Sequence[Statement]) -> str:
    return joined([statement.text for statement in statements])


def _orders(statements: Sequence[Statement]) -> list[list[Statement]]:
    """The orders among instructions, each with what follows it and is none by itself: its
    reason ("Cups drive me mad."), or a word or two that go on ("Just Miriam.").
    """
    orders: list[list[Statement]] = []
    for statement in statements:
        is_short = word_count(statement.text) <= FRAGMENT
        if orders and (is_short or _tells(statement.text)):
            orders[-1].append(statement)
        else:
            orders.append([statement])
    return orders


def _tells(said: str) -> bool:
    """Whether words ask nothing of whoever is spoken to, by their form: "we use pytest"."""
    return not is_order(said) and not on_every_answer(said) and not ADDRESS.search(said)


def _kind(statement: Statement) -> str:
    if statement.is_preference or statement.kind == INSTRUCTION:
        return statement.kind
    return ""


def _answered(statements: Sequence[Statement], before: Turn | None) -> str:
    """The question that a short statement answers, "" for none."""
    said = _said(statements)
    if (
        before is None
        or before.message.role == "user"
        or word_count(said) > SHORT_ANSWER
    ):
        return ""
    return asked_in(before) or asked_to_tell(before)


def _judged(statements: Sequence[Statement], before: Turn | None) -> str:
    """What a short verdict without an object is on ("hated it", 太辣): the last sentence of
    an assistant's short turn before it, "" for none.
    """
    said = joined([statement.text for statement in statements])
    if before is None or before.message.role != "assistant":
        return ""
    is_short = word_count(said) <= SHORT_ANSWER and word_count(before.text) <= PROPOSAL
    points_back = REFERS.search(said) or leans_back(said)
    has_object = TELLS.match(said) and not points_back
    if has_object or not is_short:
        return ""
    last = sentences(before.text)[-1]
    return "" if _is_polite(last) else last


def _is_polite(sentence: str) -> bool:
    """Whether a sentence greets, thanks or offers help: nobody judges that."""
    patterns = (ONLY_CHATTER.match, ACKNOWLEDGES.match, OFFERS_HELP.search)
    return any(find(sentence) for find in patterns)


def _draft(
    turn: Turn, statements: Sequence[Statement], kind: str, question: str
) -> Draft:
    message = turn.message
    said = _said(statements)
    zh = is_chinese(said)
    asked = ""
    if question:
        asked = f"（{question}）" if zh else f"({question}) "
    confidence = min(sum(_likely(s, kind) for s in statements) / len(statements), 0.95)
    return Draft(
        type=Type.IMPLICIT if kind == "implicit_preference" else Type.EXPLICIT,
        text=_attributed(turn, statements, asked, kind),
        title=title_of(f"{question} {said}" if question else said),
        confidence=round(confidence, 2),
        reasoning=_reason(said, kind, zh),
        origins=(Origin(message_ids=(message.id,)),),
        speaker=turn.speaker,
        happened_at=milliseconds(message.spoken_at),
    )


def _likely(statement: Statement, kind: str) -> float:
    return statement.kinds.get(kind, 0.0)


def _reason(said: str, kind: str, zh: bool) -> str:
    if kind == "implicit_preference":
        return (
            f"用户在谈话中提到的习惯：“{said}”"
            if zh
            else f'A habit that the user mentioned: "{said}"'
        )
    return f"用户明确表示：“{said}”" if zh else f'The user said so: "{said}"'


def _attributed(
    turn: Turn, statements: Sequence[Statement], asked: str, kind: str
) -> str:
    """The words as a statement about who said them; what does not name them is written
    as what they ask for or say.
    """
    own = [statement.text for statement in statements]
    order = kind == INSTRUCTION and not (TELLS.match(own[0]) and _tells(own[0]))
    if order:
        own[0] = plainly(own[0])
    said = resolve(joined(own), turn.message.spoken_at)
    zh = is_chinese(said)
    name = turn.speaker or ("用户" if zh else "The user")
    text = third_person(said, turn.speaker or "The user", turn.speaker or "用户")
    if text is not None and (not order or text.startswith(name)):
        return asked + text
    words = said if text is None else text
    if zh:
        return f"{name}{'要求' if order else '说'}：{asked}{words}"
    return f"{name} {'asks' if order else 'says'}: {asked}{words}"
