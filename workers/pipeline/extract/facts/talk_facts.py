"""Facts: turns of a talk that are worth remembering, understandable alone.

A memory is about the size of a turn: measured, single sentences are found far worse and
cost the reader the context. What makes a turn understandable alone: its speaker is
named, relative dates are resolved into the text, a short answer keeps the question it
answers, and the day it was said stands at the end. The turn before goes into the
lexical index only (`context`): people search by the words of the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from shared.domain.extraction import Draft
from shared.domain.memory import Origin, Type
from shared.jobs.clock import milliseconds
from shared.language.calendar import written_date
from shared.language.dates import mentions, resolve
from shared.language.sentences import (
    BULLET,
    is_listed,
    joined,
    sentences,
)
from shared.language.words import is_chinese, terms, word_count
from workers.pipeline.extract.facts.answered import question_of, replies, stopped
from workers.pipeline.extract.facts.condense import (
    LONG,
    closing,
    condense,
)
from workers.pipeline.extract.facts.titles import answer_tags, answer_title
from workers.pipeline.extract.speech.leaning import points_back
from workers.pipeline.extract.speech.patterns import RESETS
from workers.pipeline.extract.speech.third_person import third_person
from workers.pipeline.extract.speech.turns import Turn, is_persons
from workers.pipeline.extract.statements.statement import Statement, TurnReading
from workers.pipeline.orders.subject import with_subject
from workers.pipeline.orders.wordings import opens_with_wrong

LONGEST = 60
"""Words of one memory; a longer turn is cut between sentences. Two Chinese characters
count as a word.
"""

FEWEST_NOTES = 3
"""Entries of a list from which each is a memory of its own."""

WORDS_OF_NOTE = 4
"""Words of an entry, on average, that can stand for itself."""

SHORT_CORRECTION = 14
"""Words up to which a correction may leave out what it is about."""

CORRECTS, CORRECTS_BRIEFLY = 0.85, 0.5
"""Probability from which a turn corrects what its speaker said before, and from which
one does that says hardly more than a value.
"""
MAY_CORRECT = 0.4
"""Probability from which a turn is a correction where it changes something known."""
VALUE = 3
"""Index terms up to which a turn says hardly more than a value."""

CONTEXT = 600
"""Characters of what was said before that help to find a turn."""

_CUT_AT = tuple(",，;；¿—–")
SHORT_HEADING = 10
"""Words up to which the first line of a list is its heading."""


def facts(
    read: TurnReading,
    before: Turn | None,
    own: Sequence[str] = (),
    elsewhere: Sequence[str] = (),
    option: str = "",
) -> Iterator[Draft]:
    """What a turn says, one draft (several for a long one). `before`: the turn before
    it; `own`: what the same person said earlier, latest last; `elsewhere`: what the user
    said last in another conversation; `option`: which of those that were offered the
    turn means by its place.
    """
    turn = read.turn
    said, kind = _said(read)
    if not said:
        return
    question = option or question_of(said, turn, before, own)
    split = notes if is_persons(turn) and is_notes(said) else pieces
    if turn.is_mixed:  # whose the words may be says the clause before them
        said = [joined(said)]
    resets = bool(question) and bool(RESETS.match(said[0]))
    takes_back = resets or (not question and _may_correct(read, said))
    corrects = takes_back and not resets
    if corrects and _corrects(read, said):
        is_value = len(set(terms(" ".join(said)))) <= VALUE
        earlier = own or (elsewhere if is_value else ())
        first = with_subject(said[0], _stated_before(read, said[0]) or earlier)
        corrects = first == said[0]  # what it corrects is to be found at merging
        said = [first, *said[1:]]
    for piece in split(said):
        draft = _draft(turn, piece, question, before, kind)
        draft = replace(draft, corrects=corrects, takes_back=takes_back)
        if own and points_back(
            piece, own[-1]
        ):  # "she": whom the person spoke of before
            context = f"{own[-1][-CONTEXT:]}\n{draft.context}".strip()
            draft = replace(draft, context=context)
        yield draft
        question = ""


def _stated_before(read: TurnReading, said: str) -> list[str]:
    """What the same turn states before something: "You can call me Eddie. Not Edward."
    corrects nobody.
    """
    place = read.turn.text.find(said)
    return [earlier.text for earlier in read.statements if earlier.start < place]


def _said(read: TurnReading) -> tuple[list[str], Type]:
    """The sentences that are kept as facts, and of what type they are."""
    turn = read.turn
    if not read.statements:
        return [], Type.WORKING
    if (
        turn.speaker or turn.is_quoted
    ):  # what one of several people likes is a fact about them, too
        return sentences(turn.text), Type.WORKING
    if turn.message.role == "assistant" and word_count(turn.text) > LONG:
        return sentences(condense(turn.text)), Type.WORKING
    own = [statement for statement in read.statements if not _is_preference(statement)]
    if turn.message.role == "assistant":
        own = list(read.statements)
    is_trait = any(s.kind == "fact" and s.owner == "user" for s in own)
    is_users = turn.message.role == "user" and is_trait
    said = [_with_stop(turn.text, statement) for statement in own]
    return said, Type.USER if is_users else Type.WORKING


def _with_stop(text: str, statement: Statement) -> str:
    """A statement that was cut out of a sentence, with the stop that it lost."""
    behind = text[statement.start + len(statement.text) :].lstrip(" ")[:1]
    return stopped(statement.text) if behind in _CUT_AT else statement.text


def _may_correct(read: TurnReading, said: Sequence[str]) -> bool:
    """Whether a turn likely corrects something in few words, whatever and whoever said it:
    where it does, what is known shows.
    """
    if not is_persons(read.turn) or word_count(" ".join(said)) > SHORT_CORRECTION:
        return False
    return opens_with_wrong(read.turn.text) or read.likely("correction") >= MAY_CORRECT


def _corrects(read: TurnReading, said: Sequence[str]) -> bool:
    """Whether a turn corrects, in few words, what its speaker said before."""
    text = " ".join(said)
    if word_count(text) > SHORT_CORRECTION:
        return False
    is_value = len(set(terms(text))) <= VALUE
    if is_value and opens_with_wrong(read.turn.text):
        return True
    has_number = any(character.isdigit() for character in text)
    least = CORRECTS_BRIEFLY if is_value and has_number else CORRECTS
    return read.likely("correction") >= least


def _is_preference(statement: Statement) -> bool:
    """Whether a preference is made of it and no fact."""
    return statement.kind == "instruction" or (
        statement.is_preference and statement.owner == "user"
    )


def pieces(statements: Sequence[str]) -> Iterator[str]:
    """The sentences in stretches of at most about LONGEST words."""
    held: list[str] = []
    for sentence in statements:
        if held and word_count(" ".join([*held, sentence])) > LONGEST:
            yield joined(held)
            held = []
        held.append(sentence)
    yield joined(held)


def is_notes(statements: Sequence[str]) -> bool:
    """Whether it is a list of things that stand for themselves, not one of a word each."""
    entries = [sentence for sentence in statements if is_listed(sentence)]
    return len(entries) >= FEWEST_NOTES and word_count(
        " ".join(entries)
    ) >= WORDS_OF_NOTE * len(entries)


def notes(statements: Sequence[str]) -> Iterator[str]:
    """A memory for each entry of a list, under its heading: one of them may change
    while the others stay.
    """
    heading = ""
    for sentence in statements:
        if is_listed(sentence):
            yield (
                joined([heading, BULLET.sub("", sentence)])
                if heading
                else BULLET.sub("", sentence)
            )
        elif sentence.endswith((":", "：")) or (
            not heading
            and sentence == statements[0]
            and word_count(sentence) <= SHORT_HEADING
        ):
            heading = sentence
        else:
            yield sentence


def _draft(
    turn: Turn, said: str, question: str, before: Turn | None, kind: Type
) -> Draft:
    message = turn.message
    zh = is_chinese(said)
    resolved = resolve(said, message.spoken_at)
    text = _attributed(turn, resolved, question, zh)
    said_on = written_date(message.spoken_at, zh)
    if message.chat_time and said_on not in text:  # it answers questions of "when"
        text = f"{text}（{said_on}）" if zh else f"{text} ({said_on})"
    happened = message.spoken_at
    meant = mentions(said, message.spoken_at.date())
    if meant:  # noon of that day
        day = meant[0].days.first
        happened = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Draft(
        type=kind,
        text=text,
        title=answer_title(said, question),
        tags=answer_tags(said, question),
        confidence=0.9 if message.role == "user" else 0.7,
        context=closing(before.text)[:CONTEXT]
        if before is not None and (replies(turn, before) or points_back(said))
        else "",
        origins=(Origin(message_ids=(message.id,)),),
        speaker=turn.speaker,
        happened_at=milliseconds(happened),
        said_at=milliseconds(message.spoken_at),
    )


def _attributed(turn: Turn, said: str, question: str, zh: bool) -> str:
    """Who says it: by name where there is one, the user in the third person, the
    assistant as itself.
    """
    asked = (f"（{question}）" if zh else f"({question}) ") if question else ""
    if turn.is_quoted and not turn.is_mixed:
        return f"{_quoted_from(_unnamed(turn.speaker, said), zh)}{said}"
    if turn.speaker:
        return f"{turn.speaker}{'：' if zh else ': '}{asked}{said}"
    if turn.message.role == "assistant":
        return f"助手说：{asked}{said}" if zh else f"Assistant: {asked}{said}"
    statement = third_person(said)
    if statement is not None:
        return asked + statement
    return f"用户：{asked}{said}" if zh else f"User: {asked}{said}"


def _unnamed(writer: str, said: str) -> str:
    """The writer, "" where the clause that announces the words names them."""
    clause, colon, _ = said.replace("：", ":").partition(":")
    return "" if colon and writer in clause else writer


def _quoted_from(writer: str, zh: bool) -> str:
    """What stands before words that the user only quotes."""
    if zh:
        return f"{writer}（用户引用）：" if writer else "用户引用的话："
    return f"{writer} (quoted by the user): " if writer else "Quoted by the user: "
