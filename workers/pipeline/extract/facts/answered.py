"""What a short answer answers, and what a pronoun points back to: without it they would
say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.language.sentences import is_question, joined, last_questions, sentences
from shared.language.stated_values import ValueKind, stated_values
from shared.language.words import is_chinese, word_count
from workers.pipeline.extract.preferences.answer_instructions import is_order
from workers.pipeline.extract.speech.leaning import points_back
from workers.pipeline.extract.speech.patterns import (
    ABOUT_ONE,
    ANSWERS,
    ASKS_TO_TELL,
    CHATTER,
    IMPERSONAL,
    OFFERS,
    OFFERS_HELP,
    REFERS,
    RESETS,
    TELLS,
)
from workers.pipeline.extract.speech.turns import Turn, is_persons

SHORT_ANSWER = 6
"""Words up to which an answer is kept together with its question."""

ANSWER = 20
"""Words up to which what begins like an answer ("of course, ...") is kept so."""
FRAGMENT = 30
"""Words up to which what has no subject of its own is kept with the question."""

LONGEST_ANTECEDENT = 25
"""Words up to which the statement before a pronoun is kept with it."""

LONGEST_TOPIC = 14
"""Words up to which the statement that a question follows up is kept with its answer."""

ELLIPTIC = 3
"""Words up to which a question does not say what it is about: "Since when?"."""

SHORT_STATEMENT = 3
"""Words up to which a statement is no more than "OK": nothing answers it. Without
spaces three characters count as one.
"""


_BESIDE = re.compile(r"(?P<stated>.{6,})[,，;；][^,，;；]+$", re.S)
"""What stands before the question in a sentence."""
_CLAUSE = re.compile(r"(?:[^,，、;；]|[,，](?=\d))+(?:[,，、;；]\s*|$)")


def question_of(
    said: Sequence[str], turn: Turn, before: Turn | None, own: Sequence[str]
) -> str:
    """What the words that are kept of a turn answer or go on from; "" where they say
    enough. `own`: what the same person said earlier, latest last.
    """
    reset = what_is_reset(said[0], before, own) if RESETS.match(said[0]) else ""
    if reset:
        return reset
    question = _antecedent(said[0], own)
    if not _is_answer(said, before):
        return question
    answered = _answered(turn, before)
    is_open = _leans_back(answered) and _only_asks(before, answered)
    if answered and not question and _is_brief_answer(said) and is_open:
        topic = _last_stated(own, LONGEST_TOPIC)  # "Since when?": of what
        question = _without_values(topic)
    return joined([stopped(part) for part in (question, answered) if part])


def _is_answer(said: Sequence[str], before: Turn | None) -> bool:
    """Whether what is said may say little without what it answers: it is short, begins
    like an answer, or replies to an assistant without a subject of its own.
    """
    words = word_count(" ".join(said))
    if words <= SHORT_ANSWER or (words <= ANSWER and ANSWERS.match(said[0])):
        return True
    is_reply = before is not None and before.message.role == "assistant"
    has_none = not TELLS.match(said[0]) or bool(RESETS.match(said[0]))
    return is_reply and words <= FRAGMENT and has_none


def _is_brief_answer(said: Sequence[str]) -> bool:
    """Whether it needs what was spoken of, too."""
    return word_count(" ".join(said)) <= SHORT_ANSWER or bool(ANSWERS.match(said[0]))


def _leans_back(question: str) -> bool:
    """Whether a question does not say what it is about: it is short, or has a pronoun."""
    return word_count(question) <= ELLIPTIC or bool(REFERS.search(question))


def _only_asks(before: Turn | None, question: str) -> bool:
    """Whether a turn says little besides its question: else that is what it is about."""
    return (
        before is None or word_count(before.text) - word_count(question) <= SHORT_ANSWER
    )


def what_is_reset(said: str, before: Turn | None, own: Sequence[str]) -> str:
    """What is set otherwise by "make that 7": the last statement of the same person that has
    a value of that kind, or what a short turn of the assistant before it confirms with one;
    "" for what is only asked for ("a mail of 100 words").
    """
    kinds = stated_values(f"… {said}").keys()  # what begins it is no number of an item
    stated = [_last_stated([earlier]) for earlier in own if not RESETS.match(earlier)]
    confirmed = ""
    if before is not None and before.message.role == "assistant":
        if word_count(before.text) > LONGEST_ANTECEDENT:
            return ""
        confirmed = (sentences(before.text) or [""])[-1]
    for reset in (*stated[-1:], confirmed):
        if kinds & stated_values(reset).keys() and not is_order(reset):
            return reset
    return ""


def _antecedent(said: str, own: Sequence[str]) -> str:
    """Of whom a pronoun at the beginning tells: the last statement of the same person
    before it, if it is short. "They've cancelled my bus" tells of nobody who was named.
    """
    stated = _last_stated(own)
    if not points_back(said, stated):
        return ""
    is_of_nobody = IMPERSONAL.match(said) and ABOUT_ONE.match(stated)
    return "" if is_of_nobody else stated


def _last_stated(own: Sequence[str], longest: int = LONGEST_ANTECEDENT) -> str:
    """The last statement of the same person before, "" for none and for a long one; of
    a question what stands before it in the sentence.
    """
    said = sentences(own[-1]) if own else []
    said = [_without_chatter(sentence) for sentence in said]
    stated = [s for s in said if not is_question(s) and word_count(s) > SHORT_STATEMENT]
    if not stated:
        beside = [_BESIDE.match(sentence) for sentence in said]
        stated = [_closed(match["stated"]) for match in beside if match]
    return stated[-1] if stated and word_count(stated[-1]) <= longest else ""


def _without_values(topic: str) -> str:
    """What was spoken of without the clauses that give values: what is repeated here
    would not be marked when it has changed. All of it where only amounts would go: "I
    ordered two pairs of boots."
    """
    clauses = _CLAUSE.findall(topic)
    rest = [clause for clause in clauses if not stated_values(clause)]
    if not rest:
        kinds = stated_values(topic).keys()
        return topic if kinds <= {ValueKind.AMOUNT} else ""
    return (
        stopped("".join(rest).rstrip(",，、;； "))
        if len(rest) < len(clauses)
        else topic
    )


def _closed(clause: str) -> str:
    return f"{clause}{'。' if is_chinese(clause) else '.'}"


def stopped(said: str) -> str:
    """With a stop, so that what follows does not run on."""
    return _closed(said) if said[-1:].isalnum() else said


def _answered(turn: Turn, before: Turn | None) -> str:
    """What a short answer answers: the last questions of the turn before, or the last
    sentence that an assistant said, where another one spoke.
    """
    if before is None or not replies(turn, before):
        return ""
    confirms = before.message.role == "assistant" and RESETS.match(turn.text)
    if confirms and word_count((sentences(before.text) or [""])[-1]) > SHORT_STATEMENT:
        return sentences(before.text)[-1]  # "Make that eight": of what
    asked = asked_in(before)
    tells = bool(TELLS.match(turn.text))
    is_accepted = ANSWERS.match(turn.text) and word_count(asked) > SHORT_ANSWER
    is_whole = tells or word_count(turn.text) > SHORT_STATEMENT
    if OFFERS.search(asked) and is_whole and (tells or not is_accepted):
        return ""  # "Anything else?" adds nothing to what it is answered with
    if asked or turn.message.role == "assistant" or is_persons(before):
        return asked
    return asked_to_tell(before)


def asked_in(before: Turn) -> str:
    """The last questions of a turn, without those that only offer help: "How can I help
    you?" is answered by nothing that is said next.
    """
    asked = sentences(last_questions(sentences(before.text)))
    return _without_chatter(joined([q for q in asked if not OFFERS_HELP.search(q)]))


def asked_to_tell(before: Turn) -> str:
    """The last sentence of an assistant that asks for an answer without being a question
    ("Tell me which salon you go to."), "" for none.
    """
    said = sentences(before.text) if before.message.role == "assistant" else []
    last = said[-1] if said else ""
    if word_count(last) <= SHORT_STATEMENT or OFFERS_HELP.search(last):
        return ""
    return last if ASKS_TO_TELL.search(last) else ""


def _without_chatter(question: str) -> str:
    chatter = CHATTER.match(question)
    return question[chatter.end() :] if chatter else question


def replies(turn: Turn, before: Turn) -> bool:
    """Whether another one spoke before: only then does the turn before help to find
    this one (measured: in a monologue it misleads).
    """
    return (turn.speaker, turn.message.role) != (before.speaker, before.message.role)
