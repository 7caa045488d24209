"""What a step of the embedder's training takes: talks whole, and pairs of statements.

Each question is compared with all turns of all of the talks, so the hard negatives are the
look-alikes of its own talk.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from shared.adapters.onnx.embedder import PASSAGE, QUERY
from shared.domain.searched_text import SearchedText
from training.data import Pair, Talk, Turn
from training.named_things import KIND as NAMED

STEP_QUESTIONS = 80
"""Questions of a step, about: whole talks are taken until there are that many."""
STEP_TURNS = 320
"""Turns of a step at most, but for a longer talk, which has one of its own: a step is held
in memory whole.
"""
STEP_PAIRS = 16
"""Pairs of statements that bear on each other."""
BEARING = frozenset(
    "same detail update ended correction past instruction_replaced".split()
)
"""Relations whose two statements are about the same thing."""
UNNAMED = frozenset("memories document life named".split())
"""Kinds of talks whose turns are stored without a speaker's name."""
IN_TALK_SHARE = 0.75
"""How many of the talks' replies come with what they reply to; the rest stand alone, as much that
is stored does."""
NAMED_SHARE = 0.75
"""How many of the talks show the speaker's name before each turn."""
AS_TEXT = 0.5
"""How many of the names of things are compared as a text, as names of topics are."""


@dataclass(frozen=True)
class Step:
    """Some talks and some pairs of statements."""

    talks: tuple[Talk, ...]
    pairs: tuple[Pair, ...]
    named: tuple[bool, ...]
    """Which talks show the speaker's name before each turn."""
    as_texts: tuple[bool, ...]
    """Of which talks what is asked is a text of its own, and no query."""
    in_talk: tuple[bool, ...]
    """Which talks' replies come with what they reply to."""


def questions_of(step: Step) -> list[str]:
    """What is asked, with the mark of a query or of a text."""
    return [
        (PASSAGE if is_text else QUERY) + question.text
        for talk, is_text in zip(step.talks, step.as_texts, strict=True)
        for question in talk.questions
    ]


def texts_of(step: Step) -> list[SearchedText]:
    """All turns of its talks, as they are stored."""
    how = zip(step.talks, step.named, step.in_talk, strict=True)
    return [
        SearchedText(turn_text(turn, named), turn.before if in_talk else "")
        for talk, named, in_talk in how
        for turn in talk.turns
    ]


def turn_text(turn: Turn, named: bool) -> str:
    """A turn as it is stored."""
    return f"{turn.speaker}: {turn.text}" if named else turn.text


def steps(
    talks: Sequence[Talk], pairs: Sequence[Pair], chance: random.Random
) -> list[Step]:
    """An epoch: all talks in some order, sometimes those of a language together."""
    order = list(talks)
    chance.shuffle(order)
    if chance.random() < 0.5:
        order.sort(key=lambda talk: talk.language)
    groups: list[list[Talk]] = [[]]
    for talk in order:
        if groups[-1] and not _fits(talk, groups[-1]):
            groups.append([])
        groups[-1].append(talk)
    chance.shuffle(groups)
    bearing = [pair for pair in pairs if pair.relation in BEARING]
    return [_step(group, bearing, chance) for group in groups]


def _fits(talk: Talk, group: Sequence[Talk]) -> bool:
    """Whether a step of these talks takes one more."""
    questions = sum(len(other.questions) for other in group)
    turns = sum(len(other.turns) for other in (*group, talk))
    return questions < STEP_QUESTIONS and turns <= STEP_TURNS


def _step(
    group: Sequence[Talk], bearing: Sequence[Pair], chance: random.Random
) -> Step:
    pairs = chance.sample(list(bearing), min(STEP_PAIRS, len(bearing)))
    named = tuple(
        t.kind not in UNNAMED and chance.random() < NAMED_SHARE for t in group
    )
    as_texts = tuple(t.kind == NAMED and chance.random() < AS_TEXT for t in group)
    in_talk = tuple(chance.random() < IN_TALK_SHARE for _ in group)
    return Step(tuple(group), tuple(pairs), named, as_texts, in_talk)
