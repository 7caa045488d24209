"""The preferences that a message states: the sentences, or the clauses of a sentence, that say
what its speaker wants, avoids or cannot have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from shared.domain.message import Message
from shared.language.script import simplified
from shared.language.sentences import is_listed, joined, sentences
from shared.language.words import is_chinese
from workers.pipeline.extract.preferences.answer_instructions import is_order
from workers.pipeline.extract.preferences.preference_clauses import LikelyClause
from workers.pipeline.extract.speech.patterns import (
    ASKS,
    CLAUSES,
    CLAUSES_ZH,
    HEDGED,
    LEAD_IN,
    LIKED,
    LIMITS,
    LIST_OF,
    OTHERS_ZH,
    RULED,
    STATED,
    STATED_ZH,
    TASK,
    WORK,
)

LONGEST = 60
"""Words (or Chinese characters / 2) beyond which a sentence is a text to work on rather
than a wish.
"""

SHORT = 25
"""Words of a message in which "I love ..." is what it is about; in a longer one it is
enthusiasm in passing, a fact and no lasting wish.
"""


@dataclass(frozen=True, slots=True)
class PreferenceStatement:
    """What a message says of a wish, in the speaker's words. `habit`: mentioned in
    passing, not said outright.

    `parts` are the stretches of the message that say it, letter by letter. `question`
    is what they answer, where they tell nothing without it. `sure`: the parts tell
    nothing besides; otherwise they may tell a fact as well.
    """

    said: str
    message: Message
    habit: bool
    parts: tuple[str, ...] = ()
    question: str = ""
    sure: bool = True


def preference_statements(message: Message) -> Iterator[PreferenceStatement]:
    """The preferences of a message; statements beside each other are one in two sentences."""
    if TASK.match(message.text) or (
        WORK.search(message.text) and len(message.text) > 400
    ):
        return
    brief = len(message.text.split()) <= SHORT
    parts: list[str] = []
    listing = False
    for sentence in [*sentences(message.text), ""]:
        listing = bool(LIST_OF.match(sentence) or (listing and is_listed(sentence)))
        part = sentence if listing else stated(sentence, brief)
        if part:
            parts.append(part)
        elif parts and not (brief and sentence and not sentence.rstrip().endswith("?")):
            said = _joined_parts(parts)
            is_ruled = RULED.search(said) or LIST_OF.match(parts[0])
            is_stated = STATED.search(said) or is_chinese(said)
            outright = is_ruled or (is_stated and not HEDGED.search(said))
            yield PreferenceStatement(said, message, not outright, tuple(parts))
            parts = []


def judged(
    message: Message,
    clauses: Sequence[LikelyClause],
    statements: Sequence[PreferenceStatement],
) -> Iterator[PreferenceStatement]:
    """The preferences found by phrases, each as wide as the clause that was judged to
    state it; then those of the clauses left over.
    """
    for statement in statements:
        yield _widened(statement, clauses)
    used_parts = [*chain.from_iterable(statement.parts for statement in statements)]
    for clause in clauses:
        if not any(
            clause.stretch in part or part in clause.stretch for part in used_parts
        ):
            order = is_order(clause.stretch)
            yield PreferenceStatement(
                _joined_parts([clause.stretch]),
                message,
                bool(HEDGED.search(clause.stretch)) and not order,
                (clause.stretch,),
                sure=order or clause.sure,
            )


def _widened(
    statement: PreferenceStatement, clauses: Sequence[LikelyClause]
) -> PreferenceStatement:
    wider = [
        next(
            (clause for clause in clauses if part in clause.stretch),
            LikelyClause(part, True),
        )
        for part in statement.parts
    ]
    stretches = tuple(dict.fromkeys(clause.stretch for clause in wider))
    if stretches == statement.parts:
        return statement
    cut = tuple(
        clause.stretch if clause.sure else part
        for clause, part in zip(wider, statement.parts, strict=True)
    )
    return replace(
        statement, said=_joined_parts(stretches), parts=tuple(dict.fromkeys(cut))
    )


def _joined_parts(parts: Sequence[str]) -> str:
    said = []
    for part in map(str.strip, parts):
        ends = part.endswith((":", ".", "!", "?", '"'))
        stop = "" if ends or is_chinese(part) or is_listed(part) else "."
        said.append(f"{part[:1].upper()}{part[1:]}{stop}")
    return joined(said)


def stated(sentence: str, brief: bool = False) -> str:
    """The part of a sentence that states a wish, without what happened beside it and
    without a question that hangs on it; "" for none.

    In a `brief` message what somebody loves counts too.
    """
    if (
        len(sentence) // 2 if is_chinese(sentence) else len(sentence.split())
    ) > LONGEST:
        return ""
    if is_chinese(sentence):
        if sentence.rstrip("。！ ").endswith(("？", "吗", "呢")):
            return ""
        plain = simplified(sentence)
        part = _from_first_to_last(plain, CLAUSES_ZH.finditer(plain), _wanted_zh)
        start = plain.index(part)
        return sentence[start : start + len(part)]
    sentence = LEAD_IN.sub("", sentence.strip())
    if sentence.endswith("?"):
        asks = ASKS.search(sentence)
        sentence = sentence[: asks.start()] if asks else ""
    return _from_first_to_last(
        sentence, CLAUSES.finditer(sentence), lambda clause: _wanted(clause, brief)
    )


def _wanted(clause: str, brief: bool) -> bool:
    return bool(
        STATED.search(clause)
        or RULED.search(clause)
        or (brief and LIKED.search(clause))
    )


def _wanted_zh(clause: str) -> bool:
    return bool(
        STATED_ZH.search(clause) or RULED.search(clause)
    ) and not OTHERS_ZH.search(clause)


def _from_first_to_last(
    sentence: str, joints: Iterator[re.Match[str]], wanted: Callable[[str], bool]
) -> str:
    """The sentence from its first wanted clause to its last one, and to what limits
    that ("..., but not at night").
    """
    between = list(joints)
    starts, ends = (
        [0, *(joint.end() for joint in between)],
        [*(joint.start() for joint in between), len(sentence)],
    )
    places = [
        place
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
        if wanted(sentence[start:end])
    ]
    if not places:
        return ""
    last = places[-1]
    while last < len(between) and LIMITS.search(between[last][0]):
        last += 1
    return sentence[starts[places[0]] : ends[last]].strip()
