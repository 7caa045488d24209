"""How the cosines of an embedder are spread that nothing was fitted for: measured on a
few questions, their answers, and the answers of the other questions. With it the order
is right and a threshold means something; fitting makes both better
(`docs/embedders.md`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from services.gateway.recall.calibration import Calibration
from shared.language.words import is_chinese
from shared.ports import Embedder

PAIRS = (
    ("When does the dentist open?", "The user's dental practice opens at eight."),
    ("Where did I leave my keys?", "The user's keys are in the blue coat."),
    ("What does my sister do?", "Maria, the user's sister, is a vet in Lyon."),
    ("How do I like my coffee?", "The user drinks it black, without sugar."),
    ("Which train do I take to work?", "The user commutes on the 7:14 to Basel."),
    ("What am I allergic to?", "Peanuts make the user's throat swell."),
    ("Who repaired my bicycle?", "Kenji fixed the user's bike on Sunday."),
    ("What is the project written in?", "The user's team builds it in Rust."),
    ("我对什么过敏？", "用户吃了虾会起疹子。"),
    ("他什么时候过生日？", "李雷的生日是五月三号。"),
    ("我上周去了哪里？", "用户上周去苏州玩了两天。"),
    ("我的电脑怎么了？", "用户的笔记本电脑开不了机。"),
    ("谁在学弹吉他？", "王芳每周二上吉他课。"),
    ("合同什么时候到期？", "用户的租约下个月结束。"),
)
"""Questions with their answers, about as many things."""
UNRELATED, RELATED = 0.69, 5.36
"""Where the means of both lie with the embedder that `Calibrations.trained` was fitted
for, in its units above its centre.
"""
LEAST_UNIT = 0.005
"""For an embedder that knows nothing."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean cosines between a question and texts of its language."""

    unrelated: float
    """Answers of other questions."""
    related: float
    """Its answer."""


async def measured(embedder: Embedder, base: Calibration) -> Calibration:
    """The calibration `base` with its scale laid so that both means lie where they lie
    with the embedder that it was fitted for. Raises `Unavailable`.
    """
    spread = await spread_of(embedder)
    unit = (spread.related - spread.unrelated) / (RELATED - UNRELATED)
    unit = max(LEAST_UNIT, unit)
    return base.spread(spread.unrelated - UNRELATED * unit, unit)


async def spread_of(embedder: Embedder) -> Spread:
    """Measured on `PAIRS`. Raises `Unavailable`."""
    answers = await embedder.passages([answer for _, answer in PAIRS])
    questions = await asyncio.gather(
        *(embedder.query(question) for question, _ in PAIRS)
    )
    related, unrelated = list[float](), list[float]()
    for asked, (question, _) in zip(questions, PAIRS, strict=True):
        for answer, (other, text) in zip(answers, PAIRS, strict=True):
            cosine = _dot(asked, answer)
            if other == question:
                related.append(cosine)
            elif is_chinese(question) == is_chinese(text):
                unrelated.append(cosine)
    return Spread(fmean(unrelated), fmean(related))


def _dot(first: Sequence[float], second: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))
