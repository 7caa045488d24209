"""Which clauses of an older statement a newer one makes outdated by its words alone, in any
language.

- Another value: "rent 980" and "the rent goes up to 1,020". The two name the same thing,
  give values of one kind that differ (`shared.language.stated_values`), and the newer one
  has a word of change (`shared.language.change_words`).
- An end: "gym 35" and "I cancelled the gym". A clause says of what the older one names,
  and of nothing else, that it has ended.
- A denial: "I'm allergic to pollen" and "I'm no longer allergic to pollen, they say".
- Another home or birthday, where both are said for certain.

That two statements are of one thing is likely by that, not certain: a judge may object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from shared.language.change_words import (
    tells_change,
    tells_end,
    tells_no_more,
    without_change_words,
)
from shared.language.lexical import without_date, without_written_dates
from shared.language.personal_facts import BIRTHDAY, HOME, PersonalFact, personal_facts
from shared.language.sentences import sentence_spans
from shared.language.stated_values import (
    rival_kinds,
    stated_values,
    without_values,
)
from workers.pipeline.merge.clauses import clauses, question_span
from workers.pipeline.merge.other_things import are_of_two_things
from workers.pipeline.merge.telling import telling_words

_HELD_FOR_CERTAIN = (HOME, BIRTHDAY)
"""Attributes of which a person has one, and of which two values are no detail."""
_NAMED = re.compile(r"(?:the )?(?:[A-ZÀ-ÞА-Я0-9]|[\u3400-\u9fff])")
"""How a place or a day begins: "moved to the backend team" tells no home."""
BRIEF = 3
"""Things that a clause names beside which one that ends is what it is about."""
_BRACKET = re.compile(r"\s*[(（][^()（）]*[)）]\s*")
LEAST_LETTERS = 3
"""Letters of a word that names what a value is of: "k" and "km" are units."""


@dataclass(frozen=True, slots=True)
class Rival:
    """A clause of an older statement, and what of a newer one gives another value."""

    span: tuple[int, int]
    """Where the clause stands."""
    was: str
    """The clause with the question that it answers."""
    said: str
    """The sentence of the newer statement, with the question that it answers."""
    plain: str
    """The sentence alone."""
    objections: tuple[str, ...] = ("same", "detail", "past", "elsewhere")
    """Relations by which a judge denies it: of a denial it may not see that it is one,
    and of two values that they differ.
    """


VALUE_OBJECTIONS = ("detail", "past", "elsewhere")
DENIAL_OBJECTIONS = ("past", "elsewhere")


@lru_cache(maxsize=4096)
def rivals(old: str, new: str) -> tuple[Rival, ...]:
    """The clauses of the older text with a rival in the newer one, in order."""
    by_span = {rival.span: rival for rival in _of_attributes(old, new)}
    sentences = [said for said in _sentences(new) if _tells(said.plain)]
    for span, question in _clauses(old):
        was = old[slice(*span)]
        rival = _rival(question, was, sentences)
        if rival:
            by_span[span] = replace(rival, span=span)
    return tuple(by_span[span] for span in sorted(by_span))


def gives_new_value(old: str, new: str) -> bool:
    """Whether a statement that tells a change gives other values of the same kinds as an
    older one; of what may be said by the older one alone: "the date is now 4 October".
    """
    if not tells_change(new):
        return False
    before, now = (stated_values(without_written_dates(text)) for text in (old, new))
    return bool(rival_kinds(before, now))


def _tells(text: str) -> bool:
    return tells_change(text) or tells_end(text)


def _rival(question: str, was: str, sentences: Sequence[_Sentence]) -> Rival | None:
    asked = _joined(question, was)
    for said in sentences:
        # What it answers may be the older statement itself: "(It is on 4 May.) No, 14 May."
        again = bool(said.question) and _things(asked) <= _things(said.question)
        words = said.plain if again else said.text
        rival = Rival((0, 0), asked, words, said.plain)
        if _ends(asked, said.plain):
            return rival
        for clause in said.clauses:
            if tells_change(said.plain) and _are_values(question, was, said, clause):
                return replace(rival, objections=VALUE_OBJECTIONS)
            if _denies(asked, clause):
                return replace(rival, objections=DENIAL_OBJECTIONS)
            if _ends(asked, clause):
                return rival
    return None


def _are_values(question: str, was: str, said: _Sentence, clause: str) -> bool:
    """Whether two clauses, each with the question that it answers, give two values."""
    old, new = (without_written_dates(text) for text in (was, clause))
    if not rival_kinds(stated_values(old), stated_values(new)):
        return False
    before, asked = _joined(question, old), _joined(said.question, new)
    if are_of_two_things(_plain(before), _plain(asked)):
        return False
    return bool(_things(before) & _things(asked))


def _ends(was: str, said: str) -> bool:
    """Whether a clause says of what the older one names, and of nothing else, that it has
    ended.
    """
    if not tells_end(said) or tells_end(was):
        return False
    ended, named = _things(said), _things(was)
    return bool(ended) and ended <= named and len(named) <= BRIEF


def _denies(was: str, said: str) -> bool:
    """Whether a clause has the older one's words, and that it holds no more."""
    if not tells_no_more(said) or tells_end(was):
        return False
    named = _named(was)
    return bool(named) and named <= _named(said)


