"""How well the message model judges messages that no model was trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from shared.adapters.onnx.spans import Stretch, stretches
from shared.adapters.onnx.weights import Floats
from training.data import ABOUT, PART_KINDS, Message, Part
from training.measure import f1, recall_at
from training.message_targets import ALL_LABELS, Example

CERTAIN = 0.5
SAME_PLACE = 0.5
"""How much of two stretches' common extent must overlap for them to be the same."""

Outputs = Mapping[str, Floats]


def figures(
    outputs: Sequence[Outputs], examples: Sequence[Example], messages: Sequence[Message]
) -> dict[str, Any]:
    """Precision, recall and F1 of every label and of the kept stretches."""
    parts = [
        _parts(output, example)
        for output, example in zip(outputs, examples, strict=True)
    ]
    has_part = [bool(parts_of_message) for parts_of_message in parts]
    worth = [bool(message.parts) for message in messages]
    owners = [ABOUT[int(output["about"].argmax())] for output in outputs]
    return {
        "worth keeping (a stretch is found)": scores(has_part, worth),
        "labels": _labels(outputs, examples),
        "whose matter, accuracy": _share(
            owners, [message.about for message in messages]
        ),
        "whose matter, F1": {
            name: f1(owners, [message.about for message in messages], name)
            for name in ABOUT
        },
        "kept characters": _characters(parts, messages),
        "kept stretches": _stretches(parts, messages),
        "worth keeping, F1 by language": _by_language(has_part, messages),
    }


def share_kept(
    outputs: Sequence[Outputs], examples: Sequence[Example]
) -> dict[str, float]:
    """Of how many messages there are, the share in which a stretch is found."""
    kept = [
        bool(_parts(output, example))
        for output, example in zip(outputs, examples, strict=True)
    ]
    return {"n": len(kept), "share": round(sum(kept) / len(kept), 4)}


def thresholds(
    outputs: Sequence[Outputs], examples: Sequence[Example]
) -> dict[str, float]:
    """For each label the probability from which nine of ten are right; 1.01 where none is."""
    likely = np.stack([output["labels"] for output in outputs])
    right = np.array([example.labels for example in examples]) > CERTAIN
    return {
        f"{name} at precision .90": round(
            recall_at(likely[:, n], right[:, n], 0.9)[1], 4
        )
        for n, name in enumerate(ALL_LABELS)
    }


def scores(picked: Sequence[bool], right: Sequence[bool]) -> dict[str, float]:
    """How many there are, precision, recall and F1."""
    return _scores(
        sum(a and b for a, b in zip(picked, right, strict=True)),
        sum(picked),
        sum(right),
    )


def _scores(hits: float, picked: float, right: float) -> dict[str, float]:
    return {
        "n": int(right),
        "precision": round(hits / picked, 4) if picked else float("nan"),
        "recall": round(hits / right, 4) if right else float("nan"),
        "F1": round(2 * hits / (picked + right), 4) if picked + right else float("nan"),
    }


def _labels(outputs: Sequence[Outputs], examples: Sequence[Example]) -> dict[str, Any]:
    likely = np.stack([output["labels"] for output in outputs]) >= CERTAIN
    right = np.array([example.labels for example in examples]) > CERTAIN
    return {
        name: scores(likely[:, n].tolist(), right[:, n].tolist())
        for n, name in enumerate(ALL_LABELS)
    }


def _parts(output: Outputs, example: Example) -> list[Stretch]:
    own = slice(example.offset, example.offset + len(example.tokens))
    return stretches(
        example.tokens,
        output["tags"][own],
        output["begins"][own],
        output["part_about"][own],
    )


def _characters(
    parts: Sequence[Sequence[Stretch]], messages: Sequence[Message]
) -> dict[str, float]:
    hits = picked = right = 0
    for ours, message in zip(parts, messages, strict=True):
        a = {at for part in ours for at in range(part.start, part.end)}
        b = {at for part in message.parts for at in range(part.start, part.end)}
        hits, picked, right = (
            hits + len(a & b),
            picked + len(a),
            right + len(b),
        )
    return _scores(hits, picked, right)


def _stretches(
    parts: Sequence[Sequence[Stretch]], messages: Sequence[Message]
) -> dict[str, Any]:
    """A stretch is right where it overlaps a given one by half of both; and then its kind."""
    pairs: list[tuple[Stretch, Part]] = []
    for ours, message in zip(parts, messages, strict=True):
        pairs += [
            (a, b) for a in ours for b in message.parts if _overlap(a, b) >= SAME_PLACE
        ]
    picked, right = (
        sum(map(len, parts)),
        sum(len(message.parts) for message in messages),
    )
    kinds = [PART_KINDS[int(a.kinds.argmax())] for a, _ in pairs]
    owners = [ABOUT[int(a.about.argmax())] for a, _ in pairs]
    return {
        **_scores(len(pairs), picked, right),
        "kind right": _share(kinds, [b.kind for _, b in pairs]),
        "owner right": _share(owners, [b.about for _, b in pairs]),
    }


def _overlap(a: Stretch, b: Part) -> float:
    common = min(a.end, b.end) - max(a.start, b.start)
    return common / (max(a.end, b.end) - min(a.start, b.start))


def _share(picked: Sequence[str], others: Sequence[str]) -> float:
    hits = [a == b for a, b in zip(picked, others, strict=True)]
    return round(float(np.mean(hits)), 4) if hits else float("nan")


def _by_language(
    has_part: Sequence[bool], messages: Sequence[Message]
) -> dict[str, float]:
    outputs: dict[str, tuple[list[bool], list[bool]]] = {}
    for ours, message in zip(has_part, messages, strict=True):
        picked, right = outputs.setdefault(message.language, ([], []))
        picked.append(ours)
        right.append(bool(message.parts))
    return {name: scores(*both)["F1"] for name, both in sorted(outputs.items())}
