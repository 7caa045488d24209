"""Trains the relation model: how what is said later bears on a remembered statement.

A cross-encoder: both texts in one input, ten relations out. What the program needs most is one
number of it, whether the old statement is changed: the sum of the four relations that replace.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from shared.adapters.onnx.inputs import pair_parts
from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.session import Session, enclosed
from shared.adapters.onnx.tokenizer import Tokenizer
from shared.adapters.onnx.weights import Floats, Weights
from training import trainer
from training.as_stored import as_stored
from training.backbone import to_batch
from training.data import RELATIONS, Pair, load_pairs, split
from training.export import Export, Head, export, set_thresholds
from training.heads import (
    Classifier,
    HeadSize,
    batches,
    class_weights,
    predict,
    probabilities,
)
from training.measure import f1, recall_at
from training.mined_pairs import mined
from training.report import Report, counts_of, write
from training.shipped import trained_encoder

LOG = logging.getLogger("training")

EPOCHS = 5
RATE = 1.2e-4
BATCH = 32
CALIBRATED = 16
"""Of so many examples one measures the sizes of activations for the export."""
ARCHIVE_PRECISION = 0.95
MARK_PRECISION = 0.92
"""Shares of hard pairs, written to mislead, that are changes from these thresholds on: what is
taken for one in everyday talks is right more often."""
FORMS = 3
"""Forms of each pair beside the one that was written."""
SMOOTHING = 0.0
GROUPS = {
    "same": "same",
    "update": "change",
    "ended": "change",
    "correction": "change",
    "instruction_replaced": "change",
}
"""Three ways to act; every other relation leaves the old statement as it is ("keep")."""
CHANGES = [RELATIONS.index(name) for name, group in GROUPS.items() if group == "change"]
HEAD = "relation"


@dataclass(frozen=True)
class Example:
    """The tokens of a pair, in several forms in which it may be stored, and the number
    of its relation.
    """

    forms: tuple[list[int], ...]
    relation: int

    @property
    def tokens(self) -> list[int]:
        """The pair as it was written."""
        return self.forms[0]


class Objective:
    """The loss of a batch: cross-entropy, rare relations weighing more."""

    def __init__(
        self, model: Classifier, weights: Weights, examples: Sequence[Example]
    ) -> None:
        self._model = model
        self._weights = weights
        counts = Counter(example.relation for example in examples)
        balance = class_weights([counts[number] for number in range(len(RELATIONS))])
        self._balance = balance.to(trainer.device())

    def __call__(self, batch: Sequence[Example]) -> Tensor:
        self._model.train()
        texts = [random.choice(example.forms) for example in batch]
        logits = self._model(to_batch(texts, self._weights, trainer.device()))[HEAD]
        right = torch.tensor(
            [example.relation for example in batch], device=logits.device
        )
        return functional.cross_entropy(
            logits, right, weight=self._balance, label_smoothing=SMOOTHING
        )


def examples_of(pairs: Sequence[Pair], weights: Weights) -> list[Example]:
    """Tokens and targets."""
    tokenizer, special = Tokenizer(weights), weights.special
    result: list[Example] = []
    for pair in pairs:
        forms = [
            enclosed(pair_parts(tokenizer, old, new), special.start, special.end)
            for old, new in ((pair.old, pair.new), *_stored_forms(pair))
        ]
        result.append(Example(tuple(forms), RELATIONS.index(pair.relation)))
    return result


def _stored_forms(pair: Pair) -> list[tuple[str, str]]:
    """The pair as the program may have stored both, the same in every run."""
    chance = random.Random(pair.old)
    return [
        (as_stored(pair.old, chance), as_stored(pair.new, chance)) for _ in range(FORMS)
    ]


def steps(examples: Sequence[Example], chance: random.Random) -> list[list[Example]]:
    """An epoch."""
    shuffled = list(range(len(examples)))
    chance.shuffle(shuffled)
    result = batches([len(e.tokens) for e in examples], BATCH, shuffled)
    chance.shuffle(result)
    return [[examples[place] for place in batch] for batch in result]


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


def thresholds(likely: Floats, pairs: Sequence[Pair]) -> dict[str, float]:
    """Probabilities of a change from which it is one, by the precision that they give."""
    change = likely[:, CHANGES].sum(1)
    right = np.array([group_of(pair.relation) == "change" for pair in pairs])
    wanted = {"archive": ARCHIVE_PRECISION, "mark": MARK_PRECISION}
    return {
        name: round(recall_at(change, right, p)[1], 4) for name, p in wanted.items()
    }


def train(plan: trainer.Plan, output: Path) -> None:
    """From the data to the folder of the model."""
    trainer.seed(plan.seed)
    weights = Weights()
    seen, unseen = split(load_pairs())
    LOG.info("%d pairs to train on, %d unseen", len(seen), len(unseen))
    others = mined(seen, random.Random(plan.seed))
    LOG.info("%d pairs that were mined", len(others))
    examples = examples_of([*seen, *others], weights)
    later = examples_of(unseen, weights)
    mined_later = mined(unseen, random.Random(plan.seed))
    sizes = [HeadSize(HEAD, len(RELATIONS))]
    model = Classifier(trained_encoder(weights), sizes).to(trainer.device())
    objective = Objective(model, weights, examples)
    progress = trainer.fit(
        model, lambda chance: steps(examples, chance), objective, plan
    )
    texts = [example.tokens for example in later]
    sample = [example.tokens for example in examples[::CALIBRATED]]
    exact = _stacked(lambda part: probabilities(model, weights, part, [HEAD]), texts)
    export(export_of(model, sample), weights, output)
    shipped = _stacked(Session(output).run, texts)
    stored = _stacked(Session(output).run, [example.forms[1] for example in later])
    apart = _stacked(
        Session(output).run, [e.forms[1] for e in examples_of(mined_later, weights)]
    )
    set_thresholds(output, thresholds(stored, unseen))
    result = {
        "mined pairs, share taken for a change at .5": round(
            float((apart[:, CHANGES].sum(1) >= 0.5).mean()), 4
        ),
        "32 bit": figures(exact, unseen),
        "as shipped, 8 bit": figures(shipped, unseen),
        "as shipped, on statements as they are stored": figures(stored, unseen),
    }
    LOG.info("%s", result)
    write(_report(plan, progress, counts_of("pairs", seen, unseen), result), output)


def export_of(model: Classifier, texts: Sequence[Sequence[int]]) -> Export:
    """What is shipped of a trained model."""
    linear = model.heads[HEAD]
    assert isinstance(linear, torch.nn.Linear)
    head = Head(HEAD, linear, RELATIONS, exclusive=True)
    return Export("souvenir-relation", model.encoder, [head], texts=texts)


def _stacked(run: Any, texts: Sequence[Sequence[int]]) -> Floats:
    return np.stack([outputs[HEAD] for outputs in predict(run, texts)])


def _report(
    plan: trainer.Plan,
    progress: trainer.Progress,
    counts: Mapping[str, int],
    result: Mapping[str, Any],
) -> Report:
    return Report(
        title="Relation: how what is said later bears on a remembered statement",
        task=__doc__ or "",
        plan=plan,
        progress=progress,
        counts=counts,
        figures=result,
        limits=(
            "Judges two statements alone: no dates, no talk around them.",
            "Thresholds were set on the unseen split that the figures are from: expect a little "
            "less elsewhere.",
        ),
    )


def main() -> None:
    said = trainer.arguments(__doc__, model_folder("relation"), EPOCHS, RATE)
    train(trainer.plan_of("relation", said), said.output)


if __name__ == "__main__":
    main()
