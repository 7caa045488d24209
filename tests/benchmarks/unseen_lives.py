"""How well changes are seen in lives that no model was trained on, as the program would:
`python -m tests.benchmarks.unseen_lives`.

Each statement is compared with the eight before it that are nearest in meaning; the change
gate says which of these pairs are judged; what a statement changes beside the one that it
likeliest changes has to look surer. Prints,
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
class Judged:
    """A pair that is judged."""

    probability: float
    """Of a change."""
    is_likeliest: bool
    """Whether it is what its newer statement likeliest changes."""
    is_change: bool

    def counts(self, least: float, beside: float) -> bool:
        """Whether it is taken for a change. `beside`: the threshold of all but the
        likeliest.
        """
        return self.probability >= (least if self.is_likeliest else beside)


@dataclass(frozen=True)
class Seen:
    """What was seen in some lives."""

    statements: int
    changes: int
    judged: list[Judged]

    def lines(self, thresholds: Mapping[str, float]) -> Iterator[str]:
        """The figures."""
        of_changes = sum(pair.is_change for pair in self.judged)
        yield (
            f"{self.statements} statements, {self.changes} changes, "
            f"judged {of_changes / self.changes:.3f}"
        )
        for name in THRESHOLDS:
            least = thresholds[name]
            beside = least if name == "likely" else thresholds["archive"]
            above = [pair for pair in self.judged if pair.counts(least, beside)]
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
    judged: list[Judged] = []
    for life in lives:
        judged += await _of_life(life, embedder, judge)
    statements = sum(len(life.said) for life in lives)
    changes = sum(len(changed_places(life)) for life in lives)
    return Seen(statements, changes, judged)


async def _of_life(
    life: Life, embedder: OnnxEmbedder, judge: OnnxRelationJudge
) -> list[Judged]:
    """All pairs of it that are judged."""
    as_stored = partial(stored, chance=random.Random(life.identity))
    texts = list(map(as_stored, life.said))
    vectors = await embedder.passages(texts)
    changed = set(changed_places(life))
    judged: list[Judged] = []
    for new, olds in _chosen(life, vectors, embedder.name):
        pairs = [
            (without_written_dates(texts[old]), without_written_dates(texts[new]))
            for old in olds
        ]
        likely = [judgement.change for judgement in await judge.judge(pairs)]
        most = max(likely)
        judged += [
            Judged(probability, probability == most, (old, new) in changed)
            for old, probability in zip(olds, likely, strict=True)
        ]
    return judged


def _chosen(
    life: Life, vectors: list[tuple[float, ...]], embedder: str
) -> Iterator[tuple[int, list[int]]]:
    """Each statement that changes something, with those before it that are judged."""
    matrix = np.asarray(vectors, np.float32)
    for new in range(1, len(life.said)):
        nearest = np.argsort(-(matrix[:new] @ matrix[new]))[:NEIGHBOURS]
        near = [old for old in nearest if may_change(life.said[old], life.said[new])]
        if not near:
            continue
        pairs = [(vectors[old], [vectors[new]]) for old in near]
        worth = worth_judging(embedder, pairs)
        olds = [int(old) for old, is_worth in zip(near, worth, strict=True) if is_worth]
        if olds:
            yield new, olds


if __name__ == "__main__":
    asyncio.run(main())
