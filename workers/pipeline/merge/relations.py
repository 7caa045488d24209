"""How a new statement relates to a known one: the same, part of it, more than it, or
against it. Pure functions on words.

Rules err on the side of keeping both: a duplicate costs a line, a wrong merge costs a memory.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product

from shared.language.words import terms
from workers.pipeline.merge.changes import takes_back, tells_end

ALIKE = 0.85
"""Share of all words that two statements have in common at which they say the same,
when numbers and polarity agree too.
"""
REVERSED = 0.8
"""Share of a reversing clause's words that must stand in the known statement."""
CENTRAL = 0.4
"""Share of the known statement that a clause must reverse to make all of it untrue."""
BRIEF = 20
"""Words up to which a statement is about its subject: a longer one says other things
too, which would be lost with it.
"""
FEWEST = 3
"""Words that a statement needs to be taken as part of another: of fewer, too much else
could contain them.
"""

_NUMBER = re.compile(r"\d+(?:[.:/-]\d+)*")
_CEASED = re.compile(
    r"\b(?:no longer|not any ?more|used to|quit|(?:stopped|gave up|given up) (?=\w+ing\b))"
    r"|(?:n['’]t|\bnot)\b(?=.*\bany ?more\b)"
    r"|不再|已经不|戒掉?了?|放弃了|停止了",
    re.I,
)
_NO_MORE = re.compile(r"[不没][^，。；]{1,8}了")
_NOT = re.compile(
    r"\b(?:not|never|without|cannot|dislikes?|hates?|avoids?)\b|n['’]t\b|不|没|别|讨厌",
    re.I,
)
_FLAVOUR = re.compile(
    r"\b(?:any ?more|do|does|did|now|currently|recently|again|likes?|loves?|enjoys?|prefers?"
    r"|the user|\w+ (?:days?|weeks?|months?|years?) ago"
    r"|(?:last|this) (?:week|month|year))\b|\([^()]*\)|（[^（）]*）|喜欢"
    r"|现在|如今|已经|用户|了|上个月|上周|去年|最近",
    re.I,
)
"""What carries polarity, time or the speaker and nothing that could be reversed."""
_CLAUSE = re.compile(r"[,;.!?，；。！？]|\b(?:and|but|so)\b|而且|但是|所以")
_SENTENCE = re.compile(r"[.!?。！？](?=\s*\S)")
_INSTEAD = re.compile(
    r"\b(?:moved|relocated|switched|changed|transferred|went|converted)\b[^.;]*?\bfrom "
    r"(?P<old1>.+?) to (?P<new1>[^.,;]+)"
    r"|\b(?:replaced|swapped) (?P<old2>.+?) (?:with|by|for) (?P<new2>[^.,;]+)"
    r"|(?:从|由|把|将)(?P<old3>[^，。；]{1,12}?)(?:搬到|搬去|迁到|换到"
    r"|换成|改成|改为|变成|跳槽到|转到)了?(?P<new3>[^，。；]{1,12})",
    re.I,
)


class Relation(StrEnum):
    """What a new statement is to a known one."""

    NONE = "none"
    WITHIN = "contained"
    FULLER = "fuller"
    ALIKE = "alike"
    AGAINST = "contradicts"


