"""Trains the relation model: how what is said later bears on a remembered statement.

A cross-encoder: both texts in one input. Out come ten relations, and for each token of the older
statement whether it holds no more, of the newer one whether it tells so. What the program needs most
is one number, whether the old statement is changed: the sum of the four relations that replace.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from shared.adapters.onnx.session import Session
from shared.adapters.onnx.weights import Floats, Weights
from training import trainer
from training.backbone import to_batch
from training.beginning import Beginning, beginning_of, parser_of
from training.data import RELATIONS, Pair, load_pairs, split
from training.export import Export, Head, export, set_thresholds
from training.heads import (
    Classifier,
    HeadSize,
    batches,
    class_weights,
    predict,
)
from training.lives import load_lives
from training.measure import f1, recall_at
from training.met_pairs import load_met, load_never_learned
from training.mined_pairs import mined
from training.relation_examples import (
    KEEPS,
    OUTSIDE,
    Example,
    Form,
    Maker,
    of_lives,
)
from training.report import Report, counts_of, write

LOG = logging.getLogger("training")

EPOCHS = 16
RATE = 1.2e-4
BATCH = 32
CALIBRATED = 100
"""Of so many examples one measures the sizes of activations for the export."""
ARCHIVE_PRECISION = 0.99
MARK_PRECISION = 0.95
"""Shares of the likeliest pairs of unseen lives that are changes from these thresholds on."""
LIKELY_PRECISION = 0.75
"""The same of unseen pairs that the program met: every wrong note stands in a memory for
people to read.
"""
EPOCH, SHARES = 6080, (0.22, 0.16, 0.16, 0.16, 0.3)
"""Examples of an epoch, and the shares of changes of lives, of other pairs of lives and of
chats, of pairs that were written alone, and of those that the program met.
"""
LIKELIER = 0.5
TOKEN_WEIGHT = 1.0
POSITIVE = torch.tensor(2.0)
"""How much more a token weighs that holds no more: few do."""
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
SIZES = (HeadSize(HEAD, len(RELATIONS)), HeadSize(PARTS, 1, "each token"))


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
        forms = [random.choice(example.forms) for example in batch]
        texts = to_batch([form.ids for form in forms], self._weights, trainer.device())
        outputs = self._model(texts)
        right = torch.tensor([e.relation for e in batch], device=texts.mask.device)
        loss = self._of_relations(outputs[HEAD], right)
        return loss + TOKEN_WEIGHT * _of_tokens(outputs[PARTS], forms)

    def _of_relations(self, logits: Tensor, right: Tensor) -> Tensor:
        """Of a pair that is no change, whatever it is, the sum of all that are none."""
        likely = functional.log_softmax(logits, -1)
        keeps = likely[:, KEPT].logsumexp(-1)
        named = likely.gather(1, right.clamp(min=0)[:, None])[:, 0]
        weight = torch.where(right >= 0, self._balance[right.clamp(min=0)], 1.0)
        picked = torch.where(right >= 0, named, keeps)
        return -(weight * picked).sum() / weight.sum()


def _of_tokens(logits: Tensor, forms: Sequence[Form]) -> Tensor:
    length = logits.shape[1]
    rows = [[*form.told, *[OUTSIDE] * (length - len(form.told))] for form in forms]
    told = torch.tensor(rows, device=logits.device)
    known = told >= 0
    return functional.binary_cross_entropy_with_logits(
        logits[..., 0][known],
        told[known].float(),
        pos_weight=POSITIVE.to(logits.device),
    )


@dataclass(frozen=True)
class Material:
    """What is learned from."""

    changes: list[Example]
    """Of lives and chats."""
    others: list[Example]
    """Pairs of lives without a change."""
    chatted: list[Example]
    """Pairs of chats without a change."""
    pairs: list[Example]
    """Written alone, and mined."""
    met: list[Example]
    """Met by the program."""

    @property
    def all(self) -> list[Example]:
        """Every example once."""
        return [*self.changes, *self.others, *self.chatted, *self.pairs, *self.met]


def steps(given: Material, chance: random.Random) -> list[list[Example]]:
    """An epoch: a sample of each kind by `SHARES`."""
    parts = (given.changes, given.others, given.chatted, given.pairs, given.met)
    examples = [
        example
        for part, share in zip(parts, SHARES, strict=True)
        for example in chance.sample(part, min(len(part), int(share * EPOCH)))
    ]
    chance.shuffle(examples)
    places = list(range(len(examples)))
    result = batches([len(e.tokens) for e in examples], BATCH, places)
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
        "mark_simple": max(_threshold(stored, given.written, MARK_PRECISION), marked),
    }


def _threshold(
    outputs: Sequence[Mapping[str, Floats]],
    examples: Sequence[Example],
    precision: float,
) -> float:
    right = np.array([example.relation in CHANGES for example in examples])
    return round(recall_at(_change(outputs), right, precision)[1], 4)


@dataclass(frozen=True)
class Data:
    """What is learned from, and what is not."""

    material: Material
    pairs: list[Pair]
    """Unseen ones, written alone."""
    written: list[Example]
    """These as examples."""
    mined: list[Example]
    lived: list[Example]
    """Pairs of unseen lives."""
    met: list[Example]
    """Unseen ones that the program met."""
    counts: Mapping[str, int]


def data(weights: Weights, seed: int) -> Data:
    """Everything, split."""
    maker = Maker(weights)
    seen, unseen = split(load_pairs())
    lives, later = split(load_lives())
    met, unmet = split(load_met())
    unmet += load_never_learned()
    others = mined(seen, random.Random(seed))
    apart = mined(unseen, random.Random(seed))
    lived = of_lives([life for life in lives if not life.is_chat], maker, seed)
    chatted = of_lives([life for life in lives if life.is_chat], maker, seed)
    material = Material(
        [example for example in [*lived, *chatted] if example.relation != KEEPS],
        [example for example in lived if example.relation == KEEPS],
        [example for example in chatted if example.relation == KEEPS],
        maker.of_pairs([*seen, *others]),
        maker.of_stored(met),
    )
    counts = counts_of("pairs", seen, unseen) | {
        "pairs met, to train on": len(met),
        "pairs met, unseen": len(unmet),
        "lives to train on": len(lives),
        "lives unseen": len(later),
        "mined pairs": len(others),
    }
    LOG.info("%d examples; %s", len(material.all), counts)
    return Data(
        material,
        unseen,
        maker.of_pairs(unseen),
        maker.of_pairs(apart),
        of_lives(later, maker, seed),
        maker.of_stored(unmet),
        counts,
    )


def train(plan: trainer.Plan, output: Path, begin: Beginning) -> None:
    """From the data to the folder of the model."""
    trainer.seed(plan.seed)
    weights = Weights()
    given = data(weights, plan.seed)
    model = begin.classifier(weights, SIZES)
    first = trainer.copied(model)
    objective = Objective(model, weights, given.material.pairs)
    progress = trainer.fit(
        model, lambda chance: steps(given.material, chance), objective, plan
    )
    model.load_state_dict(trainer.between(first, model.state_dict(), begin.stays))
    sample = [example.tokens for example in given.material.all[::CALIBRATED]]
    export(export_of(model, sample), weights, output)
    report = _report(plan, progress, given.counts, measured(output, given))
    write(replace(report, beginning=begin.said), output)


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


def _relations(outputs: Sequence[Mapping[str, Floats]]) -> Floats:
    return np.stack([output[HEAD] for output in outputs])


def export_of(model: Classifier, texts: Sequence[Sequence[int]]) -> Export:
    """What is shipped of a trained model."""
    relations, parts = (model.heads[size.name] for size in SIZES)
    assert isinstance(relations, torch.nn.Linear)
    assert isinstance(parts, torch.nn.Linear)
    heads = [
        Head(HEAD, relations, RELATIONS, exclusive=True),
        Head(PARTS, parts, ("told",), over="each token"),
    ]
    return Export("souvenir-relation", model.encoder, heads, texts=texts)


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
    said = trainer.read(parser_of(__doc__, "relation", EPOCHS, RATE))
    train(trainer.plan_of("relation", said), said.output, beginning_of(said))


if __name__ == "__main__":
    main()
