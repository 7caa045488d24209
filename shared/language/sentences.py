"""Sentences of text in any language, taken apart and put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shared.language.words import is_chinese

_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|no|nr|approx|inc|jr|sr|bzw|ca|sra?"
    r"|[a-z])|\d)\.$",
    re.I,
)
_STOP = re.compile(
    r"(?P<stop>[.!?…؟]+[\"'”’»)\]]*)\s+|(?P<full>[。！？；…।]+(?![。！？；…।”’」』）\"]))|(?P<line>\s*\n\s*)"
)
_OPENING = "\"'“‘«(【（「『[¿¡-–—*•"
_QUOTES = (("“", "”"), ("「", "」"), ("『", "』"), ("«", "»"), ("„", "“"))
LONGEST_QUOTE = 400
"""Characters within which an open quotation mark holds its sentences together."""
QUESTION_MARKS = ("?", "？", "؟")


def sentences(text: str) -> list[str]:
    """The sentences in order, stripped, none empty; a line break ends one, an
    abbreviation, a number's point and the end of a sentence within a quotation do not.
    """
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences stand in the text."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end, after in (*_ends(text), (len(text), len(text))):
        piece = text[start:end]
        if end < len(text) and _goes_on(piece, text[start:after]):
            continue
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            spans.append((start + lead, start + len(piece.rstrip())))
        start = after
    return spans


def is_question(sentence: str) -> bool:
    """Whether it ends with a question mark of some script."""
    return sentence.rstrip(" \"'”’」』)）").endswith(QUESTION_MARKS)


def _ends(text: str) -> Iterator[tuple[int, int]]:
    """Where a sentence may end, and where the next one then begins."""
    for match in _STOP.finditer(text):
        if match["stop"] is None:
            yield match.end("full") if match["full"] else match.start(), match.end()
        elif _may_begin(text[match.end() :].lstrip(_OPENING)[:1]):
            yield match.end("stop"), match.end()


def _may_begin(character: str) -> bool:
    return not character or character.isdigit() or not character.islower()


def _goes_on(piece: str, with_space: str) -> bool:
    if "\n" in with_space[len(piece) :]:
        return False
    if _ABBREVIATION.search(piece):
        return True
    if len(piece) > LONGEST_QUOTE:
        return False
    return any(piece.count(a) > piece.count(b) for a, b in _QUOTES) or bool(
        piece.count('"') % 2
    )


BULLET = re.compile(r"^\s*[-*•·]\s+")
NUMBERED = re.compile(
    r"^\s*(?:\(?\d{1,3}[.)、]|[（(]?[一二三四五六七八九十]{1,3}[、.）)])"
)
_ENDED = tuple(":：.。!！?？;；")


def is_listed(line: str) -> bool:
    """Whether a line is the entry of a list."""
    return bool(BULLET.match(line) or NUMBERED.match(line))


def joined(parts: Sequence[str]) -> str:
    """Sentences after each other, as their language writes them; entries of a list
    without bullets, with a semicolon between them.
    """
    entries = [BULLET.sub("", part) for part in parts]
    space, semicolon = ("", "；") if is_chinese("".join(entries)) else (" ", "; ")
    text = entries[0]
    for entry, part in zip(entries[1:], parts[1:], strict=True):
        needs_semicolon = is_listed(part) and not text.endswith(_ENDED)
        text += semicolon if needs_semicolon else space
        text += entry
    return text
