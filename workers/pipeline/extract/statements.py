"""Statements: the sentences of a turn that are worth keeping, as the reader judges them.

A sentence is kept with the words it was said in. Less than a whole sentence is kept only
where what is left out is a question, a greeting or a polite frame beside it ("could you
note that ...?"): leaving out anything else could turn what was said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from shared.domain.message_reading import KeptPart, Reading, Utterance
from shared.language.sentences import (
    is_listed,
    is_question,
    labelled,
    sentence_spans,
)
from shared.language.words import terms
from shared.ports import MessageReader
from workers.pipeline.extract.speech.forms import is_form
from workers.pipeline.extract.speech.patterns import (
    ASKED_IN_PLACE,
    CHATTER,
    FIELD,
    FROM_NOW_ON,
    LEANS,
    OPENING,
    REMINDS,
    SUPPOSES,
    TELLS,
)
from workers.pipeline.extract.speech.turns import Turn

SEGMENT = 900
"""Characters of a turn that are read at once, about 250 tokens; Chinese ones count
thrice.
"""
PREVIOUS = 120
"""Characters of the turn before that are read with a turn, at most; about as many as in
the data of the training.
"""
LEAST_SHARE = 0.25
"""Share of a sentence's characters that must be worth keeping for it to be kept."""
ENOUGH = 4
"""Characters of them that are enough in a long one."""
FEWEST_ENTRIES = 3
"""Entries from which a list is one."""
HEADING = 80
"""Characters up to which a line that ends with a colon heads what follows."""
DOUBTFUL = 0.2
"""Probability of being worth keeping from which a message is kept though no part of it
stands out: on the unseen messages that halves the lost ones.
"""
FORGETS = 0.9
"""Probability of an order to forget from which a message tells nothing."""
FORGET = "order_forget"
ASKS = 0.5
"""Probability of a question from which a sentence without a question mark is one."""
TELLING = 2
"""Index terms from which a sentence of oneself says something."""
SURE = 0.6
"""Probability from which what an assistant says is kept."""
WORTH_KEEPING = "worth_keeping"
FRAMED = 0.5
"""Probability of an order to remember, or of a request, from which the words around a
kept part are its frame.
"""
INSTRUCTION = "instruction"
ASKS_FOR = 0.3
"""Probability of a request from which one "from now on" is a standing instruction."""
PREFERENCES = ("explicit_preference", "implicit_preference")
_EDGE = re.compile(r"[\s,，、;；:：.。!！?？—–\-\"'“”‘’()（）]+")
_SAYS = re.compile(r"\w")
_CLAUSE = re.compile(r"[^,，;；—–\n]+")
_PIECE = re.compile(r"[^\s,，、;；]*[\s,，、;；]*")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)+")
_NOTED = re.compile(
    r"(?:[^\W\d]{2,12}(?: [^\W\d]{2,12})?\s?:\s|[\u3400-\u9fff]{1,4}：)\S"
)
_DIGIT = re.compile(r"\d")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of a turn, letter by letter. `kind` and `owner` as in `KeptPart`."""

    text: str
    kind: str
    owner: str
    start: int
    kinds: Mapping[str, float]

    @property
    def is_preference(self) -> bool:
        """Whether it tells a taste or a habit."""
        return self.kind in PREFERENCES


@dataclass(frozen=True, slots=True)
class TurnReading:
    """A turn with its statements in order and the likeliest of its labels."""

    turn: Turn
    statements: tuple[Statement, ...]
    labels: Mapping[str, float]

    def likely(self, label: str) -> float:
        """The probability of a label: that of the segment where it is highest."""
        return self.labels.get(label, 0.0)


@dataclass(frozen=True, slots=True)
class _Segment:
    turn: int
    start: int
    text: str
    utterance: Utterance


async def read_turns(
    turns: Sequence[Turn], previous: Sequence[Turn | None], reader: MessageReader
) -> list[TurnReading]:
    """The readings of turns, in order. `previous`: the turn before each, if any."""
    segments: list[_Segment] = []
    for number, (turn, before) in enumerate(zip(turns, previous, strict=True)):
        segments += _segments(number, turn, before)
    readings = await reader.read([segment.utterance for segment in segments])
    statements: list[list[Statement]] = [[] for _ in turns]
    labels: list[dict[str, float]] = [{} for _ in turns]
    for segment, reading in zip(segments, readings, strict=True):
        if segment.utterance.role == "assistant":
            reading = _surely(reading)
        else:
            reading = _with_stated(segment.text, reading)
        read = list(statements_of(segment.text, reading, segment.start))
        statements[segment.turn] += _supported(segment.text, read, segment.start)
        own = labels[segment.turn]
        for label, value in reading.labels.items():
            own[label] = max(value, own.get(label, 0.0))
    return [
        TurnReading(turn, tuple(statements[number]), labels[number])
        for number, turn in enumerate(turns)
    ]


def _surely(reading: Reading) -> Reading:
    """Only what is surely worth keeping: an assistant's remarks are mostly its own."""
    parts = tuple(part for part in reading.parts if part.probability >= SURE)
    return replace(reading, parts=parts, labels={**reading.labels, WORTH_KEEPING: 0.0})


