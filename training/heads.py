"""Classifiers on the encoder: linear layers over the text or over each token, with their losses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from shared.adapters.onnx.batches import by_length
from shared.adapters.onnx.weights import Floats, Weights
from training import trainer
from training.backbone import FAR, Batch, Encoder, mean, to_batch

LOG = logging.getLogger("training")


Over = Literal["mean", "best token", "each token"]
"""What a head is over. "best token": the highest logit of all tokens of the first part, so that one
clause of a long text is enough for a class to hold."""


@dataclass(frozen=True)
class HeadSize:
    """A head's name, the number of its classes, and what it is over."""

    name: str
    classes: int
    over: Over = "mean"


class Classifier(nn.Module):
    """The encoder and its heads."""

    def __init__(self, encoder: Encoder, sizes: Sequence[HeadSize]) -> None:
        super().__init__()
        self.encoder = encoder
        self.sizes = tuple(sizes)
        hidden = encoder.sizes.hidden
        self.heads = nn.ModuleDict(
            {s.name: nn.Linear(hidden, s.classes) for s in sizes}
        )
        for head in self.heads.values():
            assert isinstance(head, nn.Linear)
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        self.dropout = nn.Dropout(0.1)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """Logits by head: (texts, classes) or (texts, tokens, classes), in 32 bit."""
        with trainer.half_precision():
            tokens = self.encoder(batch)
        tokens = self.dropout(tokens.float())
        pooled = mean(tokens, batch.mask)
        return {s.name: self._logits(s, tokens, pooled, batch) for s in self.sizes}

    def _logits(
        self, size: HeadSize, tokens: Tensor, pooled: Tensor, batch: Batch
    ) -> Tensor:
        head = self.heads[size.name]
        if size.over == "mean":
            return torch.as_tensor(head(pooled))
        logits = torch.as_tensor(head(tokens))
        if size.over == "each token":
            return logits
        return logits.masked_fill(~batch.own.unsqueeze(-1), -FAR).amax(1)


def class_weights(counts: Sequence[int], power: float = 0.5) -> Tensor:
    """Weights of classes, rare ones more: the inverse of their share to a power, about 1."""
    shares = torch.tensor(counts).float().clamp(min=1)
    weights = (shares.mean() / shares) ** power
    return weights / weights.mean()


def batches(
    lengths: Sequence[int], size: int, shuffled: Sequence[int], groups: int = 20
) -> list[list[int]]:
    """Batches of `size` places: of similar length, yet others in every epoch.

    Of each `groups` batches in the order `shuffled` the texts are sorted by length.
    """
    result: list[list[int]] = []
    for start in range(0, len(shuffled), size * groups):
        chosen = sorted(
            shuffled[start : start + size * groups], key=lambda at: lengths[at]
        )
        result += [chosen[at : at + size] for at in range(0, len(chosen), size)]
    return result


def predict(
    run: Callable[[Sequence[Sequence[int]]], dict[str, Floats]],
    texts: Sequence[Sequence[int]],
) -> list[dict[str, Floats]]:
    """Outputs by head for each text, those over tokens cut to its length."""
    result: dict[int, dict[str, Floats]] = {}
    for batch in by_length([len(ids) for ids in texts], 4096):
        outputs = run([texts[place] for place in batch])
        for row, place in enumerate(batch):
            length = len(texts[place])
            result[place] = {
                name: values[row][:length] if values.ndim == 3 else values[row]
                for name, values in outputs.items()
            }
    return [result[place] for place in range(len(texts))]


@torch.no_grad()
def probabilities(
    model: Classifier,
    weights: Weights,
    texts: Sequence[Sequence[int]],
    softmax: Sequence[str],
) -> dict[str, Floats]:
    """The model's probabilities in PyTorch; heads named in `softmax` are distributions."""
    model.eval()
    logits = model(to_batch(texts, weights, trainer.device()))
    result: dict[str, Floats] = {}
    for name, values in logits.items():
        likely = values.softmax(-1) if name in softmax else values.sigmoid()
        result[name] = np.asarray(likely.cpu().numpy(), np.float32)
    return result
