"""Of two memories that both give a day, a time or an amount that is asked for, the newer one
goes first where it says that it is a new one: "Dutch class moved to Thursdays" before
"学荷兰语，每周二", which share no word by which merging could have linked them.

So does what the user said later of what an assistant had computed or proposed before, and, asked
for what is so now, what tells a change of something that both name.

The first only between matches that answer about equally well and share no word: what shares one
merging has compared, and what it did not link is of two things ("my rent", "my sister's
rent").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.gateway.recall.moving_up import moved_up
from services.gateway.recall.scoring import ScoredMatch
from shared.domain.memory import Memory
from shared.domain.memory_detail import CHANGES
from shared.language.attribution import by_assistant
from shared.language.change_words import tells_change
from shared.language.lexical import without_written_dates
from shared.language.stated_values import (
    ValueKind,
    rival_kinds,
    stated_values,
    without_values,
)
from shared.language.words import terms

EQUALLY = 0.9
"""Share of the relativity of an older match from which a newer one answers as well."""
OF_ASSISTANT = 0.6
"""The same where the older one is an assistant's: what it computed or proposed holds less
than what the user says.
"""
TELLING = 4
"""Letters of a word that may name a thing."""
_FRAME = frozenset("user say ask 用户 说 要求 户说 户要".split())
"""Terms of what a statement begins with: "The user says", 用户说, 用户要求."""
_ASKED = {
    ValueKind.DAY: re.compile(
        r"\b(?:when|(?:what|which) (?:day|date)|date of|wann|welche[mrn]? (?:tag|datum)|cu[áa]ndo"
        r"|qu[ée] d[íi]a|quand|quel jour|quando|che giorno|que dia|когда|какого числа)\b"
        r"|什么时候|何时|哪天|哪一天|星期几|周几|礼拜几|几号|几月|いつ|何曜日|何日|언제|무슨 요일|며칠",
        re.I,
    ),
    ValueKind.CLOCK: re.compile(
        r"\b(?:when|what time|wann|um wie viel uhr|cu[áa]ndo|a qu[ée] hora|quand|à quelle heure"
        r"|quando|a che ora|a que horas|когда|во сколько)\b|什么时候|何时|几点|いつ|何時|언제|몇 시",
        re.I,
    ),
    ValueKind.AMOUNT: re.compile(
        r"\b(?:how (?:much|many|old|tall|big|long|far)|wie ?viele?|wie (?:alt|hoch|gro[ßs]+)"
        r"|cu[áa]nt[oa]s?|combien|quant[oaie]|quantos|quantas|сколько)\b|多少|几个|几岁|几口|几人|多大|多高|多重|いくら|いくつ|何人|얼마|몇",
        re.I,
    ),
}
"""How a value of a kind is asked for."""
_NOW = re.compile(
    r"\b(?:now|currently|nowadays|these days|at the moment|jetzt|derzeit|zurzeit|momentan|inzwischen"
    r"|ahora|actualmente|hoy en día|maintenant|actuellement|adesso|attualmente|agora|atualmente"
    r"|сейчас|теперь)\b|现在|目前|如今|当前|現在|今は|지금|현재",
    re.I,
)
"""How what is so now is asked for."""
_CONTEXT = re.compile(r"^(?:[^:：()（）]{1,30}[:：]\s*)?[(（][^()（）]*[)）]\s*")
"""The name of the speaker, and the question that a memory answers."""


def renewed_first(matches: Sequence[ScoredMatch], query: str) -> list[ScoredMatch]:
    """The matches, best first, each behind those that give a new value of what is asked."""
    asked = {kind for kind, pattern in _ASKED.items() if pattern.search(query)}
    is_of_now = bool(_NOW.search(query))
    if not asked and not is_of_now:
        return list(matches)

    def goes_before(match: ScoredMatch, other: ScoredMatch) -> bool:
        is_new_value = _renews(match, other, asked)
        return is_new_value or (is_of_now and _is_so_now(match, other))

    return moved_up(matches, goes_before)


def _renews(newer: ScoredMatch, older: ScoredMatch, asked: set[ValueKind]) -> bool:
    new, old = newer.memory, older.memory
    said, before = _own_words(new), _own_words(old)
    values = rival_kinds(stated_values(before), stated_values(said))
    if not _is_later(new, old) or not asked & values:
        return False
    if by_assistant(old.text) and not by_assistant(new.text):
        return newer.relativity >= OF_ASSISTANT * older.relativity
    if newer.relativity < EQUALLY * older.relativity or new.detail.get(CHANGES):
        return False
    # Merging has compared what shares a word.
    return tells_change(said) and not _telling(before) & _telling(said)


def _is_so_now(newer: ScoredMatch, older: ScoredMatch) -> bool:
    """Whether a memory tells a change of something that an older one names as well."""
    new, old = newer.memory, older.memory
    if not _is_later(new, old) or newer.relativity < EQUALLY * older.relativity:
        return False
    said, before = _own_words(new), _own_words(old)
    return tells_change(said) and bool((_telling(before) & _telling(said)) - _FRAME)


def _is_later(new: Memory, old: Memory) -> bool:
    return new.said_at > old.said_at > 0 and new.speaker == old.speaker


def _telling(text: str) -> frozenset[str]:
    words = terms(without_values(text))
    return frozenset(w for w in words if len(w) >= TELLING or not w.isascii())


def _own_words(memory: Memory) -> str:
    return _CONTEXT.sub("", without_written_dates(memory.text))
