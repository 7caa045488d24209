"""What a training of a classifier goes on from: the embedder, or its own shipped model.

Going on from its own keeps what it knows and takes a fraction of the time; a share of the
weights can stay as they began (`trainer.between`).
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from torch import nn

from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.weights import Weights
from training import trainer
from training.heads import Classifier, HeadSize
from training.shipped import fill_head, trained_encoder

EMBEDDER = "embedder"


@dataclass(frozen=True)
class Beginning:
    """The model that is gone on from."""

    model: str
    """The one in this repository whose weights it begins with."""
    frozen: int
    """So many lower layers stay as they are."""
    stays: float
    """The share of these weights in what is shipped."""

    @property
    def said(self) -> dict[str, Any]:
        """For the report."""
        return {
            "begins with": self.model,
            "lower layers that stay": self.frozen,
            "share of the weights it began with": self.stays,
        }

    def classifier(self, weights: Weights, sizes: tuple[HeadSize, ...]) -> Classifier:
        """The model to train, where trainings run; its heads begin from nothing on the
        embedder's encoder.
        """
        model = Classifier(trained_encoder(weights, model=self.model), sizes)
        if self.model != EMBEDDER:
            for head, layer in model.heads.items():
                assert isinstance(layer, nn.Linear)
                fill_head(layer, self.model, head)
        if self.frozen:
            model.encoder.freeze(self.frozen)
        return model.to(trainer.device())


def parser_of(
    description: str | None, name: str, epochs: int, rate: float
) -> argparse.ArgumentParser:
    """The command line of the training of a classifier with that name."""
    parser = trainer.parser(description, model_folder(name), epochs, rate)
    parser.add_argument(
        "--begin",
        choices=(EMBEDDER, name),
        default=EMBEDDER,
        help="the model of this repository to begin with",
    )
    parser.add_argument(
        "--frozen", type=int, default=0, help="lower layers that stay as they are"
    )
    parser.add_argument(
        "--stays",
        type=float,
        default=0.0,
        help="share of the weights it begins with in what is shipped",
    )
    return parser


def beginning_of(said: argparse.Namespace) -> Beginning:
    """What the command line asks for."""
    return Beginning(said.begin, said.frozen, said.stays)
