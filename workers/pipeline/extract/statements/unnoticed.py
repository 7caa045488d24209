"""What a person tells though the reader passed it over: a statement is not dropped by a
guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from shared.domain.message_reading import KeptPart, Reading
from shared.language.sentences import is_question
from shared.language.words import terms, word_count
from workers.pipeline.extract.speech.leaning import leans_back
from workers.pipeline.extract.speech.patterns import (
    ACKNOWLEDGES,
    ADDRESS,
    ASKED_IN_PLACE,
    ASKS_BEHIND,
    FIELD,
    FRAME,
    FROM_NOW_ON,
    ONLY_CHATTER,
    OPENING,
    REMINDS,
    STOPS,
    SUPPOSES,
    TELLS,
)
from workers.pipeline.extract.speech.quotations import (
    quotations,
    sentences_with_quotations,
)
from workers.pipeline.extract.statements.parts import (
    WORTH_KEEPING,
    overlaps,
    parts_within,
    whole,
    with_parts,
)

DOUBTFUL = 0.2
"""Probability of being worth keeping from which a message is kept though no part of it
stands out: on the unseen messages that halves the lost ones.
"""
SURELY_TELLS = 0.8
"""The same from which a sentence is kept that was passed over beside others."""
FORGETS = 0.9
"""Probability of an order to forget from which a message tells nothing."""
FORGET = "order_forget"
ASKS = 0.5
"""Probability of a question from which a sentence without a question mark is one."""
TELLING = 2
"""Index terms from which a sentence of oneself says something."""
SURELY_ASKS = 0.95
"""The same from which it is one whatever its form: "我家的备用钥匙放哪了"."""
INSTRUCTION = "instruction"
ASKS_FOR = 0.3
"""Probability of a request from which one "from now on" is a standing instruction."""
_CLAUSE = re.compile(r"[^,，;；—–\n]+")
_NAMED_ONLY = re.compile(
    r"\W*(?:an?|one|two|eine?n?|un[ea]?|uno|uma?|одн[ау]|один)\s+[^\s,;]+(?:(?! (?:is|was|has|had"
    r"|ist|war|hat|est|était|es|era|è|é|foi) )[^.!?])*[.!?]*$",
    re.I,
)
"""A sentence that names a thing that was not known, without a verb of its own."""
_DIGIT = re.compile(r"\d")
_NOTED = re.compile(
    r"(?:[^\W\d]{2,12}(?: [^\W\d]{2,12})?\s?:\s|[\u3400-\u9fff]{1,4}：)\S"
)


def with_unnoticed(text: str, reading: Reading) -> Reading:
    """The reading of what a person says, with what they ask to be reminded of, and with
    what they tell where nothing of the message stands out.
    """
    spans = sentences_with_quotations(text)
    standing = [span for span in spans if _is_standing(text[slice(*span)], reading)]
    reminded = [span for span in spans if _is_to_remember(text[slice(*span)])]
    reminded += standing
    if any(parts_within(reading, *span) for span in spans):
        leaning = _leaning(text, spans, reading)
        besides = [
            span for span in spans if _tells_besides(text[slice(*span)], reading)
        ]
        besides += _heralding(text, spans, reading)
        stated = [s for s in spans if s in (*reminded, *leaning, *besides)]
        stated = [
            span
            for span in stated
            if span in standing or not parts_within(reading, *span)
        ]
    else:
        of_each = (_stated(text, reading, *span) for span in spans)
        stated = reminded or list(chain.from_iterable(of_each))
    if not stated:
        return reading
    own = [
        _standing(reading, *span) if span in standing else whole(reading, *span)
        for span in stated
    ]
    return replace(reading, parts=with_parts(reading, own))


def _standing(reading: Reading, start: int, end: int) -> KeptPart:
    """A request for all times to come: it is the user's own, whoever else it names."""
    return replace(whole(reading, start, end, INSTRUCTION), about={"user": 1.0})


def passed_sentences(text: str, reading: Reading) -> Iterator[tuple[int, int]]:
    """The sentences that nothing was noticed in, of a message that tells something: beside
    the others a short one is easily passed over, "Ключи у меня." Whether one tells
    something is to be read by itself.
    """
    spans = sentences_with_quotations(text)
    if not any(parts_within(reading, *span) for span in spans):
        return
    for start, end in spans:
        said = text[start:end]
        is_chat = ONLY_CHATTER.match(said) or ACKNOWLEDGES.match(said)
        if is_chat or is_question(said) or parts_within(reading, start, end):
            continue
        if _is_enough(said):
            yield start, end


def sentence_part(reading: Reading, start: int, end: int) -> KeptPart | None:
    """A sentence that stands at `start`, by its own reading; None where that does not
    surely tell something. It is a fact: an instruction would have been noticed.
    """
    asks = max(reading.likely(label) for label in ("question", "request", FORGET))
    if reading.likely(WORTH_KEEPING) < SURELY_TELLS or asks >= ASKS:
        return None
    about = reading.parts[0].about if reading.parts else reading.about
    return KeptPart(start, end, reading.likely(WORTH_KEEPING), {"fact": 1.0}, about)


