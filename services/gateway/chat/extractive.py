"""The answer without a model: one or two sentences that quote what is remembered, and that say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from services.gateway.chat.prompt import day
from shared.domain.memory import Kind, Match
from shared.language.words import is_chinese

MOST = 2
"""Memories quoted."""


def extractive_answer(query: str, matches: Mapping[Kind, Sequence[Match]]) -> str:
    """What is remembered about the question, quoted, in the question's language."""
    found = sorted(chain(matches.get(Kind.FACT, ()), matches.get(Kind.PREFERENCE, ())), key=lambda match: -match.relativity)
    quoted = [_quote(match) for match in found[:MOST]]
    return _zh(quoted) if is_chinese(query) else _en(quoted)


def _quote(match: Match) -> str:
    text, when = match.memory.text.strip(), day(match.memory)
    return f"“{text}” ({when})" if when else f"“{text}”"


def _en(quoted: Sequence[str]) -> str:
    if not quoted:
        return "Nothing is remembered about that. (No chat model is configured, so only memories can be quoted.)"
    return f"I remember: {'; and '.join(quoted)}. (No chat model is configured, so this only quotes memories.)"


def _zh(quoted: Sequence[str]) -> str:
    if not quoted:
        return "没有关于这个问题的记忆。（尚未配置对话模型，只能引用记忆。）"
    return f"记得的内容：{'；'.join(quoted)}。（尚未配置对话模型，以上仅为引用的记忆。）"
