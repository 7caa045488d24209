"""What a person says that the reader takes for small talk and that may yet be news of
something known: "It's over between Mateo and me." Whether it is, merging finds out.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.language.sentences import is_question
from shared.language.words import terms
from workers.pipeline.extract.speech.patterns import ACKNOWLEDGES, ONLY_CHATTER
from workers.pipeline.extract.speech.quotations import sentences_with_quotations
from workers.pipeline.extract.speech.turns import is_persons
from workers.pipeline.extract.statements.statement import Statement, TurnReading

LONGEST = 160
"""Characters of a turn that is small talk."""
OTHER = {"question": 0.5, "request": 0.5, "order_forget": 0.9}
"""What a turn may be that is no small talk, and from which probability on it is. Of an
order to forget the reader must be sure: such in known words were taken out before.
"""


def passed_over(read: TurnReading) -> Iterator[Statement]:
    """The sentences of a short turn of a person in which nothing is stated, without
    questions, greetings and thanks.
    """
    turn = read.turn
    is_short = len(turn.text) <= LONGEST
    if read.statements or not is_persons(turn) or turn.is_quoted or not is_short:
        return
    if any(read.likely(label) >= least for label, least in OTHER.items()):
        return
    for start, end in sentences_with_quotations(turn.text):
        said = turn.text[start:end]
        if is_question(said) or ONLY_CHATTER.match(said) or ACKNOWLEDGES.match(said):
            continue
        if terms(said):
            yield Statement(said, "event", "user", start, {"event": 1.0})