def _is_to_remember(sentence: str) -> bool:
    """Whether it asks for a reminder, or to note what it says."""
    frame = FRAME.match(sentence)
    is_noted = frame is not None and bool(terms(sentence[frame.end() :]))
    return is_noted or bool(REMINDS.search(sentence))


def _leaning(
    text: str, spans: Sequence[tuple[int, int]], reading: Reading
) -> list[tuple[int, int]]:
    """The sentences that say nothing without a kept one right before them: they belong
    to it.
    """
    return [
        span
        for before, span in pairwise(spans)
        if parts_within(reading, *before)
        and leans_back(text[slice(*span)], text[slice(*before)])
        and not is_question(text[slice(*span)])
    ]


def _heralding(
    text: str, spans: Sequence[tuple[int, int]], reading: Reading
) -> list[tuple[int, int]]:
    """The few words in which a person tells what they did with the thing that the next
    sentence, which is kept, only names: "J'ai trouvé ! Un T2 à Villeurbanne."
    """
    return [
        span
        for span, behind in pairwise(spans)
        if parts_within(reading, *behind)
        and TELLS.match(text[slice(*span)])
        and _NAMED_ONLY.match(text[slice(*behind)])
        and not is_question(text[slice(*span)])
    ]


def _stated(
    text: str, reading: Reading, start: int, end: int
) -> Iterator[tuple[int, int]]:
    """What a sentence tells: all of it; of a question the clauses before the last one
    that the reader noticed something in, or in which somebody tells of themselves, and
    all of one without clauses that surely tells something: "我女儿对花生过敏能吃这个吗？"
    """
    sentence = text[start:end]
    is_worth = reading.likely(WORTH_KEEPING) >= DOUBTFUL
    if is_question(sentence):
        *clauses, _ = _CLAUSE.finditer(text, start, end)
        if not clauses and _asks_and_tells(reading):
            yield start, end
        for clause in clauses:
            noticed = any(overlaps(part, *clause.span()) for part in reading.parts)
            if (is_worth and noticed) or _tells_beside(clause[0]):
                yield clause.span()
        return
    if is_worth or _tells(sentence, reading):
        yield start, end


def _asks_and_tells(reading: Reading) -> bool:
    """Whether a message that is a question states something as well."""
    return min(reading.likely(WORTH_KEEPING), reading.likely("fact")) >= ASKS


def _tells(sentence: str, reading: Reading) -> bool:
    """Whether somebody tells something of themselves, or a number, by the form of the
    sentence.
    """
    opening = OPENING.match(sentence)
    said = sentence[opening.end() :] if opening else sentence
    if _asks(said, reading) or reading.likely(FORGET) >= FORGETS:
        return False
    has_number = _DIGIT.search(said) and reading.likely("request") < ASKS
    is_note = _NOTED.match(said) and not FIELD.match(said)  # "Mum: call her on Sunday."
    is_stated = TELLS.match(said) or has_number or is_note
    return bool(is_stated) and _is_enough(said)


def _is_enough(said: str) -> bool:
    """Whether words say something: a run without a space may be one index term, and yet
    be of several words.
    """
    is_run = not any(map(str.isspace, said))
    return len(set(terms(said))) >= TELLING or (is_run and word_count(said) > TELLING)


def _asks(said: str, reading: Reading) -> bool:
    """Whether the reader takes a sentence for a question, surely or where its form does not
    say otherwise: it tells of who speaks, and has no word that asks.
    """
    if reading.likely("question") < ASKS:
        return False
    if reading.likely("question") >= SURELY_ASKS:
        return True
    has_asking_word = ASKS_BEHIND.search(said) or ASKED_IN_PLACE.search(said)
    is_quoting = any(True for _ in quotations(said))
    return bool(has_asking_word) or is_quoting or not TELLS.match(said)


def _tells_besides(sentence: str, reading: Reading) -> bool:
    """Whether a sentence that the reader passed over tells something all the same, as
    one beside others that are worth keeping.
    """
    if is_question(sentence) or len(set(terms(sentence))) <= TELLING:
        return False
    return _tells(sentence, reading)


def _tells_beside(clause: str) -> bool:
    """Whether a clause beside a question tells something, and neither supposes it nor asks
    itself: "where do I live now, and who with?".
    """
    said = clause.strip()
    opening = OPENING.match(said)
    said = said[opening.end() :] if opening else said
    if SUPPOSES.match(said) or not TELLS.match(said):
        return False
    if ASKS_BEHIND.search(said) or ASKED_IN_PLACE.search(said):
        return False
    return len(set(terms(said))) >= TELLING


def _is_standing(sentence: str, reading: Reading) -> bool:
    """Whether a request is for all times to come, by its words."""
    if ADDRESS.search(sentence) or STOPS.match(sentence):
        return not is_question(sentence)
    is_request = reading.likely("request") >= ASKS_FOR
    return is_request and bool(FROM_NOW_ON.search(sentence))
