"""The clauses of a statement, and whose words a statement is. Pure functions on words."""

from __future__ import annotations

import re

from shared.language.lexical import without_date
from shared.language.words import terms

_PREFIX = re.compile(
    r"^(?:[A-Z][\w ]{1,30}|[\u3400-\u9fff]{2,8}):\s|^[\u3400-\u9fff]{2,8}："
)
_ASKED = re.compile(r"\s*[(（][^()（）]*[?？][)）]\s*")
_CLAUSE = re.compile(
    r"(?:[^.,;!?|\n，。；！？、؛।]|(?<=\d)[.,](?=\d)|[.,](?=\w)|\([^()]*\)|（[^（）]*）)+[?？]?"
)
_AND = re.compile(
    r"\s(?:and|but|und|aber|et|mais|y|pero|e|ma|mas|и|но)\s", re.IGNORECASE
)
_ASSISTANT = re.compile(r"^(?:Assistant:|The assistant\b|助手)")


def of_assistant(text: str) -> bool:
    """Whether a memory's text is what the assistant said."""
    return bool(_ASSISTANT.match(text))


def clauses(text: str) -> list[tuple[int, int]]:
    """Where the clauses of a memory's text stand that say something, in order; without
    the speaker's name, the question that it answers and the day it was said on.
    """
    body = without_date(text)
    prefix = _PREFIX.match(body)
    start = prefix.end() if prefix else 0
    asked = _ASKED.match(body, start)
    spans: list[tuple[int, int]] = []
    for match in _CLAUSE.finditer(body, asked.end() if asked else start):
        at = match.start()
        cuts = [cut.start() for cut in _AND.finditer(body, at, match.end())]
        for end in (*cuts, match.end()):
            stretch = body[at:end]
            if terms(stretch):
                lead = len(stretch) - len(stretch.lstrip())
                spans.append((at + lead, at + len(stretch.rstrip())))
            at = end
    return spans
