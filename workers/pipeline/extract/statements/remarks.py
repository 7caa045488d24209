"""Remarks: what a reader may keep and what yet states nothing, by its form: thanks and
praise, an assistant's questions, and what asks for the last answer otherwise ("shorter,
please").
"""

from __future__ import annotations

import re

from shared.language.sentences import is_question, last_questions, sentences
from shared.language.words import word_count
from workers.pipeline.extract.facts.answered import asked_to_tell
from workers.pipeline.extract.speech.patterns import (
    ACKNOWLEDGES,
    ASKS_BEHIND,
    CHATTER,
    ONLY_CHATTER,
    REMINDS,
    TELLS,
)
from workers.pipeline.extract.speech.turns import Turn, is_persons
from workers.pipeline.extract.statements.statement import PREFERENCES, Statement

SURELY = 0.6
"""Probability of a taste or a wish from which a few words about an answer are one."""
_OWN = re.compile(
    r"(?<![\w'’])(?:I['’](?:m|ve)|I (?:am|have|need|want|got|was)|my|mine|our|we['’](?:re|ve))(?![\w])"
    r"|[我咱俺]|\b(?:mein\w*|mi|mis|mon|ma|mes|unser\w*|nuestr\w*|notre|nos)\b"
    r"|\b(?:meu|minha|nosso|nossa|mio|mia|nostro|nostra|мо[йяёи]|моего|моей|у меня|наш\w*)\b"
    r"|[私僕俺]|(?<!\w)(?:내|제|저는|나는|우리)(?!\w)",
    re.I,
)
"""Words by which a question tells something of who asks."""
LONGEST_GREETING = 60
"""Characters of what may say nothing: "Hi there, good morning!"."""
BRIEF = 4
"""Words up to which something may be said of an answer."""


def is_statement(statement: Statement, turn: Turn, before: Turn | None) -> bool:
    """Whether what the reader keeps of a turn states something. `before`: the turn
    before it.
    """
    if not is_persons(turn):
        is_asked = turn.message.role == "assistant" and is_question(statement.text)
        return turn.is_quoted or not is_asked
    if _only_asks(statement.text) and not _is_standing(statement):
        return False
    if before is not None and _asks(before):
        return True
    if ACKNOWLEDGES.match(statement.text) or _greets(statement.text):
        return False
    return not _is_about_answer(statement, before)


def _only_asks(text: str) -> bool:
    """Whether it is a question from its first word on, that tells nothing of who asks."""
    if not is_question(text) or REMINDS.search(text) or _OWN.search(text):
        return False
    opening = CHATTER.match(text)
    return bool(ASKS_BEHIND.match(text, opening.end() if opening else 0))


def _is_standing(statement: Statement) -> bool:
    """Whether a request is for all times to come, as the reader judges it: "Can you write
    all code in TypeScript from now on?".
    """
    wished = ("instruction", *PREFERENCES)
    likely = sum(statement.kinds.get(kind, 0.0) for kind in wished)
    return statement.kind == "instruction" and likely >= SURELY


def _greets(text: str) -> bool:
    return len(text) <= LONGEST_GREETING and bool(ONLY_CHATTER.match(text))


def _asks(before: Turn) -> bool:
    return bool(last_questions(sentences(before.text)) or asked_to_tell(before))


def _is_about_answer(statement: Statement, before: Turn | None) -> bool:
    """Whether a few words ask for the assistant's last answer otherwise."""
    if before is None or before.message.role != "assistant":
        return False
    text = statement.text
    if word_count(text) > BRIEF or TELLS.match(text) or any(map(str.isdigit, text)):
        return False
    likely = max(statement.kinds.get(kind, 0.0) for kind in PREFERENCES)
    return statement.is_preference and likely < SURELY
