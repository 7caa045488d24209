"""Tastes within sentences that tell something else as well, "I'm Lena and I hate coriander.":
the sentence is a fact with all its words, and each clause that tells a taste a preference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from shared.domain.message_reading import Reading, Utterance
from shared.language.sentences import is_question
from shared.language.words import terms
from shared.ports import MessageReader
from workers.pipeline.extract.speech.patterns import OPENING, REFERS, TELLS
from workers.pipeline.extract.speech.turns import is_persons
from workers.pipeline.extract.statements.statement import (
    PREFERENCES,
    Statement,
    TurnReading,
)
from workers.pipeline.merge.clauses import all_clauses, behind_joint

MAY_BE = 0.3
"""Probability of a preference from which clauses of a turn are read by themselves, and of
a fact from which those of a sentence are that mostly is a preference.
"""
SURELY = 0.6
"""Probability from which a clause tells a taste."""
TELLING = 2
"""Index terms from which a clause says something."""


async def with_tastes(
    reads: Sequence[TurnReading], reader: MessageReader
) -> list[TurnReading]:
    """The readings with the tastes that mixed sentences of a person tell, each clause of
    such a sentence read by itself: of the whole one the reader knows what it mostly is.
    """
    asked: list[tuple[int, int, tuple[int, int]]] = []
    for number, read in enumerate(reads):
        asked += [(number, place, span) for place, span in _clauses_of(read)]
    said = [reads[n].statements[place].text[slice(*span)] for n, place, span in asked]
    alone = await reader.read([Utterance(text) for text in said]) if said else []
    result = list(reads)
    pairs = zip(asked, alone, strict=True)
    for (number, place), group in groupby(pairs, key=lambda pair: pair[0][:2]):
        clauses = [(span, reading) for (*_, span), reading in group]
        result[number] = _with_tastes(result[number], place, clauses)
    return result


def own_clauses(text: str) -> list[tuple[int, int]]:
    """The stretches of a sentence of which each begins with a subject of its own, the
    speaker or what is theirs; none where there are not two.
    """
    spans: list[tuple[int, int]] = []
    for start, end in all_clauses(text):
        opening = OPENING.match(text, start, end)
        first = behind_joint(text, opening.end() if opening else start, end)
        if TELLS.match(text, first, end):
            spans.append((first, end))
        elif spans:
            spans[-1] = (spans[-1][0], end)
    return spans if len(spans) > 1 else []


def _clauses_of(read: TurnReading) -> Iterator[tuple[int, tuple[int, int]]]:
    """The clauses to read by themselves, with the place of their statement."""
    turn = read.turn
    is_own = is_persons(turn) and not turn.is_quoted and not turn.speaker
    if not is_own or read.likely("preference") < MAY_BE:
        return
    for place, statement in enumerate(read.statements):
        if statement.kind == "instruction" or is_question(statement.text):
            continue
        # "I no longer drink coffee, I switched to tea" is one taste, in two clauses.
        if not statement.is_preference or read.likely("fact") >= MAY_BE:
            for span in own_clauses(statement.text):
                yield place, span


def _with_tastes(
    read: TurnReading,
    place: int,
    clauses: Sequence[tuple[tuple[int, int], Reading]],
) -> TurnReading:
    statement = read.statements[place]
    tastes = [_taste(statement, span, reading) for span, reading in clauses]
    certain = [taste for taste in tastes if taste is not None]
    if not certain or len(certain) == len(tastes):
        return read
    whole = replace(statement, kind="fact", kinds={"fact": 1.0})
    if not statement.is_preference:
        whole = statement
    statements = (*read.statements[:place], whole, *read.statements[place + 1 :])
    return replace(read, statements=statements, tastes=(*read.tastes, *certain))


def _taste(
    statement: Statement, span: tuple[int, int], reading: Reading
) -> Statement | None:
    """A clause by its own reading as a preference of who speaks; None where it is none,
    or does not say of what.
    """
    text = statement.text[slice(*span)]
    if len(set(terms(text))) < TELLING or REFERS.search(text) or not reading.parts:
        return None
    part = max(reading.parts, key=lambda part: part.end - part.start)
    likely = sum(part.kinds.get(kind, 0.0) for kind in PREFERENCES)
    if likely < SURELY or part.owner != "user":
        return None
    kind = max(PREFERENCES, key=lambda kind: part.kinds.get(kind, 0.0))
    start = statement.start + span[0]
    return Statement(text, kind, "user", start, {kind: likely})