@dataclass(frozen=True)
class Statement:
    """What relations look at. `subject` is the thing whose one value is stated, `speaker`
    whose words they are; both may be empty.
    """

    text: str
    subject: str = ""
    speaker: str = ""

    @cached_property
    def words(self) -> frozenset[str]:
        """The index terms."""
        return frozenset(terms(self.text))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Numbers, dates and times as written."""
        return frozenset(_NUMBER.findall(self.text))

    @cached_property
    def negated(self) -> bool:
        """Whether it denies something; two denials make none."""
        return (
            len(_CEASED.findall(self.text) + _NOT.findall(_CEASED.sub(" ", self.text)))
            % 2
            == 1
        )

    @cached_property
    def bare(self) -> frozenset[str]:
        """The words without polarity, time and speaker: what could be so or not so."""
        return frozenset(
            terms(_FLAVOUR.sub(" ", _NOT.sub(" ", _CEASED.sub(" ", self.text))))
        ) - frozenset(terms(self.speaker))


def relation(new: Statement, existing: Statement) -> Relation:
    """What `new` is to `known`; NONE in doubt."""
    if new.speaker != existing.speaker and new.speaker and existing.speaker:
        return Relation.NONE
    if new.negated == existing.negated:
        match = _overlap(new, existing)
        if match is not Relation.NONE:
            return match
    if new.subject and new.subject == existing.subject and len(existing.words) <= BRIEF:
        return Relation.AGAINST
    against = (
        reverses(new, existing)
        or replaces(new, existing)
        or takes_back(new.text, existing.text)
    )
    return Relation.AGAINST if against else Relation.NONE


def _overlap(new: Statement, existing: Statement) -> Relation:
    common = len(new.words & existing.words)
    if common < min(FEWEST, len(new.words | existing.words)) or not common:
        return Relation.NONE
    if common == len(new.words) and new.numbers <= existing.numbers:
        return Relation.WITHIN
    if common == len(existing.words) and existing.numbers <= new.numbers:
        return Relation.FULLER
    if new.numbers == existing.numbers and common >= ALIKE * len(
        new.words | existing.words
    ):
        return Relation.ALIKE
    return Relation.NONE


def reverses(new: Statement, existing: Statement) -> bool:
    """Whether a clause of `new` says the opposite of `known` and nothing more: "no
    longer vegetarian" of "vegetarian".

    A single word is enough where something has ceased, or where `known` says nothing
    else either.
    """
    if existing.numbers - new.numbers or _SENTENCE.search(existing.text):
        return False
    for clause, other in product(_clauses(new), _clauses(existing)):
        is_enough = (
            len(clause.bare) > 1
            or _CEASED.search(clause.text)
            or clause.bare == existing.bare
        )
        common = len(clause.bare & other.bare)
        needed = max(REVERSED * len(clause.bare), CENTRAL * len(existing.bare))
        if clause.negated != other.negated and is_enough and common >= needed:
            return True
    return False


def _clauses(statement: Statement) -> list[Statement]:
    clauses = [
        Statement(text, speaker=statement.speaker)
        for text in _CLAUSE.split(statement.text)
    ]
    return [clause for clause in clauses if clause.bare]


def replaces(new: Statement, existing: Statement) -> bool:
    """Whether `new` tells of a change from something that `known` states: "moved from
    Paris to Rome" of "lives in Paris".
    """
    match = _INSTEAD.search(new.text)
    if match is None or _INSTEAD.search(existing.text):
        return False
    groups = match.groupdict()
    left, taken = (
        next((groups[f"{side}{form}"] for form in "123" if groups[f"{side}{form}"]), "")
        for side in ("old", "new")
    )
    old, fresh = set(terms(left)), set(terms(taken))
    if existing.numbers - set(_NUMBER.findall(left)):
        return False
    # A state can be replaced, an event stays true.
    is_state = len(existing.words) <= 8 and bool(_STATE.search(existing.text))
    return (
        is_state
        and bool(old)
        and old <= existing.words
        and not (fresh - old) & existing.words
    )


_STATE = re.compile(
    r"\b(?:lives?|living|resides?|based|home|works?|working|employed|job|studies|studying"
    r"|drives?|owns?|uses?|subscribed|member|is|am)\b"
    r"|住|家在|工作|上班|就职|任职|在读|就读|开的?|用(?!户)的?|养|是",
    re.I,
)


def tells_change(text: str) -> bool:
    """Whether something has ceased or been replaced: worth a look at memories of other kinds too."""
    return bool(
        _CEASED.search(text) or _INSTEAD.search(text) or _NO_MORE.search(text)
    ) or tells_end(text)
