"""The trained embedder's encoder out of its folder: what the classifiers begin with.

Its weights are shipped in 8 bit, evened out (see `smoothing`). Both is undone here, so a classifier
can be trained wherever the repository is, without the embedder's own training.
"""

from __future__ import annotations

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from shared.adapters.onnx.model_folders import model_folder
from shared.adapters.onnx.session import GRAPH
from shared.adapters.onnx.weights import Floats, Weights
from training.backbone import Encoder, Layer

INPUT_OF = {
    "query": "attention",
    "key": "attention",
    "value": "attention",
    "widen": "widen",
    "narrow": "narrow",
}
"""The linear layers whose inputs are multiplied by factors, and the name of these."""
NORMS = {"attended_norm": "attended.norm", "output_norm": "norm"}


def trained_encoder(
    weights: Weights, layers: int | None = None, model: str = "embedder"
) -> Encoder:
    """The encoder of a model in this repository, or its first `layers` layers."""
    constants = _constants(model)
    encoder = Encoder(weights.dimensions)
    _copy(encoder.positions, constants["positions"])
    _copy_norm(encoder.input_norm, "input", constants)
    for number, layer in enumerate(encoder.layers):
        assert isinstance(layer, Layer)
        _fill(layer, f"layer{number}", constants)
    encoder.layers = encoder.layers[:layers]
    return encoder


@torch.no_grad()
def fill_head(linear: nn.Linear, model: str, head: str) -> None:
    """A head of a model in this repository, which is shipped as it was trained. One that
    was exported without its bias (`export._best` once took its name) has none.
    """
    constants = _constants(model)
    _copy(linear.weight, constants[f"{head}.logits.weight"].T)
    none = np.zeros(len(linear.bias), np.float32)
    _copy(linear.bias, constants.get(f"{head}.logits.bias", none))


def _constants(model: str) -> dict[str, Floats]:
    graph = onnx.load(str(model_folder(model) / GRAPH)).graph
    return {
        constant.name: numpy_helper.to_array(constant) for constant in graph.initializer
    }


def _fill(layer: Layer, name: str, constants: dict[str, Floats]) -> None:
    for part, linear in layer.named_children():
        if isinstance(linear, nn.Linear):
            rows = _matrix(f"{name}.{part}.weight", constants)
            factors = constants.get(f"{name}.{INPUT_OF.get(part)}.input.factors")
            if factors is not None:
                rows = rows * factors[:, None]
            _copy(linear.weight, rows.T)
            _copy(linear.bias, constants[f"{name}.{part}.bias"])
    for ours, theirs in NORMS.items():
        _copy_norm(getattr(layer, ours), f"{name}.{theirs}", constants)


def _matrix(name: str, constants: dict[str, Floats]) -> Floats:
    """(inputs, outputs), as it was before it was made 8 bit: a scale for each output."""
    levels = constants[f"{name}_quantized"].astype(np.float32)
    zero = constants[f"{name}_zero_point"].astype(np.float32)
    return np.asarray((levels - zero) * constants[f"{name}_scale"], np.float32)


def _copy_norm(norm: nn.LayerNorm, name: str, constants: dict[str, Floats]) -> None:
    _copy(norm.weight, constants[f"{name}.scale"])
    _copy(norm.bias, constants[f"{name}.shift"])


@torch.no_grad()
def _copy(parameter: torch.Tensor, values: Floats) -> None:
    parameter.copy_(torch.tensor(values))
