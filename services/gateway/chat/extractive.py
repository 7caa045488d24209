"""The answer without a model: one or two sentences that quote what is remembered, and that say so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from services.gateway.chat.prompt import file_of
from shared.domain.memory import Kind, Match, Memory
from shared.language.words import is_chinese

MOST = 2
"""Memories quoted."""
WORTH = 0.75
"""A second one is quoted when its relativity is at least this part of the first one's:
one answer beats an answer and a guess.
"""

_DATED = re.compile(r"\b(?:19|20)\d\d\b|(?:19|20)\d\d年")
_STOPS = ".。"


@dataclass(frozen=True, slots=True)
class _Words:
    fact: str
    preference: str
    both: str
    nothing: str
    note: str
    date: str


_EN = _Words(
    "I remember: {}.",
    "I remember what you wish: {}.",
    " and ",
    "I do not remember anything about that.",
    " (No chat model is configured: I can only quote what I remember.)",
    "%Y-%m-%d",
)
_ZH = _Words(
    "我记得：{}。",
    "我记得您的偏好：{}。",
    "，以及",
    "关于这个，我没有任何记忆。",
    "（尚未配置对话模型，我只能引用记忆。）",
    "%Y年%m月%d日",
)


def extractive_answer(query: str, matches: Mapping[Kind, Sequence[Match]]) -> str:
    """What is remembered about the question, quoted, in the question's language."""
    words = _ZH if is_chinese(query) else _EN
    return (_remembered(_best(matches), words) or words.nothing) + words.note


def _best(matches: Mapping[Kind, Sequence[Match]]) -> list[Match]:
    found = sorted(
        chain(matches.get(Kind.FACT, ()), matches.get(Kind.PREFERENCE, ())),
        key=lambda match: -match.relativity,
    )
    return [
        match
        for match in found[:MOST]
        if match.relativity >= WORTH * found[0].relativity
    ]


def _remembered(found: Sequence[Match], words: _Words) -> str:
    """Facts in one sentence, wishes in another; the better ones first."""
    kinds = dict.fromkeys(match.memory.kind for match in found)
    sentences = (
        (words.preference if kind is Kind.PREFERENCE else words.fact).format(
            words.both.join(
                _quote(match.memory, words)
                for match in found
                if match.memory.kind is kind
            )
        )
        for kind in kinds
    )
    return ("" if words is _ZH else " ").join(sentences)


def _quote(memory: Memory, words: _Words) -> str:
    text = memory.text.strip().rstrip(_STOPS)
    where = file_of(memory) or ("" if _DATED.search(text) else _day(memory, words))
    if not where:
        return f"“{text}”"
    return f"“{text}”（{where}）" if words is _ZH else f"“{text}” ({where})"


def _day(memory: Memory, words: _Words) -> str:
    """The day on which it was said: what it speaks of is in its text."""
    at = memory.said_at or memory.created_at
    return datetime.fromtimestamp(at / 1000, UTC).strftime(words.date) if at else ""
