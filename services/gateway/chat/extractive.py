"""The answer where no model gives one: one or two sentences that quote what is
remembered, and that say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import Enum, auto

from services.gateway.chat.memory_blocks import file_of
from shared.domain.memory import Kind, Match, Memory
from shared.language.words import is_chinese

MAX_QUOTED = 2
"""Memories quoted."""
LEAST_SHARE = 0.75
"""A second one is quoted when its relativity is at least this share of the first one's:
one answer beats an answer and a guess.
"""

_DATED = re.compile(r"\b(?:19|20)\d\d\b|(?:19|20)\d\d年")
_STOPS = ".。"


class Reason(Enum):
    """Why no model answers."""

    NO_MODEL = auto()
    """None is configured."""
    AWAY = auto()
    """It cannot be reached, has no room or takes too long."""
    BUDGET = auto()
    """The project has used up its tokens."""
    SILENT = auto()
    """It was asked and said nothing."""


@dataclass(frozen=True, slots=True)
class _Wording:
    """The sentences of one language; {} stands for the quotes."""

    fact: str
    preference: str
    both: str
    """Between two quotes of a sentence."""
    space: str
    """Between two sentences."""
    nothing: str
    notes: Mapping[Reason, str]
    quote: str
    dated_quote: str
    """With where or when it was said."""
    date: str
    """As `strftime` reads it."""


_EN = _Wording(
    fact="I remember: {}.",
    preference="I remember what you wish: {}.",
    both=" and ",
    space=" ",
    nothing="I do not remember anything about that.",
    notes={
        Reason.NO_MODEL: " (No chat model is configured: I can only quote what I remember.)",
        Reason.AWAY: " (The chat model cannot be reached now: I can only quote what I remember.)",
        Reason.BUDGET: " (The tokens of this project are used up: I can only quote what I remember.)",
        Reason.SILENT: " (The chat model gave no answer: I can only quote what I remember.)",
    },
    quote="“{}”",
    dated_quote="“{}” ({})",
    date="%Y-%m-%d",
)
_ZH = _Wording(
    fact="我记得：{}。",
    preference="我记得您的偏好：{}。",
    both="，以及",
    space="",
    nothing="关于这个，我没有任何记忆。",
    notes={
        Reason.NO_MODEL: "（尚未配置对话模型，我只能引用记忆。）",
        Reason.AWAY: "（对话模型目前无法访问，我只能引用记忆。）",
        Reason.BUDGET: "（本项目的模型用量已用完，我只能引用记忆。）",
        Reason.SILENT: "（对话模型没有给出回答，我只能引用记忆。）",
    },
    quote="“{}”",
    dated_quote="“{}”（{}）",
    date="%Y年%m月%d日",
)


def extractive_answer(
    query: str,
    matches: Mapping[Kind, Sequence[Match]],
    reason: Reason,
    zone: tzinfo,
) -> str:
    """The best memories about the question, quoted, in the question's language: facts in
    one sentence, preferences in another, the better ones first. `zone`: whose days are
    named.
    """
    wording = _ZH if is_chinese(query) else _EN
    facts, preferences = matches.get(Kind.FACT, ()), matches.get(Kind.PREFERENCE, ())
    ranking = sorted([*facts, *preferences], key=lambda match: -match.relativity)
    quotes: dict[Kind, list[str]] = {}
    for match in ranking[:MAX_QUOTED]:
        if match.relativity >= LEAST_SHARE * ranking[0].relativity:
            memory = match.memory
            quotes.setdefault(memory.kind, []).append(_quote(memory, wording, zone))
    sentences = []
    for kind, of_kind in quotes.items():
        sentence = wording.preference if kind is Kind.PREFERENCE else wording.fact
        sentences.append(sentence.format(wording.both.join(of_kind)))
    return (wording.space.join(sentences) or wording.nothing) + wording.notes[reason]


def _quote(memory: Memory, wording: _Wording, zone: tzinfo) -> str:
    """The text with the file it was read from or the day it was said; that is left out
    where the text has a date of its own.
    """
    text = memory.text.strip().rstrip(_STOPS)
    origin = file_of(memory)
    at = memory.said_at or memory.created_at
    if not origin and at and not _DATED.search(text):
        origin = datetime.fromtimestamp(at / 1000, zone).strftime(wording.date)
    if not origin:
        return wording.quote.format(text)
    return wording.dated_quote.format(text, origin)
