"""Words of others within a message: mails that are answered or passed on, and blocks
that are quoted line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.pipeline.extract.speech.patterns import (
    FORWARDED,
    MAIL_FROM,
    MAIL_HEADER,
    MAIL_SUBJECT,
    SENT,
    SIGN_OFF,
    WROTE,
)

_MARK = re.compile(r"^[ \t]{0,3}(?:[>＞][ \t]*)+")
_FIRST_MARK = re.compile(r"^[ \t]{0,3}(?:[>＞][ \t]*)+(?![ \t\d€$£=])")
"""Not "> 20 km"."""
_FENCE = re.compile(r'^\s*(?:"""|\'\'\')\s*$')
_ADDRESS = re.compile(r"\s*(?:<[^<>]*>|\[[^\[\]]*\]|\([^()]*@[^()]*\))\s*$")
_PRONOUN = re.compile(r"(?:he|she|they|you|it|who|this|that)$", re.I)
_SPEAKERS_OWN = re.compile(r"(?:i|we)$", re.I)
_EMPTY = re.compile(r"^\s*$")
_NAME = re.compile(
    r"(?:[^\W\d_a-z][\w.'’-]*|[\u3400-\u9fff]{2,4})(?: [^\W\d_a-z][\w.'’-]*){0,2}"
)
_STOP = re.compile(r"[.!?。！？]\s*$")
_CASELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
WORDS_OF_SIGNATURE = 4
"""Words of a line below a signature, at most."""
DIGITS_OF_NUMBER = 6
"""Digits of a line that make it a telephone number."""
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


def stretches(text: str) -> list[Stretch]:
    """The stretches of a message in order, none empty."""
    lines = text.split("\n")
    parts = [Stretch("\n".join(part[0]).strip(), *part[1:]) for part in _parts(lines)]
    return [stretch for stretch in parts if stretch.text]


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
        closing = _next(lines, number + 1, _FENCE)
        writer = _sender(lines[:number])
        return (number + 1, closing, writer) if closing < len(lines) else None
    if FORWARDED.match(line) or _is_head(lines, number):
        first, writer = _after_head(lines, number)
        return first, _end_of_letter(lines, first, writer), writer
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
        return first, _end_of_letter(lines, first, writer), writer
    return first, _next(lines, first, re.compile(r"^\s*$")), writer


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


def _end_of_letter(lines: Sequence[str], first: int, writer: str) -> int:
    """Where a letter ends: behind the name that it is signed with and the lines about
    its writer; at the end of the message where it is not signed.
    """
    signed = next((n for n in range(first, len(lines)) if _signs(lines, n, writer)), -1)
    if signed < 0:
        return len(lines)
    number = _next(lines, signed, _EMPTY)
    while number < len(lines):
        end = _next(lines, number + 1, _EMPTY)
        block = [line for line in lines[number:end] if line.strip()]
        if block and not all(_is_of_signature(line, writer) for line in block):
            return number
        number = end
    return number


def _signs(lines: Sequence[str], number: int, writer: str) -> bool:
    """Whether a line is the name at the end of a letter: the writer's, or a name alone
    behind words that take leave or the end of a sentence.
    """
    name = lines[number].strip(" \t-–—,.!*")
    ends = number + 1 == len(lines) or not lines[number + 1].strip()
    before = [line for line in lines[:number] if line.strip()]
    takes_leave = bool(before) and bool(SIGN_OFF.match(before[-1]))
    if not name or not before or not (ends or takes_leave):
        return False
    is_writers = set(name.lower().split()) <= set(writer.lower().split())
    is_behind = takes_leave or bool(_STOP.search(before[-1]))
    return is_writers or (is_behind and bool(_NAME.fullmatch(name)))


def _is_of_signature(line: str, writer: str) -> bool:
    """Whether a line below a signature is about the writer: a name, a post, an address,
    a number; no sentence.
    """
    is_writers = bool(writer) and writer.lower() in line.lower()
    is_contact = "@" in line or len(re.findall(r"\d", line)) >= DIGITS_OF_NUMBER
    is_short = len(line.split()) <= WORDS_OF_SIGNATURE and not _STOP.search(line)
    return is_writers or is_contact or (is_short and not _CASELESS.search(line))


def _end_of_marked(lines: Sequence[str], number: int) -> int:
    while number < len(lines) and _MARK.match(lines[number]):
        number += 1
    return number


def _next(lines: Sequence[str], number: int, pattern: re.Pattern[str]) -> int:
    while number < len(lines) and not pattern.match(lines[number]):
        number += 1
    return number
