"""How well changes are seen in lives that no model was trained on, as the program would:
`python -m tests.benchmarks.unseen_lives`.

Each statement is compared with the eight before it that are nearest in meaning; the change
gate says which of these pairs are judged, and of the judged ones the likeliest counts. Prints,
for lives and for chats in which next to nothing changes, which share of all changes is judged,
and for each threshold of the relation model's card which share of the pairs above it are
changes (precision), which share of all changes they are (recall), and to how many of a hundred
statements a change is seen that is none.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from shared.adapters.onnx.classifier import OnnxRelationJudge
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.language.lexical import without_written_dates
from training.data import split
from training.lives import Life, changed_places, load_lives, may_change, stored
from workers.pipeline.merge.change_gate import worth_judging
from workers.pipeline.merge.neighbours import NEIGHBOURS

THRESHOLDS = ("likely", "mark", "archive")


@dataclass(frozen=True)
class Likeliest:
    """What a statement most likely changes."""

    probability: float
    is_change: bool


@dataclass(frozen=True)
class Seen:
    """What was seen in some lives."""

    statements: int
    changes: int
    judged: int
    """Of the changes."""
    likeliest: list[Likeliest]

    def lines(self, thresholds: Mapping[str, float]) -> Iterator[str]:
        """The figures."""
        yield (
            f"{self.statements} statements, {self.changes} changes, "
            f"judged {self.judged / self.changes:.3f}"
        )
        for name in THRESHOLDS:
            least = thresholds[name]
            above = [pair for pair in self.likeliest if pair.probability >= least]
            right = sum(pair.is_change for pair in above)
            precision, recall = right / max(1, len(above)), right / self.changes
            wrong = 100 * (len(above) - right) / self.statements
            yield f"  {name} {least}: {precision=:.3f}, {recall=:.3f}, {wrong=:.1f}"


async def main() -> None:
    """Measure and print."""
    unseen = split(load_lives())[1]
    embedder, judge = OnnxEmbedder(), OnnxRelationJudge()
    for title, is_chat in (("lives", False), ("chats", True)):
        lives = [life for life in unseen if life.is_chat is is_chat]
        seen = await _seen_in(lives, embedder, judge)
        print(f"{len(lives)} {title}:", *seen.lines(judge.card.thresholds), sep="\n")


async def _seen_in(
    lives: Sequence[Life], embedder: OnnxEmbedder, judge: OnnxRelationJudge
) -> Seen:
    found: list[Likeliest] = []
    judged = 0
    for life in lives:
        likeliest, passed = await _of_life(life, embedder, judge)
        found += likeliest
        judged += passed
    statements = sum(len(life.said) for life in lives)
    changes = sum(len(changed_places(life)) for life in lives)
    return Seen(statements, changes, judged, found)


async def _of_life(
    life: Life, embedder: OnnxEmbedder, judge: OnnxRelationJudge
) -> tuple[list[Likeliest], int]:
    """The likeliest change of each statement, and how many changes were judged."""
    as_stored = partial(stored, chance=random.Random(life.identity))
    texts = list(map(as_stored, life.said))
    vectors = await embedder.passages(texts)
    changed = set(changed_places(life))
    likeliest: list[Likeliest] = []
    passed = 0
    for new, olds in _judged(life, vectors, embedder.name):
        pairs = [
            (without_written_dates(texts[old]), without_written_dates(texts[new]))
            for old in olds
        ]
        likely = [judgement.change for judgement in await judge.judge(pairs)]
        best = int(np.argmax(likely))
        likeliest.append(Likeliest(likely[best], (olds[best], new) in changed))
        passed += sum((old, new) in changed for old in olds)
    return likeliest, passed


def _judged(
    life: Life, vectors: list[tuple[float, ...]], embedder: str
) -> Iterator[tuple[int, list[int]]]:
    """Each statement that changes something, with those before it that are judged."""
    matrix = np.asarray(vectors, np.float32)
    for new in range(1, len(life.said)):
        nearest = np.argsort(-(matrix[:new] @ matrix[new]))[:NEIGHBOURS]
        near = [old for old in nearest if may_change(life.said[old], life.said[new])]
        if not near:
            continue
        pairs = [(vectors[old], vectors[new]) for old in near]
        worth = worth_judging(embedder, pairs)
        olds = [int(old) for old, is_worth in zip(near, worth, strict=True) if is_worth]
        if olds:
            yield new, olds


if __name__ == "__main__":
    asyncio.run(main())
