"""Statements: the sentences of a text that are worth keeping, as the reader judges them.

A sentence is kept with the words it was said in. Less than a whole sentence is kept only
where what is left out is a question, a greeting or a polite frame beside it ("could you
note that ...?"): leaving out anything else could turn what was said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from shared.domain.message_reading import KeptPart, Reading
from shared.language.sentences import (
    is_listed,
    is_question,
    labelled,
)
from shared.language.words import word_count
from workers.pipeline.extract.speech.forms import is_form
from workers.pipeline.extract.speech.leaning import leans_back, points_back
from workers.pipeline.extract.speech.patterns import ASKED_IN_PLACE, FRAME, THINGS
from workers.pipeline.extract.speech.quotations import sentences_with_quotations
from workers.pipeline.extract.statements.bounds import bounds
from workers.pipeline.extract.statements.parts import parts_within, whole
from workers.pipeline.extract.statements.statement import Statement

FEWEST_ENTRIES = 3
"""Entries from which a list is one."""
ORDERED = 0.9
"""Probability of an order to remember from which a question that has one asks for nothing
else: "could you pls remember that the plumber is called Emrys?".
"""
INSTRUCTION = "instruction"
EXCLAMATION = 2
"""Words up to which a sentence names nobody: "Great." before "She has a new job."
"""
HEADING = 80
"""Characters up to which a line that ends with a colon heads what follows."""


def statements_of(text: str, reading: Reading, offset: int = 0) -> Iterator[Statement]:
    """The statements of a text that was read as a whole, which stands at `offset` in its
    turn.
    """
    heading: tuple[int, int] | None = None
    is_things = False
    noted = reading.likely("order_remember") >= ORDERED
    has_rows = is_form(text) and bool(reading.parts)
    is_list = bool(reading.parts) and len(_entries(text)) >= FEWEST_ENTRIES
    for start, end in sentences_with_quotations(text):
        parts = parts_within(reading, start, end)
        sentence = text[start:end]
        is_things = bool(THINGS.match(sentence)) or (is_things and is_listed(sentence))
        if is_question(sentence):
            parts = [part for part in parts if not ASKED_IN_PLACE.match(text, part.end)]
        if has_rows and labelled(sentence):  # a value says nothing without its label
            parts = [_row(parts or reading.parts[:1], start, end)]
        if is_list and is_listed(sentence):  # its entries stand or fall together
            parts = parts or [whole(reading, start, end)]
        if not parts:
            is_heading = sentence.endswith((":", "：")) and len(sentence) <= HEADING
            heading = (_behind_frame(text, start, end), end) if is_heading else None
            continue
        best = _best(reading, parts, start, end)
        inner = bounds(text, start, end, parts, noted=noted)
        for a, b in filter(None, (heading, inner)):
            if not text[a:b].strip():
                continue
            said = text[a:b].strip()
            if is_things:
                yield Statement(said, "event", best.owner, offset + a, {"event": 1.0})
            else:
                yield Statement(said, best.kind, best.owner, offset + a, best.kinds)
        heading = None


def _best(
    reading: Reading, parts: Sequence[KeptPart], start: int, end: int
) -> KeptPart:
    """The part that says what a sentence is: the longest one, the surer it is the more, but
    for a reason that stands behind an instruction, "no tables, I have them read to me": it
    belongs to it.
    """
    first = parts[0]
    if len(parts) > 1 and first.kind == INSTRUCTION:
        is_sure = min(first.probability, reading.likely(INSTRUCTION)) >= ORDERED
        if is_sure:
            return first

    def weight(part: KeptPart) -> float:
        return part.probability * (min(part.end, end) - max(part.start, start))

    return max(parts, key=weight)


def _behind_frame(text: str, start: int, end: int) -> int:
    """Where a heading begins behind words that only ask to note what it heads."""
    frame = FRAME.match(text, start, end)
    return frame.end() if frame and frame.end() < end - 1 else start


def supported(
    text: str, statements: Sequence[Statement], offset: int
) -> list[Statement]:
    """The statements, each that says nothing alone together with the sentence before
    it: "Neither can my daughter." That may be a question: "Is my drill any good? It
    overheats."
    """
    spans = sentences_with_quotations(text)
    result: list[Statement] = []
    for statement in statements:
        start = statement.start - offset
        before = [span for span in spans if span[1] <= start]
        first = before[-1][0] if before else 0
        is_kept = bool(result) and _end(result[-1], offset) > first
        leans = before and _leans(statement.text, text[slice(*before[-1])], is_kept)
        if not leans or is_listed(statement.text):
            result.append(statement)
            continue
        if is_kept:
            supporting = result.pop()
            first = supporting.start - offset
            remaining = replace(supporting, text=_until(text, first, statement, offset))
        else:
            said = _until(text, first, statement, offset)
            remaining = replace(statement, text=said, start=first + offset)
        result.append(remaining)
    return result


def _leans(said: str, before: str, is_kept: bool) -> bool:
    """Whether a statement says nothing without the sentence before it. A pronoun leans on
    a question, and on a sentence of which nothing else is kept: "I'll have Mai check it. She
    works weekends." A statement stands by itself in the same memory.
    """
    names_somebody = is_question(before) or not (
        is_kept or word_count(before) <= EXCLAMATION
    )
    return leans_back(said, before) or (names_somebody and points_back(said, before))


def _end(statement: Statement, offset: int) -> int:
    """Where a statement ends in the text."""
    return statement.start - offset + len(statement.text)


def _until(text: str, first: int, statement: Statement, offset: int) -> str:
    """The text from a place to the end of a statement."""
    return text[first : statement.start - offset + len(statement.text)].strip()


def _entries(text: str) -> list[str]:
    return [
        text[start:end]
        for start, end in sentences_with_quotations(text)
        if is_listed(text[start:end])
    ]


def _row(parts: Sequence[KeptPart], start: int, end: int) -> KeptPart:
    """A row of a form, kept whole: one that is not read as worth keeping is a fact."""
    part = parts[0]
    is_own = part.start < end and part.end > start
    kinds = part.kinds if is_own else {"fact": 1.0}
    return replace(part, start=start, end=end, kinds=kinds)
