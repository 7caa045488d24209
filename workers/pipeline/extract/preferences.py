"""Preferences, by rules: what a person says they want, avoid or cannot have, and what their choices tell of it.

Explicit: said straight out ("I can't stand horror films", "别给我推荐海鲜"). Implicit: a habit mentioned in passing ("I usually
prefer ...") or a choice among options that the assistant offered. Each keeps the reason: what was said, or what was chosen and from what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from shared.domain.extraction import Draft
from shared.domain.memory import Origin, Type
from shared.domain.message import Message
from shared.domain.passage import Talk
from shared.language.sentences import sentences
from shared.language.words import is_chinese
from workers.pipeline.extract.choices import chosen
from workers.pipeline.extract.cues import ASKS, CLAUSES, HEDGED, LEAD_IN, LIKED, OTHERS_ZH, STATED, STATED_ZH, WORK
from workers.pipeline.extract.voice import third_person

LONGEST = 60
"""Words (or Chinese characters / 2) beyond which a sentence is a text to work on rather than a wish."""

SHORT = 25
"""Words of a message in which "I love ..." is what it is about; in a longer one it is enthusiasm in passing, a fact and no lasting wish."""


def preferences(talk: Talk) -> list[Draft]:
    """The wishes stated in the user's messages and those that show in their choices; one draft each."""
    drafts: list[Draft] = []
    for before, message in pairwise((None, *talk.messages)):
        if message is None or message.role != "user":
            continue
        choice = chosen(message, before if before is not None else _last(talk.before))
        drafts.extend([choice] if choice is not None else _stated(message))
    return drafts


def _last(messages: tuple[Message, ...]) -> Message | None:
    return messages[-1] if messages else None


def _stated(message: Message) -> Iterator[Draft]:
    if WORK.search(message.text) and len(message.text) > 400:
        return
    brief = len(message.text.split()) <= SHORT
    neighbours: list[str] = []
    for sentence in [*sentences(message.text), ""]:
        statement = _statement(sentence, brief)
        if statement is not None:
            neighbours.append(statement)
        elif neighbours and not (brief and sentence and not sentence.rstrip().endswith("?")):
            yield _draft(_joined(neighbours), message)
            neighbours = []


def _joined(statements: list[str]) -> str:
    """Neighbouring statements are one wish told in two sentences."""
    return ("" if is_chinese(statements[0]) else " ").join(statements)


def _statement(sentence: str, brief: bool) -> str | None:
    """The part of a sentence that states a wish, without a question that hangs on it; None where nothing is stated."""
    words = len(sentence.split()) if not is_chinese(sentence) else len(sentence) // 2
    if words > LONGEST:
        return None
    if is_chinese(sentence):
        clauses = [clause for clause in re.split(r"(?<=[。！？；])", sentence) if clause]
        wanted = [clause for clause in clauses if STATED_ZH.search(clause) and not OTHERS_ZH.search(clause)
                  and not clause.rstrip().endswith(("？", "吗", "呢"))]
        return "".join(wanted).strip() or None
    sentence = LEAD_IN.sub("", sentence.strip())
    if sentence.endswith("?"):
        sentence = _before_the_question(sentence)
    wanted = [clause for clause in CLAUSES.split(sentence) if STATED.search(clause) or (brief and LIKED.search(clause))]
    return _whole(sentence, wanted) if wanted else None


def _whole(sentence: str, wanted: list[str]) -> str:
    """The sentence from its first wish on: what happened yesterday is none, the reason behind a wish belongs to it."""
    start = sentence.index(wanted[0])
    return sentence[start:start + 1].upper() + sentence[start + 1 :]


def _before_the_question(sentence: str) -> str:
    """The statement that leads to a question: "I avoid sugar, do you know a cake?" -> "I avoid sugar."; "" when there is none."""
    asks = ASKS.search(sentence)
    return sentence[: asks.start()].strip() + "." if asks else ""


def _draft(statement: str, message: Message) -> Draft:
    hedged = bool(HEDGED.search(statement)) or not (STATED.search(statement) or is_chinese(statement))
    text = third_person(statement, message.speaker or "The user", message.speaker or "用户")
    return Draft(
        type=Type.IMPLICIT if hedged else Type.EXPLICIT,
        text=text,
        title=statement[:40],
        confidence=0.8 if hedged else 0.95,
        reasoning=_reason(statement, hedged),
        origins=(Origin(message_ids=(message.id,)),),
        speaker=message.speaker,
        happened_at=int(message.spoken_at.timestamp() * 1000),
    )


def _reason(statement: str, hedged: bool) -> str:
    if is_chinese(statement):
        return f"用户在谈话中提到的习惯：“{statement}”" if hedged else f"用户明确表示：“{statement}”"
    return f'A habit that the user mentioned: "{statement}"' if hedged else f'The user said so: "{statement}"'
