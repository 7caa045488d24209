"""Labels of speakers: whose words a line of a transcript is, as opposed to the labels of
forms, lists and notes by structure.

A label in brackets or behind a time says who speaks. A plain one ("Ida: ...") does only
where the talk knows that name, or where several such lines read like people talking.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shared.domain.message import Message
from workers.pipeline.extract.speech.patterns import (
    ASSISTANT,
    FIELD,
    SELF,
    SPOKEN,
    USER,
)

_NAME = r"[^\W\d_][\w.'’·-]*(?: [^\W\d_][\w.'’-]*){0,3}"
_TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?"
_DATE = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}年\d{1,2}月\d{1,2}日)"
_STAMP = rf"(?:{_DATE},?[\sT]+{_TIME}|{_TIME}(?:,?\s+{_DATE})?|{_DATE})"
_MARKED = tuple(
    re.compile(rf"\s*{pattern}", re.I)
    for pattern in (
        rf"\[{_STAMP}\]\s*[-–~]?\s*<?(?P<name>{_NAME})>?\s?[:：]\s*",
        rf"\[{_STAMP}\]\s*<(?P<name>{_NAME})>\s*",
        rf"{_DATE},?[\sT]+{_TIME}\s*[-–]?\s*~?(?P<name>{_NAME})\s?[:：]\s*",
        rf"\[(?P<name>{_NAME})\]\s?[:：]\s*(?!https?:)",
        r"(?:user|assistant|agent|speaker|member|用户)\s?\[(?P<name>[^\W_][\w .'’-]{0,39})\]\s?[:：]\s*",
    )
)
_PLAIN = re.compile(
    rf"\s*(?:{_TIME}\s+[-–]?\s*|\({_STAMP}\)\s*)?\**(?P<name>{_NAME})(?:\s?\([^()\n]{{1,30}}\))?\**\s?[:：]\**"
    r"\s*(?!//)(?=\S)"
)
_HEAD_LINE = re.compile(
    rf"\s*(?P<name>{_NAME})\s+[\[(]?(?:{_DATE}\s+{_TIME}|{_TIME})[\])]?\s*$", re.I
)
_ENDS_LABEL = re.compile(r"[:：>]|\d[.]\d\d")
_CAPITAL = re.compile(r"(?-i:[A-ZÀ-ÖØ-ÞĀ-Ž0-9А-ЯЁΑ-Ω])")
_CASELESS = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0590-\u0dff\u0e00-\u0eff]"
)
_PARTICLES = frozenset(
    "van von de da di du del der den la le bin ibn al el y e zu ter".split()
)
LONGEST_CASELESS = 6
"""Characters of a name in a script without capitals."""
LONGEST_LABEL = 120
"""Characters of a line within which its label stands."""
PEOPLE = 2
"""Different labels that make a conversation."""


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before somebody's words. `name` is "" for the speaker of the message
    itself; `role` is set where the label names one.
    """

    name: str
    end: int
    is_marked: bool
    role: str = ""


def labels_of(text: str) -> Iterator[tuple[int, Label]]:
    """The lines of a text that may begin with a speaker's label: number and label."""
    lines = text.split("\n")
    heads = [number for number, line in enumerate(lines) if _HEAD_LINE.match(line)]
    for number, line in enumerate(lines):
        label = _label(line, is_chat=len(heads) >= PEOPLE)
        if label is not None:
            yield number, label


def known_speakers(messages: Sequence[Message]) -> frozenset[str]:
    """The names, in small letters, of whom a plain label in these messages means."""
    names = {message.speaker for message in messages if message.speaker}
    openings: list[tuple[Label, str]] = []
    for message in messages:
        if message.role not in ("user", "assistant") or message.quotes:
            continue
        lines = message.text.strip().split("\n")
        labelled = [
            (label, lines[number][label.end :])
            for number, label in labels_of(message.text.strip())
        ]
        if message.role == "user":
            names |= _people(labelled)
        first = _label(lines[0]) if lines else None
        if first is not None:
            openings.append((first, lines[0][first.end :]))
    names |= _people(openings)
    return frozenset(name.lower() for name in names)


def is_speaker(label: Label, speakers: Iterable[str]) -> bool:
    """Whether a label says who speaks."""
    return label.is_marked or _key(label).lower() in speakers


def _people(labelled: Sequence[tuple[Label, str]]) -> set[str]:
    """The names of plain labels, where the lines read like people talking."""
    plain = [(label, body) for label, body in labelled if _is_candidate(label)]
    counts = Counter(_key(label) for label, _ in plain)
    others = [label for label, _ in labelled if not _is_candidate(label)]
    if len(counts) < PEOPLE or any(not label.is_marked for label in others):
        return set()
    spoken = sum(bool(SPOKEN.search(body)) or _exclaims(body) for _, body in plain)
    is_repeated = max(counts.values()) > 1
    roles = {label.role for label, _ in plain}
    if {"user", "assistant"} <= roles or spoken * (4 if is_repeated else 2) >= len(
        plain
    ):
        return set(counts)
    return set()


def _is_candidate(label: Label) -> bool:
    return not label.is_marked and (bool(label.role) or _is_name(label.name))


def _exclaims(body: str) -> bool:
    return body.rstrip().endswith(("!", "?", "！", "？"))


def _key(label: Label) -> str:
    return label.name or f"<{label.role}>"


def _label(whole_line: str, is_chat: bool = False) -> Label | None:
    line = whole_line[:LONGEST_LABEL]
    if not _ENDS_LABEL.search(line):
        return None
    for pattern in _MARKED:
        match = pattern.match(line)
        if match is not None and not _is_field(match["name"]):
            return _named(match["name"], match.end(), is_marked=True)
    head = _HEAD_LINE.match(line) if is_chat else None
    if head is not None and _is_name(head["name"]) and not _is_field(head["name"]):
        return _named(head["name"], head.end(), is_marked=True)
    match = _PLAIN.match(line)
    return _named(match["name"], match.end(), is_marked=False) if match else None


def _named(name: str, end: int, is_marked: bool) -> Label:
    for role, pattern in (("self", SELF), ("user", USER), ("assistant", ASSISTANT)):
        if pattern.fullmatch(f"{name}:"):
            return Label("", end, is_marked, role)
    return Label(name, end, is_marked)


def _is_field(name: str) -> bool:
    return bool(FIELD.fullmatch(f"{name}:"))


def _is_name(name: str) -> bool:
    """Whether a label is written like a name or a role, and is no known label of a form."""
    if _is_field(name) or len(name) < 2:
        return False
    if _CASELESS.match(name):
        return len(name) <= LONGEST_CASELESS
    words = name.split()
    return all(_CAPITAL.match(word) or word in _PARTICLES for word in words) and not (
        name.isupper() and len(name) > LONGEST_CASELESS
    )
