"""Letters within a message: where they end, and who signs them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.language.sentences import sentences
from workers.pipeline.extract.speech.patterns import SIGN_OFF

_EMPTY = re.compile(r"^\s*$")
_NAME = re.compile(
    r"(?:[^\W\d_a-z][\w.'’-]*|[\u3400-\u9fff]{2,4})(?: [^\W\d_a-z][\w.'’-]*){0,2}"
)
_STOP = re.compile(r"[.!?。！？]\s*$")
_CASELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SIGNED = re.compile(rf"(?P<leave>.{{1,40}}?)[,，]\s*(?P<name>{_NAME.pattern})[\s.!]*$")
"""Leave and name in one line: "Best, Jonas"."""
_AROUND = " \t-–—,.!*"
WORDS_OF_SIGNATURE = 4
"""Words of a line below a signature, at most."""
DIGITS_OF_NUMBER = 6
"""Digits of a line that make it a telephone number."""


def signer(lines: Sequence[str], first: int) -> str:
    """Who signs the letter that begins at a line; "" for nobody."""
    signed = _signed(lines, first, "")
    if signed < 0:
        last = sentences("\n".join(lines[first:]))[-1:]  # "I can't come. Best, Jonas"
        ending = _leave_and_name(last[0]) if last else None
        return ending["name"] if ending else ""
    both = _leave_and_name(lines[signed])
    return both["name"] if both else lines[signed].strip(_AROUND)


def is_signature(sentence: str) -> bool:
    """Whether a sentence takes leave and gives the name: "Best, Jonas."."""
    return _leave_and_name(sentence) is not None


def end_of_letter(lines: Sequence[str], first: int, writer: str) -> int:
    """Where a letter ends: behind the name that it is signed with and the lines about
    its writer; at the end of the message where it is not signed.
    """
    signed = _signed(lines, first, writer)
    if signed < 0:
        return len(lines)
    number = next_line(lines, signed, _EMPTY)
    while number < len(lines):
        end = next_line(lines, number + 1, _EMPTY)
        block = [line for line in lines[number:end] if line.strip()]
        if block and not all(_is_of_signature(line, writer) for line in block):
            return number
        number = end
    return number


def _signed(lines: Sequence[str], first: int, writer: str) -> int:
    """The first line that signs the letter; -1 where none does."""
    numbers = range(first, len(lines))
    return next((n for n in numbers if _signs(lines, n, writer)), -1)


def _leave_and_name(line: str) -> re.Match[str] | None:
    match = _SIGNED.match(line)
    return match if match and SIGN_OFF.match(match["leave"]) else None


def _signs(lines: Sequence[str], number: int, writer: str) -> bool:
    """Whether a line is the name at the end of a letter: the writer's, or a name alone
    behind words that take leave or the end of a sentence.
    """
    if _leave_and_name(lines[number]):
        return True
    name = lines[number].strip(_AROUND)
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


def next_line(lines: Sequence[str], number: int, pattern: re.Pattern[str]) -> int:
    """The first line from `number` on that a pattern matches; behind the last for none."""
    while number < len(lines) and not pattern.match(lines[number]):
        number += 1
    return number
