"""How well the relation model judges pairs that no model was trained on, and from which probability on it
is believed.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from shared.adapters.onnx.session import Session
from shared.adapters.onnx.weights import Floats
from training.data import RELATIONS, Pair
from training.export import set_thresholds
from training.heads import predict
from training.measure import f1, recall_at
from training.relation_examples import KEEPS, Example
from training.relation_material import Data

LOG = logging.getLogger("training")
ARCHIVE_PRECISION = 0.99
MARK_PRECISION = 0.95
"""Shares of the likeliest pairs of unseen lives that are changes from these thresholds on."""
LIKELY_PRECISION = 0.54
"""The same of unseen pairs that the program met. Of those that it notes .64 are changes:
within one sitting it notes none (`workers.pipeline.merge.pairs`).
"""
LIKELIER = 0.5
GROUPS = {
    "same": "same",
    "update": "change",
    "ended": "change",
    "correction": "change",
    "instruction_replaced": "change",
}
"""Three ways to act; every other relation leaves the old statement as it is ("keep")."""
CHANGES = [RELATIONS.index(name) for name, group in GROUPS.items() if group == "change"]
KEPT = [number for number in range(len(RELATIONS)) if number not in CHANGES]
HEAD = "relation"
PARTS = "parts"
"""For each token of the older statement whether it holds no more, of the newer one
whether it tells so.
"""


def measured(place: Path, given: Data) -> dict[str, Any]:
    """The figures of the model in a folder, whose thresholds are set by them."""
    run = Session(place).run
    written = predict(run, [example.tokens for example in given.written])
    stored = predict(run, [example.forms[1].ids for example in given.written])
    apart = predict(run, [example.forms[1].ids for example in given.mined])
    lived = predict(run, [example.tokens for example in given.lived])
    met = predict(run, [example.tokens for example in given.met])
    set_thresholds(place, thresholds(lived, stored, met, given))
    result = {
        "mined pairs, share taken for a change at .5": round(
            float((_change(apart) >= LIKELIER).mean()), 4
        ),
        "pairs of lives": life_figures(lived, given.lived),
        "pairs met": met_figures(met, given.met),
        "as shipped, 8 bit": figures(_relations(written), given.pairs),
        "on statements as they are stored": figures(_relations(stored), given.pairs),
    }
    LOG.info("%s", result)
    return result


def group_of(relation: str) -> str:
    """same, change or keep."""
    return GROUPS.get(relation, "keep")


def figures(likely: Floats, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Accuracies, precision and recall, for probabilities (pairs, relations)."""
    picked = [RELATIONS[number] for number in likely.argmax(1)]
    right = [pair.relation for pair in pairs]
    groups = [group_of(name) for name in right]
    change = likely[:, CHANGES].sum(1)
    changed = np.array([group == "change" for group in groups])
    return {
        "accuracy, 10 relations": _share(picked, right),
        "accuracy, same / change / keep": _share(
            [group_of(name) for name in picked], groups
        ),
        "recall of changes at precision .99": recall_at(change, changed, 0.99)[0],
        "recall of changes at precision .95": recall_at(change, changed, 0.95)[0],
        "recall of changes at precision .90": recall_at(change, changed, 0.90)[0],
        "F1": {name: f1(picked, right, name) for name in RELATIONS},
        "accuracy by language, 3 ways": _by_language(picked, pairs),
    }


def _share(ones: Sequence[str], others: Sequence[str]) -> float:
    return round(float(np.mean([a == b for a, b in zip(ones, others, strict=True)])), 4)


def _by_language(picked: Sequence[str], pairs: Sequence[Pair]) -> dict[str, float]:
    result: dict[str, list[bool]] = {}
    for name, pair in zip(picked, pairs, strict=True):
        hit = group_of(name) == group_of(pair.relation)
        result.setdefault(pair.language, []).append(hit)
    return {
        name: round(float(np.mean(hits)), 4) for name, hits in sorted(result.items())
    }


