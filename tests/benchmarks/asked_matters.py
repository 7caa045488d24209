"""Computes the vectors of the matters that people ask for, with the embedder that comes along.

    python -m tests.benchmarks.asked_matters

Writes `asked_matters.npz` beside `services/gateway/recall/asked_matters.txt`, to be run
after a change of either. Vectors are kept in half precision: that changes a cosine by
less than .001.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np

from services.gateway.recall import asked_matters
from shared.adapters.onnx.embedder import best_embedder


async def main() -> None:
    """Write the vectors of questions, and of the statements of each matter their mean."""
    embedder = best_embedder()
    questions, matter, statements = [], [], []
    for place, (asked, statements_of) in enumerate(asked_matters.matters()):
        questions += [await embedder.query(question) for question in asked]
        matter += [place] * len(asked)
        vectors = await embedder.passages(statements_of)
        statements.append(asked_matters.mean_direction(vectors))
    path = Path(asked_matters.__file__).with_name(asked_matters.VECTORS)
    np.savez_compressed(
        path,
        embedder=np.array(embedder.name),
        questions=np.array(questions, np.float16),
        matter=np.array(matter, np.int16),
        statements=np.array(statements, np.float16),
    )
    print(f"{path.name}: {len(questions)} questions on {len(statements)} matters")


if __name__ == "__main__":
    asyncio.run(main())
