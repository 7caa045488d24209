"""Facts, by rules: turns of a talk that are worth remembering, understandable alone.

A memory is about the size of a turn: measured, single sentences are found far worse and
cost the reader the context. What makes a turn understandable alone: its speaker is
named, relative dates are resolved into the text, a short answer keeps the question it
answers, and the day it was said stands at the end. The turn before goes into the
lexical index only (`context`): people search by the words of the question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from shared.domain.extraction import Draft
from shared.domain.memory import Origin, Type
from shared.domain.passage import Talk
from shared.jobs.clock import milliseconds
from shared.language.calendar import written_date
from shared.language.dates import mentions, resolve
from shared.language.phrases import key_phrases
from shared.language.sentences import BULLET, is_listed, joined, sentences
from shared.language.words import is_chinese, terms
from workers.pipeline.extract.facts.condense import (
    closing,
    condense,
    length,
    without_code,
)
from workers.pipeline.extract.facts.subjects import subject_of
from workers.pipeline.extract.speech.patterns import (
    ABOUT_YOU,
    CHATTER,
    FILLER,
    FILLER_ZH,
    JOINS,
    JOINT,
    PERSONAL,
    POINTS_BACK,
    SYMBOLS,
    TASK,
    YES_OR_NO,
)
from workers.pipeline.extract.speech.small_talk import is_polite_phrase, is_small_talk
from workers.pipeline.extract.speech.third_person import third_person
from workers.pipeline.extract.speech.turns import Turn, is_persons, read_turn

LONGEST = 120
"""Words of one memory; a longer turn is cut between sentences. Two Chinese characters
count as a word.
"""

SHORT_ANSWER = 6
"""Words up to which an answer is kept together with its question."""

FEWEST_NOTES = 3
"""Entries of a list from which each is a memory of its own."""

WORDS_OF_NOTE = 4
"""Words of an entry, on average, that can stand for itself."""

SHORT_QUESTION = 10
"""Words up to which a turn that only asks tells nothing of the one who asks."""


def facts(
    talk: Talk, elsewhere: Mapping[str, Sequence[str]] | None = None
) -> list[Draft]:
    """What the talk says, one draft a turn (several for a long one), none for greetings
    and fillers.

    `elsewhere`: stretches of text, by message id, that something else is made of.
    """
    read = [read_turn(message) for message in (*talk.before[-1:], *talk.messages)]
    turns = [
        _without(turn, (elsewhere or {}).get(turn.message.id, ()))
        for turn in read
        if turn is not None
    ]
    fresh = {message.id for message in talk.messages}
    drafts: list[Draft] = []
    for before, turn in pairwise((None, *turns)):
        if turn is not None and turn.message.id in fresh:
            drafts += _drafts(turn, before)
    return drafts


def _without(turn: Turn, stretches: Sequence[str]) -> Turn:
    """The turn without these stretches, and without the words that tied them to the rest."""
    text = turn.text
    for stretch in stretches:
        before, match, after = text.partition(stretch)
        if match:
            before, after = JOINT.sub("", before), JOINS.sub("", after)
            stop = (
                ""
                if not before or before.endswith(tuple(".!?。！？"))
                else "。"
                if is_chinese(before)
                else "."
            )
            text = f"{before}{stop} {after[:1].upper()}{after[1:]}".strip()
    return replace(turn, text=text)


def _drafts(turn: Turn, before: Turn | None) -> Iterator[Draft]:
    said = without_code(turn.text) if is_persons(turn) else condense(turn.text)
    statements = [
        sentence
        for sentence in sentences(said)
        if not is_filler(sentence, turn.speaker)
    ] or _yes_or_no(said, before)
    if not is_persons(turn):
        answered = before.text if before is not None else ""
        statements = [
            sentence for sentence in statements if not is_small_talk(sentence, answered)
        ]
    # A turn that is no more than a short question is no memory itself: its words help
    # to find the answer (`context`).
    asks = [
        sentence for sentence in statements if sentence.rstrip().endswith(("?", "？"))
    ]
    is_short = length(" ".join(statements)) <= SHORT_QUESTION
    if not statements or (asks == statements and is_short):
        return
    if not turn.speaker:
        statements = [CHATTER.sub("", sentence) or sentence for sentence in statements]
    answer = " ".join(statements) if turn.speaker else statements[0]
    question = (
        _question(before)
        if before is not None
        and _replies(turn, before)
        and length(answer) <= SHORT_ANSWER
        else ""
    )
    for piece in (
        notes(statements)
        if is_persons(turn) and is_notes(statements)
        else pieces(statements)
    ):
        yield _draft(turn, piece, question, before)
        question = ""


def is_filler(sentence: str, speaker: str = "") -> bool:
    """Whether a sentence says nothing worth keeping: greetings, thanks, agreement.

    Between people with names politeness tells something, of how they stand to each
    other (measured: it is asked for).
    """
    words = SYMBOLS.sub("", sentence).strip()
    return (
        bool(FILLER.fullmatch(words) or FILLER_ZH.fullmatch(words))
        or not terms(words)
        or (not speaker and is_polite_phrase(words))
    )


def pieces(statements: Sequence[str]) -> Iterator[str]:
    """The sentences in stretches of at most about LONGEST words."""
    held: list[str] = []
    for sentence in statements:
        if held and length(" ".join([*held, sentence])) > LONGEST:
            yield joined(held)
            held = []
        held.append(sentence)
    yield joined(held)


def is_notes(statements: Sequence[str]) -> bool:
    """Whether it is a list of things that stand for themselves, not one of a word each."""
    entries = [sentence for sentence in statements if is_listed(sentence)]
    return len(entries) >= FEWEST_NOTES and length(
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
            and length(sentence) <= SHORT_QUESTION
        ):
            heading = sentence
        else:
            yield sentence


def _yes_or_no(said: str, before: Turn | None) -> list[str]:
    """An answer that says no more than yes or no, where it was asked about the one who answers."""
    answer = YES_OR_NO.match(said.strip())
    return (
        [answer[0]]
        if answer and before is not None and ABOUT_YOU.search(_question(before))
        else []
    )


def _question(before: Turn) -> str:
    asked = [
        sentence
        for sentence in sentences(before.text)
        if sentence.rstrip().endswith(("?", "？"))
    ]
    return asked[-1] if asked else ""


def _draft(turn: Turn, said: str, question: str, before: Turn | None) -> Draft:
    message = turn.message
    zh = is_chinese(said)
    resolved = resolve(said, message.spoken_at)
    text = _attributed(turn, resolved, question, zh)
    said_on = written_date(message.spoken_at, zh)
    if message.chat_time and said_on not in text:  # it answers questions of "when"
        text = f"{text}（{said_on}）" if zh else f"{text} ({said_on})"
    is_trait = message.role == "user" and PERSONAL.search(said)
    phrases = ("，" if zh else ", ").join(key_phrases(said, 2))
    happened = message.spoken_at
    meant = mentions(said, message.spoken_at.date())
    if meant:  # noon of that day
        day = meant[0].days.first
        happened = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Draft(
        type=Type.USER if is_trait else Type.WORKING,
        text=text,
        title=phrases[:60] or said[:40],
        tags=tuple(key_phrases(said, 3)),
        confidence=0.9 if message.role == "user" else 0.7,
        context=closing(before.text)[:600]
        if before is not None and (_replies(turn, before) or POINTS_BACK.match(said))
        else "",
        origins=(Origin(message_ids=(message.id,)),),
        speaker=turn.speaker,
        subject=subject_of(said, turn.speaker)
        if message.role == "user" or turn.speaker
        else "",
        happened_at=milliseconds(happened),
        said_at=milliseconds(message.spoken_at),
    )


def _replies(turn: Turn, before: Turn) -> bool:
    """Whether another one spoke before: only then does the turn before help to find
    this one (measured: in a monologue it misleads).
    """
    return (turn.speaker, turn.message.role) != (before.speaker, before.message.role)


def _attributed(turn: Turn, said: str, question: str, zh: bool) -> str:
    """Who says it: by name where there is one, the user in the third person, the
    assistant as itself.
    """
    asked = (f"（{question}）" if zh else f"({question}) ") if question else ""
    if turn.speaker:
        return f"{turn.speaker}{'：' if zh else ': '}{asked}{said}"
    if turn.message.role == "assistant":
        return f"助手说：{asked}{said}" if zh else f"Assistant: {asked}{said}"
    if TASK.match(said):  # what is to be translated or played is not said of the user
        return f"用户请求：{said}" if zh else f"User asked: {said}"
    statement = third_person(said)
    opening = sentences(statement)[0]
    return (
        asked + statement
        if "user" in opening.lower() or "用户" in opening
        else f"用户：{asked}{statement}"
        if zh
        else f"User: {asked}{statement}"
    )