def _of_attributes(old: str, new: str) -> Iterator[Rival]:
    before, now = personal_facts(old), personal_facts(new)
    for fact in before:
        others = [other for other in now if _excludes(other, fact)]
        span = _clause_with(fact.value, old)
        if others and span:
            yield Rival(span, old[slice(*span)], new, "")


def _excludes(new: PersonalFact, old: PersonalFact) -> bool:
    if new.attribute != old.attribute or new.attribute not in _HELD_FOR_CERTAIN:
        return False
    if not (_NAMED.match(new.value) and _NAMED.match(old.value)):
        return False
    return not (telling_words(new.value) & telling_words(old.value))


def _clause_with(value: str, text: str) -> tuple[int, int] | None:
    at = text.find(value)
    return next((span for span in clauses(text) if span[0] <= at < span[1]), None)


@dataclass(frozen=True, slots=True)
class _Sentence:
    plain: str
    clauses: tuple[str, ...]
    question: str
    """What it answers, or ""."""

    @property
    def text(self) -> str:
        """With the question."""
        return _joined(self.question, self.plain)


def _sentences(text: str) -> Iterator[_Sentence]:
    """The sentences of a statement; the first one has the question that it answers."""
    start, end = _context_span(text)
    question = text[start:end].strip()
    body = without_date(text)
    for first, last in sentence_spans(body[end:]):
        plain = body[end + first : end + last].strip()
        own = tuple(plain[slice(*span)] for span in clauses(plain))
        yield _Sentence(plain, own, question)
        question = ""


def _clauses(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Where the clauses stand; the first one with the question that it answers."""
    start, end = _context_span(text)
    question = text[start:end].strip()
    for span in clauses(text):
        if span[1] <= end:
            continue
        yield (max(span[0], end), span[1]), question
        question = ""


def _context_span(text: str) -> tuple[int, int]:
    """Where the question stands that a statement answers, or what it corrects."""
    start, end = question_span(text)
    corrected = _BRACKET.match(text, start) if start == end else None
    return (start, corrected.end()) if corrected else (start, end)


def _joined(question: str, text: str) -> str:
    return f"{question} {text}".strip()


@lru_cache(maxsize=8192)
def _things(text: str) -> frozenset[str]:
    """What a clause names, beside words of change and of ends, and units."""
    return _named(_plain(text))


def _plain(text: str) -> str:
    return without_change_words(without_values(text))


def _named(text: str) -> frozenset[str]:
    return frozenset(
        word
        for word in telling_words(text)
        if len(word) >= LEAST_LETTERS or not word.isascii()
    )
