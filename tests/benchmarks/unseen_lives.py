"""How well changes are seen in lives that no model was trained on, as the program would:
`python -m tests.benchmarks.unseen_lives`.

Each statement is compared with the eight before it that are nearest in meaning; the change
gate says which of these pairs are judged, and of the judged ones the likeliest counts. Prints
which share of all changes is judged, and for each threshold of the relation model's card which
share of the pairs above it are changes (precision), and of all changes (recall).
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from shared.adapters.onnx.classifier import OnnxRelationJudge
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.language.lexical import without_written_dates
from training.data import split
from training.lives import Life, changed_places, load_lives, stored
from workers.pipeline.merge.change_gate import worth_judging
from workers.pipeline.merge.neighbours import NEIGHBOURS

THRESHOLDS = ("likely", "mark", "archive")


@dataclass(frozen=True)
class Likeliest:
    """What a statement most likely changes."""

    probability: float
    is_change: bool


async def main() -> None:
    """Measure and print."""
    lives = split(load_lives())[1]
    embedder, judge = OnnxEmbedder(), OnnxRelationJudge()
    found: list[Likeliest] = []
    judged = 0
    for life in lives:
        likeliest, passed = await _of_life(life, embedder, judge)
        found += likeliest
        judged += passed
    changes = sum(len(changed_places(life)) for life in lives)
    print(f"{len(lives)} lives, {changes} changes, judged {judged / changes:.3f}")
    for name in THRESHOLDS:
        least = judge.card.thresholds[name]
        above = [pair for pair in found if pair.probability >= least]
        right = sum(pair.is_change for pair in above)
        precision = right / max(1, len(above))
        print(f"{name} {least}: {precision=:.3f}, recall={right / changes:.3f}")


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
        if life.said[new].speaker == "Assistant":
            continue
        near = np.argsort(-(matrix[:new] @ matrix[new]))[:NEIGHBOURS]
        pairs = [(vectors[old], vectors[new]) for old in near]
        worth = worth_judging(embedder, pairs)
        olds = [int(old) for old, is_worth in zip(near, worth, strict=True) if is_worth]
        if olds:
            yield new, olds


if __name__ == "__main__":
    asyncio.run(main())
