"""Preferences, by rules: what a person says they want, avoid or cannot have, and what
their choices tell of it.

Explicit: said straight out ("I can't stand horror films", "别给我推荐海鲜"). Implicit: a habit
mentioned in passing ("I usually prefer ...") or a choice among options that the
assistant offered. Each keeps the reason: what was said, or what was chosen and from
what.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import chain, pairwise

from shared.domain.extraction import Draft
from shared.domain.memory import EVERY_ANSWER, Origin, Type
from shared.domain.message import Message
from shared.domain.passage import Talk
from shared.jobs.clock import milliseconds
from shared.language.dates import resolve
from shared.language.sentences import joined
from shared.language.words import is_chinese
from workers.pipeline.extract.preferences.answer_instructions import (
    is_order,
    on_every_answer,
    plainly,
)
from workers.pipeline.extract.preferences.choices import chosen
from workers.pipeline.extract.preferences.habit_preferences import (
    Theme,
    telling_words,
    themes,
)
from workers.pipeline.extract.preferences.preference_classifier import (
    Judgement,
    by_signs,
)
from workers.pipeline.extract.preferences.preference_clauses import (
    clauses,
    likely_clauses,
)
from workers.pipeline.extract.preferences.preference_statements import (
    PreferenceStatement,
    judged,
    preference_statements,
)
from workers.pipeline.extract.preferences.question_answers import (
    asks_for_preference,
    is_short,
    question_of,
)
from workers.pipeline.extract.speech.third_person import third_person
from workers.pipeline.extract.speech.turns import read_turn

SURE, LIKELY = 0.95, 0.75
"""Confidence of a wish said outright, and of one that may be a mere fact."""


def preferences(talk: Talk, judgement: Judgement = by_signs) -> list[Draft]:
    """The preferences stated in the user's messages, the habits that show in them, and what
    their choices tell; habits about one thing are one.
    """
    choices, statements = _read(talk, judgement)
    habits = [statement for statement in statements if statement.habit]
    return [
        *choices,
        *(_draft(statement) for statement in statements if not statement.habit),
        *(_implied(theme) for theme in themes(habits, talk)),
    ]


def texts_of_preferences(
    talk: Talk, judgement: Judgement = by_signs
) -> dict[str, list[str]]:
    """The stretches of the talk, by message, that its preferences tell: no facts beside them.

    Not of people with names: what one of them likes is also a fact about them that
    another one asks for (measured: two-person talks .801 -> .818).
    """
    stretches: dict[str, list[str]] = defaultdict(list)
    for statement in _read(talk, judgement)[1]:
        if statement.sure and not statement.message.speaker:
            stretches[statement.message.id] += statement.parts
    return stretches


def clauses_of(talk: Talk) -> list[str]:
    """The clauses of the user's messages that a judgement will be asked about."""
    turns = [read_turn(message) for message in talk.messages if message.role == "user"]
    texts = [turn.text for turn in turns if turn is not None]
    return [*chain.from_iterable(map(clauses, texts))]


def _read(
    talk: Talk, judgement: Judgement
) -> tuple[list[Draft], list[PreferenceStatement]]:
    """The choices and preferences of a talk; a message that chooses states nothing else."""
    choices: list[Draft] = []
    statements: list[PreferenceStatement] = []
    asked = ""
    for before, message in pairwise((None, *talk.before[-2:], *talk.messages)):
        if message is None or message.role != "user":
            continue
        choice, turn, asked = (
            chosen(message, before, asked),
            read_turn(message),
            message.text,
        )
        if message in talk.before:
            continue
        if choice is not None:
            choices.append(choice)
        elif turn is not None:
            statements += _statements_of(
                replace(message, text=turn.text, speaker=turn.speaker),
                before,
                judgement,
            )
    return choices, statements


def _statements_of(
    message: Message, before: Message | None, judgement: Judgement
) -> list[PreferenceStatement]:
    """The preferences of a message: those found by phrases, those found by the classifier,
    and the answer to a question about preferences.
    """
    question = asks_for_preference(message, before)
    if question:
        return [
            PreferenceStatement(
                message.text.strip(), message, False, (message.text,), question
            )
        ]
    statements = list(
        judged(
            message,
            list(likely_clauses(message.text, judgement)),
            list(preference_statements(message)),
        )
    )
    if (
        before is not None
        and len(statements) == 1
        and message.text.endswith(statements[0].parts[-1])
        and is_short(message.text)
    ):
        statements = [replace(statements[0], question=question_of(before))]
    return [
        statement
        for statement in statements
        if not statement.habit or telling_words(statement.said)
    ]  # "I usually keep it simple" tells nothing


def _draft(statement: PreferenceStatement) -> Draft:
    zh = is_chinese(statement.said)
    asked = ""
    if statement.question:
        asked = f"（{statement.question}）" if zh else f"({statement.question}) "
    return Draft(
        type=Type.EXPLICIT,
        text=asked + _in_third_person(statement.said, statement.message),
        title=statement.said[:40],
        tags=(EVERY_ANSWER,) if on_every_answer(statement.said) else (),
        confidence=SURE if statement.sure else LIKELY,
        reasoning=f"用户明确表示：“{statement.said}”"
        if zh
        else f'The user said so: "{statement.said}"',
        origins=(Origin(message_ids=(statement.message.id,)),),
        speaker=statement.message.speaker,
        happened_at=milliseconds(statement.message.spoken_at),
    )


def _implied(theme: Theme) -> Draft:
    first = theme.habits[0].message
    said = joined([habit.said for habit in theme.habits])
    zh = is_chinese(said)
    shut_out, things = "", theme.shut_out
    if things and zh:
        shut_out = f"似乎不喜欢：{'、'.join(things)}。"
    elif things:
        said_so = any("avoid" in habit.said for habit in theme.habits)
        dislike = "dislike" if said_so else "dislike and avoid"
        shut_out = f" I seem to {dislike} {', '.join(things)}."
    return Draft(
        type=Type.IMPLICIT,
        text=_in_third_person(f"{said}{shut_out}", first),
        title=said[:40],
        confidence=0.8,
        reasoning=f"用户在谈话中提到的习惯：“{said}”"
        if zh
        else f'A habit that the user mentioned: "{said}"',
        origins=(
            Origin(
                message_ids=tuple(
                    dict.fromkeys(habit.message.id for habit in theme.habits)
                )
            ),
        ),
        speaker=first.speaker,
        happened_at=milliseconds(first.spoken_at),
    )


def _in_third_person(said: str, message: Message) -> str:
    """The words as a statement about who said them; what does not name them is written
    as what they ask for or say.
    """
    order = is_order(said)
    said = resolve(plainly(said) if order else said, message.spoken_at)
    zh = is_chinese(said)
    name = message.speaker or ("用户" if zh else "The user")
    text = third_person(said, message.speaker or "The user", message.speaker or "用户")
    names_user = "user" in text.lower() and not message.speaker
    if not order and (name.lower() in text.lower() or names_user):
        return text
    if zh:
        return f"{name}{'要求' if order else '说'}：{text}"
    return f"{name} {'asks' if order else 'says'}: {text}"