def _with_stated(text: str, reading: Reading) -> Reading:
    """The reading of what a person says, with what they ask to be reminded of, and with
    what they tell where nothing of the message stands out: a statement is not dropped
    by a guess.
    """
    spans = sentence_spans(text)
    reminded = [span for span in spans if REMINDS.search(text[slice(*span)])]
    standing = [span for span in spans if _is_standing(text[slice(*span)], reading)]
    reminded += standing
    if any(_parts_within(reading, *span) for span in spans):
        leaning = _leaning(text, spans, reading)
        besides = [
            span for span in spans if _tells_besides(text[slice(*span)], reading)
        ]
        stated = [s for s in spans if s in (*reminded, *leaning, *besides)]
        stated = [span for span in stated if not _parts_within(reading, *span)]
    else:
        stated = reminded or [
            s for span in spans for s in _stated(text, reading, *span)
        ]
    if not stated:
        return reading
    own = (
        _whole(reading, *span, INSTRUCTION if span in standing else "")
        for span in stated
    )
    inside = (p for p in reading.parts if not any(_overlaps(p, *s) for s in stated))
    parts = sorted((*inside, *own), key=lambda part: part.start)
    return replace(reading, parts=tuple(parts))


def _leaning(
    text: str, spans: Sequence[tuple[int, int]], reading: Reading
) -> list[tuple[int, int]]:
    """The sentences that say nothing without a kept one right before them: they belong
    to it.
    """
    return [
        span
        for before, span in pairwise(spans)
        if _parts_within(reading, *before)
        and LEANS.match(text[slice(*span)])
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
            noticed = any(_overlaps(part, *clause.span()) for part in reading.parts)
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
    is_other = reading.likely("question") >= ASKS or reading.likely(FORGET) >= FORGETS
    if is_other:
        return False
    opening = OPENING.match(sentence)
    said = sentence[opening.end() :] if opening else sentence
    has_number = _DIGIT.search(said) and reading.likely("request") < ASKS
    is_note = _NOTED.match(said) and not FIELD.match(said)  # "Mum: call her on Sunday."
    is_stated = TELLS.match(said) or has_number or is_note
    return bool(is_stated) and len(set(terms(said))) >= TELLING


def _tells_besides(sentence: str, reading: Reading) -> bool:
    """Whether a sentence that the reader passed over tells something all the same, as
    one beside others that are worth keeping.
    """
    if is_question(sentence) or len(set(terms(sentence))) <= TELLING:
        return False
    return _tells(sentence, reading)


def _tells_beside(clause: str) -> bool:
    """Whether a clause beside a question tells something, and does not suppose it."""
    said = clause.strip()
    opening = OPENING.match(said)
    said = said[opening.end() :] if opening else said
    if SUPPOSES.match(said) or not TELLS.match(said):
        return False
    return len(set(terms(said))) >= TELLING


def _overlaps(part: KeptPart, start: int, end: int) -> bool:
    return part.start < end and part.end > start


def statements_of(text: str, reading: Reading, offset: int = 0) -> Iterator[Statement]:
    """The statements of a text that was read as a whole, which stands at `offset` in its
    turn.
    """
    framed = _is_framed(text, reading)
    heading: tuple[int, int] | None = None
    has_rows = is_form(text) and bool(reading.parts)
    is_list = bool(reading.parts) and len(_entries(text)) >= FEWEST_ENTRIES
    for start, end in sentence_spans(text):
        parts = _parts_within(reading, start, end)
        sentence = text[start:end]
        if is_question(sentence):
            parts = [part for part in parts if not ASKED_IN_PLACE.match(text, part.end)]
        if has_rows and labelled(sentence):  # a value says nothing without its label
            parts = [_row(parts or reading.parts[:1], start, end)]
        if is_list and is_listed(sentence):  # its entries stand or fall together
            parts = parts or [_whole(reading, start, end)]
        if not parts:
            is_heading = sentence.endswith((":", "：")) and len(sentence) <= HEADING
            heading = (start, end) if is_heading else None
            continue
        best = max(parts, key=lambda part: min(part.end, end) - max(part.start, start))
        is_frame_near = framed and not is_listed(sentence)
        first, last = _bounds(text, start, end, parts, is_frame_near)
        for a, b in filter(None, (heading, (first, last))):
            yield Statement(
                text[a:b].strip(), best.kind, best.owner, offset + a, best.kinds
            )
        heading = None


def _supported(
    text: str, statements: Sequence[Statement], offset: int
) -> list[Statement]:
    """The statements, each that says nothing alone together with the sentence before
    it: "Neither can my daughter."
    """
    spans = sentence_spans(text)
    result: list[Statement] = []
    for statement in statements:
        start = statement.start - offset
        before = [span for span in spans if span[1] <= start]
        if not before or is_listed(statement.text) or not LEANS.match(statement.text):
            result.append(statement)
            continue
        first = before[-1][0]
        if result and result[-1].start - offset + len(result[-1].text) > first:
            supporting = result.pop()
            first = supporting.start - offset
            remaining = replace(supporting, text=_until(text, first, statement, offset))
        else:
            said = _until(text, first, statement, offset)
            remaining = replace(statement, text=said, start=first + offset)
        result.append(remaining)
    return result


def _until(text: str, first: int, statement: Statement, offset: int) -> str:
    """The text from a place to the end of a statement."""
    return text[first : statement.start - offset + len(statement.text)].strip()


def _entries(text: str) -> list[str]:
    return [
        text[start:end]
        for start, end in sentence_spans(text)
        if is_listed(text[start:end])
    ]


def _is_standing(sentence: str, reading: Reading) -> bool:
    """Whether a request is for all times to come, by its words."""
    is_request = reading.likely("request") >= ASKS_FOR
    return is_request and bool(FROM_NOW_ON.search(sentence))


def _whole(reading: Reading, start: int, end: int, kind: str = "") -> KeptPart:
    """A sentence of a message that may be worth keeping, though no part of it stands out."""
    if not kind:
        kind = "event" if reading.likely("event") > reading.likely("fact") else "fact"
    return KeptPart(
        start, end, reading.likely(WORTH_KEEPING), {kind: 1.0}, reading.about
    )


def _row(parts: Sequence[KeptPart], start: int, end: int) -> KeptPart:
    """A row of a form, kept whole: one that is not read as worth keeping is a fact."""
    part = parts[0]
    is_own = part.start < end and part.end > start
    kinds = part.kinds if is_own else {"fact": 1.0}
    return replace(part, start=start, end=end, kinds=kinds)


def _parts_within(reading: Reading, start: int, end: int) -> list[KeptPart]:
    """The kept parts of a sentence, none where they are too little of it."""
    parts = [part for part in reading.parts if _overlaps(part, start, end)]
    covered = sum(min(part.end, end) - max(part.start, start) for part in parts)
    enough = LEAST_SHARE * (end - start)
    return parts if parts and covered >= min(enough, ENOUGH) else []


def _bounds(
    text: str, start: int, end: int, parts: Sequence[KeptPart], framed: bool
) -> tuple[int, int]:
    """Where the statement begins and ends within its sentence."""
    first, last = max(start, parts[0].start), min(end, parts[-1].end)
    rest = text[last:end]
    chatter = CHATTER.match(text, start, end)
    begins = chatter.end() if chatter and chatter.end() <= first + 1 < last else start
    lead = text[begins:first]
    is_left_out = _is_frame(lead, framed)
    if not is_left_out:
        first = begins
    # A question that begins before the kept words is one with them.
    asks_besides = is_question(rest) and (is_left_out or not _SAYS.search(lead))
    is_framed = framed and _EDGE.match(rest) and _SAYS.search(rest)
    if not (asks_besides or is_framed):
        last = end
    return _to_words(text, first, last)


def _is_framed(text: str, reading: Reading) -> bool:
    """Whether there are words around the statements that ask to note them. A request may
    be another sentence than the statement.
    """
    if reading.likely("order_remember") >= FRAMED:
        return True
    return reading.likely("request") >= FRAMED and len(sentence_spans(text)) == 1


def _is_frame(lead: str, framed: bool) -> bool:
    """Whether the words before a statement may be left out: a question, or what asks to
    note it.
    """
    return bool(_SAYS.search(lead)) and (framed or is_question(lead))


def _to_words(text: str, first: int, last: int) -> tuple[int, int]:
    """The bounds moved outwards to the borders of words."""
    while _inside_word(text, first):
        first -= 1
    while _inside_word(text, last):
        last += 1
    return first, last


def _inside_word(text: str, place: int) -> bool:
    """Whether a place stands between two characters of a word or a number."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if _CJK.match(before) or _CJK.match(after):
        return False
    if _is_of_word(before) and _is_of_word(after):
        return True
    return any(
        number.start() < place < number.end() for number in _NUMBER.finditer(text)
    )


def _is_of_word(character: str) -> bool:
    """A letter or digit, an apostrophe, a vowel sign."""
    return (
        character.isalnum()
        or character in "'’"
        or unicodedata.category(character).startswith("M")
    )


def _segments(number: int, turn: Turn, before: Turn | None) -> Iterator[_Segment]:
    previous = _said_before(before) if before is not None else ""
    role, text = turn.message.role, turn.text
    spans = [piece for span in sentence_spans(text) for piece in _cut(text, *span)]
    start, size = 0, 0
    for (first, last), following in zip(spans, [*spans[1:], None], strict=False):
        if not size:
            start = first
        size += _size(text[first:last])
        if following is None or size + _size(text[slice(*following)]) > SEGMENT:
            segment = text[start:last]
            yield _Segment(number, start, segment, Utterance(segment, role, previous))
            previous, size = "", 0


def _said_before(before: Turn) -> str:
    """The end of the turn before: what a short answer leans on."""
    text = before.text
    start = 0
    for start, _ in reversed(sentence_spans(text)):
        if _size(text[start:]) > PREVIOUS // 2:
            break
    end = text[max(start, len(text) - PREVIOUS) :].strip()
    return f"{before.message.role}: {end}"


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence in stretches that can be read whole, cut behind a comma or a space where
    there is one: some people dictate and never stop.
    """
    first, size = start, 0
    for piece in _PIECE.finditer(text, start, end):
        own = _size(piece[0])
        if size and size + own > SEGMENT:
            yield first, piece.start()
            first, size = piece.start(), 0
        size += own
        while size > SEGMENT:  # one word, or Chinese without a comma
            yield first, first + SEGMENT // 3
            first += SEGMENT // 3
            size = _size(text[first : piece.end()])
    if first < end:
        yield first, end


def _size(text: str) -> int:
    return len(text) + 2 * len(_CJK.findall(text))
