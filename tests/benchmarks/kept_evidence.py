"""How much of what answers later questions is kept of talks that no model was trained on:
`python -m tests.benchmarks.kept_evidence`.

Each of the talks of `training/data` is told to the real extractor and merge in this process. A turn that
answers a question is kept where ONE memory read in it holds at least half of its telling
terms. Prints, for each kind of talk, the share of these turns that is kept, and which share of
the terms of all of them stands in any memory. What a model that forgets statements costs shows here
first: everyday talks are too short and too dense for it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce

from shared.adapters.onnx.classifier import best_reader
from shared.adapters.onnx.embedder import OnnxEmbedder
from tests.benchmarks.unseen_talks import NOT_TOLD, READY_MADE, Stored, remembered
from tests.unit.pipeline.worker_bench import CautiousJudge
from training.data import Talk, load_talks, split
from workers.pipeline.merge.telling import telling_terms

ENOUGH = 0.5
"""Share of a turn's terms that one memory has to hold."""
FEWEST = 3
"""Terms below which a turn says too little to be counted."""


@dataclass
class Kept:
    """Of the turns of one kind of talk that answer questions."""

    turns: int = 0
    kept: int = 0
    shares: list[float] = field(default_factory=list)
    """Of each turn the share of its terms that stands in any memory."""

    def line(self, kind: str) -> str:
        """The figures."""
        said = sum(self.shares) / max(1, len(self.shares))
        kept = self.kept / max(1, self.turns)
        return f"{kind}: {self.turns} turns, kept {kept:.3f}, terms {said:.3f}"


async def main() -> None:
    """Measure and print."""
    embedder = OnnxEmbedder()
    reader, judge = best_reader(embedder), CautiousJudge()
    of_kind: dict[str, Kept] = defaultdict(Kept)
    for talk in split(load_talks())[1]:
        if talk.kind in NOT_TOLD | READY_MADE:
            continue
        stored = await remembered(talk, embedder, reader, judge)
        for kind in (talk.kind, "all"):
            for shares in _shares(talk, stored):
                _count(of_kind[kind], shares)
    print(*(kept.line(kind) for kind, kept in sorted(of_kind.items())), sep="\n")


def _shares(talk: Talk, stored: list[Stored]) -> Iterator[tuple[float, float]]:
    """Of each turn that answers a question the share of its terms in the one memory that
    holds most, and in all.
    """
    answers = {place for question in talk.questions for place in question.evidence}
    for place in sorted(answers):
        said = telling_terms(talk.turns[place].text)
        if len(said) < FEWEST:
            continue
        held = [
            said & telling_terms(memory.fields["text"])
            for memory in stored
            if place in memory.turns
        ]
        most = max(map(len, held), default=0)
        together = reduce(frozenset.union, held, frozenset[str]())
        yield most / len(said), len(together) / len(said)


def _count(kept: Kept, shares: tuple[float, float]) -> None:
    kept.turns += 1
    kept.kept += shares[0] >= ENOUGH
    kept.shares.append(shares[1])


if __name__ == "__main__":
    asyncio.run(main())
