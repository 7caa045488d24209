"""News of an assistant: short turns that take note, praise or repeat are no memory.

What an assistant says is worth remembering where it is more than an echo of what the
user said: an offer, a price, an appointment. "Great, the in-ear ones it is." says what the
user's own words say already.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.language.words import terms
from workers.pipeline.extract.speech.patterns import CHATTER, TAKES_NOTE
from workers.pipeline.extract.statements.statement import TurnReading

SHORT = 15
"""Index terms up to which a turn may be a mere remark."""
FEWEST = 6
"""Index terms from which a remark that answers nothing and names nothing may be news:
"Keep band-aids handy." and 多了三周时间。 are none.
"""
NEW = 0.5
"""Share of a remark's terms that must not have been said before it."""
SURELY = 0.9
"""Probability of being worth keeping from which a remark is."""
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[^\W\d_] )[A-Z][\w'’-]+")
_QUESTION_MARKS = ("?", "？", "؟")


def tells_news(read: TurnReading, said: Sequence[str]) -> bool:
    """Whether an assistant's turn says more than that it has understood. `said`: what
    the users of the talk said before it.
    """
    text = " ".join(statement.text for statement in read.statements)
    words = set(terms(text))
    if len(words) > SHORT:
        return True
    before = " ".join(said)
    if set(_NUMBER.findall(text)) - set(_NUMBER.findall(before)):
        return True
    opening = CHATTER.match(read.turn.text)
    takes_note = TAKES_NOTE.match(read.turn.text, opening.end() if opening else 0)
    if takes_note or opening:
        return False
    new = words - set(terms(before))
    if said and said[-1].rstrip().endswith(_QUESTION_MARKS):
        return bool(new)  # an answer repeats the question, but for one word
    is_telling = len(words) >= FEWEST or bool(new & set(terms(_names_in(text))))
    is_likely = read.likely("worth_keeping") >= SURELY
    return is_telling and is_likely and len(new) >= NEW * len(words)


def _names_in(text: str) -> str:
    """The words with a capital that no sentence begins with."""
    return " ".join(_NAME.findall(text))
