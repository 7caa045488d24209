"""Words of others within a message: mails that are answered or passed on, blocks that
are quoted line by line, and what a clause announces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workers.pipeline.extract.speech.announced_words import announced_words
from workers.pipeline.extract.speech.letters import end_of_letter, next_line
from workers.pipeline.extract.speech.patterns import (
    FORWARDED,
    MAIL_FROM,
    MAIL_HEADER,
    MAIL_SUBJECT,
    SENT,
    WROTE,
)

_MARK = re.compile(r"^[ \t]{0,3}(?:[>＞][ \t]*)+")
_FIRST_MARK = re.compile(r"^[ \t]{0,3}(?:[>＞][ \t]*)+(?![ \t\d€$£=])")
"""Not "> 20 km"."""
_FENCE = re.compile(r'^\s*(?:"""|\'\'\')\s*$')
_ADDRESS = re.compile(r"\s*(?:<[^<>]*>|\[[^\[\]]*\]|\([^()]*@[^()]*\))\s*$")
_PRONOUN = re.compile(r"(?:he|she|they|you|it|who|this|that)$", re.I)
_SPEAKERS_OWN = re.compile(r"(?:i|we)$", re.I)
SHORTEST_WRAPPED = 30
"""Characters of a line that may go on in the next, as mail programs break them."""
HEAD = 4
"""Lines within which a mail's head says who sent it, and about what."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a message that are all its speaker's, or all of another. `writer` is ""
    where nobody is named.
    """

    text: str
    is_quoted: bool = False
    writer: str = ""
    is_mixed: bool = False
    """Whether the speaker's own words may stand among those that are quoted."""


def stretches(text: str) -> list[Stretch]:
    """The stretches of a message in order, none empty."""
    result: list[Stretch] = []
    for lines, is_quoted, writer in _parts(text.split("\n")):
        words = "\n".join(lines)
        parts = [Stretch(words, True, writer)] if is_quoted else _of_own(words)
        result += [replace(part, text=part.text.strip()) for part in parts]
    return [stretch for stretch in result if stretch.text]


def _of_own(text: str) -> Iterator[Stretch]:
    """The speaker's own words, apart from those of others that a clause announces."""
    place = 0
    for words in announced_words(text):
        yield Stretch(text[place : words.start])
        is_named = words.is_sure and not _PRONOUN.match(words.writer)
        said = text[words.start : words.end]
        yield Stretch(said, True, words.writer if is_named else "", not words.is_sure)
        place = words.end
    yield Stretch(text[place:])


def _parts(lines: Sequence[str]) -> Iterator[tuple[list[str], bool, str]]:
    own: list[str] = []
    number = 0
    while number < len(lines):
        beginning = _quotation(lines, number)
        if beginning is None:
            own.append(lines[number])
            number += 1
            continue
        first, end, writer = beginning
        is_fenced = bool(_FENCE.match(lines[number]))
        yield own, False, ""
        yield [_MARK.sub("", line) for line in lines[first:end]], True, writer
        own, number = [], max(end + is_fenced, number + 1)
    yield own, False, ""


def _quotation(lines: Sequence[str], number: int) -> tuple[int, int, str] | None:
    """Where the quotation that begins at a line has its words, and whose they are; None
    where none begins.
    """
    line = lines[number]
    if _FIRST_MARK.match(line):
        return number, _end_of_marked(lines, number), _sender(lines[:number])
    if _FENCE.match(line):
        closing = next_line(lines, number + 1, _FENCE)
        writer = _sender(lines[:number])
        return (number + 1, closing, writer) if closing < len(lines) else None
    if FORWARDED.match(line) or _is_head(lines, number):
        first, writer = _after_head(lines, number)
        return first, end_of_letter(lines, first, writer), writer
    announced = _writer(line)
    if announced is not None:
        return _announced(lines, number, announced)
    wrapped = _writer(" ".join(lines[number : number + 2]))
    is_wrapped = wrapped is not None and len(line) >= SHORTEST_WRAPPED
    return _announced(lines, number + 1, wrapped or "") if is_wrapped else None


def _sender(before: Sequence[str]) -> str:
    """Who is said to have sent what is quoted, in the last line before it: "Tom sent me
    this, can you help?"; "" where nobody is.
    """
    said = next((line for line in reversed(before) if line.strip()), "")
    for pattern in SENT:
        match = pattern.match(said)
        if match is not None and not _PRONOUN.match(match["writer"]):
            return match["writer"].strip()
    return ""


def _announced(
    lines: Sequence[str], number: int, writer: str
) -> tuple[int, int, str] | None:
    """The quotation after "Ida wrote:": the marked lines, else the next paragraph; all of
    the rest after the line that mail programs write.
    """
    first = number + 1
    while first < len(lines) and not lines[first].strip():
        first += 1
    if first == len(lines):
        return None
    if _MARK.match(lines[first]):
        return first, _end_of_marked(lines, first), writer
    if re.search(r"\d", " ".join(lines[max(0, number - 1) : number + 1])):
        return first, end_of_letter(lines, first, writer), writer
    return first, next_line(lines, first, re.compile(r"^\s*$")), writer


def _writer(line: str) -> str | None:
    """Who is said to have written what follows; None where nobody is."""
    for pattern in WROTE:
        match = pattern.match(line)
        if match is None:
            continue
        writer = (match.groupdict().get("writer") or "").strip()
        if _SPEAKERS_OWN.match(writer):
            return None
        return "" if _PRONOUN.match(writer) else writer
    return None


def _is_head(lines: Sequence[str], number: int) -> bool:
    """Whether a mail's head begins at a line: who sent it, and about what."""
    head = lines[number : number + HEAD]
    senders = [line for line in head if MAIL_FROM.match(line)]
    is_mails = any(MAIL_SUBJECT.match(line) or "@" in line for line in head)
    return _is_header(head[0]) and bool(senders) and is_mails and len(head) > 1


def _is_header(line: str) -> bool:
    patterns = (MAIL_FROM, MAIL_HEADER, MAIL_SUBJECT)
    return any(pattern.match(line) for pattern in patterns)


def _after_head(lines: Sequence[str], number: int) -> tuple[int, str]:
    """The line after a mail's head, and who sent it."""
    writer = ""
    if FORWARDED.match(lines[number]):
        number += 1
    while number < len(lines):
        sender = MAIL_FROM.match(lines[number])
        if sender:
            writer = _ADDRESS.sub("", sender["value"]).strip(" \"'*")
        elif lines[number].strip() and not _is_header(lines[number]):
            break
        number += 1
    return number, writer


def _end_of_marked(lines: Sequence[str], number: int) -> int:
    while number < len(lines) and _MARK.match(lines[number]):
        number += 1
    return number