def life_figures(
    outputs: Sequence[Mapping[str, Floats]], examples: Sequence[Example]
) -> dict[str, Any]:
    """Of pairs out of lives: how many changes are found, and how well their words."""
    change = _change(outputs)
    changed = np.array([example.relation >= 0 for example in examples])
    told = [
        (
            output[PARTS][: len(example.forms[0].told), 0] >= LIKELIER,
            example.forms[0].told,
        )
        for output, example in zip(outputs, examples, strict=True)
        if example.relation >= 0
    ]
    found = np.concatenate([likely for likely, _ in told])
    right = np.concatenate([np.array(row) for _, row in told])
    known = right >= 0
    return {
        "pairs": len(examples),
        "changes": int(changed.sum()),
        **{
            f"recall of changes at precision .{p}": recall_at(change, changed, p / 100)[
                0
            ]
            for p in (99, 95, 90, 80)
        },
        "pairs without a change taken for one at .5": round(
            float((change[~changed] >= LIKELIER).mean()), 4
        ),
        **{
            f"likeliest pairs, recall of all changes at precision .{p}": _recall_of_likeliest(
                change, examples, p / 100
            )
            for p in (99, 95, 90, 80)
        },
        "F1 of the words": _f1(found[known], right[known] > 0),
    }


def met_figures(
    outputs: Sequence[Mapping[str, Floats]], examples: Sequence[Example]
) -> dict[str, Any]:
    """Of pairs that the program met: how many changes are found."""
    changed = np.array([example.relation != KEEPS for example in examples])
    return {
        "pairs": len(examples),
        "changes": int(changed.sum()),
        **{
            f"recall of changes at precision .{p}": recall_at(
                _change(outputs), changed, p / 100
            )[0]
            for p in (95, 90, 80, 75, 70)
        },
    }


def _recall_of_likeliest(
    change: Floats, examples: Sequence[Example], precision: float
) -> float:
    chosen = likeliest(change, examples)
    changed = np.array([example.relation >= 0 for example in examples])
    found = recall_at(change[chosen], changed[chosen], precision)[0]
    return round(found * float(changed[chosen].sum()) / float(changed.sum()), 4)


def likeliest(change: Floats, examples: Sequence[Example]) -> list[int]:
    """The places of the pairs that are the likeliest changes of their newer statements."""
    best: dict[int, int] = {}
    for place, example in enumerate(examples):
        first = best.setdefault(example.newer, place)
        if change[place] > change[first]:
            best[example.newer] = place
    return sorted(best.values())


def _f1(found: Any, right: Any) -> float:
    both = float((found & right).sum())
    return round(2 * both / max(1.0, float(found.sum() + right.sum())), 4)


def _change(outputs: Sequence[Mapping[str, Floats]]) -> Floats:
    return np.asarray([output[HEAD][CHANGES].sum() for output in outputs], np.float32)


def _relations(outputs: Sequence[Mapping[str, Floats]]) -> Floats:
    return np.stack([output[HEAD] for output in outputs])


def thresholds(
    lived: Sequence[Mapping[str, Floats]],
    stored: Sequence[Mapping[str, Floats]],
    met: Sequence[Mapping[str, Floats]],
    given: Data,
) -> dict[str, float]:
    """Probabilities of a change from which it is one, by the precision that they give:
    of statements in lives, each with the one that it most likely changes, and of single
    ones; of those that the program met no fewer may be changes.
    """
    chosen = likeliest(_change(lived), given.lived)
    outputs = [lived[place] for place in chosen]
    examples = [given.lived[place] for place in chosen]
    marked = _threshold(met, given.met, MARK_PRECISION)
    return {
        "archive": max(_threshold(outputs, examples, ARCHIVE_PRECISION), marked),
        "mark": max(_threshold(outputs, examples, MARK_PRECISION), marked),
        "likely": _threshold(met, given.met, LIKELY_PRECISION),
        "mark_simple": _threshold(stored, given.written, MARK_PRECISION),
    }


def _threshold(
    outputs: Sequence[Mapping[str, Floats]],
    examples: Sequence[Example],
    precision: float,
) -> float:
    right = np.array([example.relation in CHANGES for example in examples])
    return round(recall_at(_change(outputs), right, precision)[1], 4)
