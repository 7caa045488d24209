"""Makes an encoder fit for 8 bit: what is large in activations moves into the weights.

A few features of e5's activations are ten times larger than the rest, and one scale for all loses
the rest. Each feature is divided by a factor before a matrix product and the matrix's row
multiplied by it (as SmoothQuant does): the same result, but evenly large numbers. On the trained
embedder that brings the vectors in 8 bit from a cosine of .972 with the exact ones to .988.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from shared.adapters.onnx.weights import Weights
from training.backbone import Encoder, Layer, to_batch

SHARE = 0.7
"""How much of a feature's size moves into the weights: 0 nothing, 1 all."""
LEAST = 1e-5


@dataclass(frozen=True)
class SmoothLayer:
    """A layer with changed weights, and by what to multiply the inputs of its products.

    None stands for 1. The input of `attended` needs no factor: it is in the weights of `value`.
    """

    layer: Layer
    attention: Tensor | None = None
    widen: Tensor | None = None
    narrow: Tensor | None = None


def smooth(
    encoder: Encoder, weights: Weights, texts: Sequence[Sequence[int]]
) -> list[SmoothLayer]:
    """The encoder's layers for 8 bit; unchanged if there are no texts to measure them with.

    The encoder itself is left as it is.
    """
    layers = [layer for layer in encoder.layers if isinstance(layer, Layer)]
    if not texts:
        return [SmoothLayer(layer) for layer in layers]
    sizes = _sizes(encoder, weights, texts)
    return [_smooth(layer, sizes) for layer in layers]


@torch.no_grad()
def _sizes(
    encoder: Encoder, weights: Weights, texts: Sequence[Sequence[int]]
) -> dict[nn.Module, Tensor]:
    """For each linear layer the largest size of each feature of its input."""
    encoder.eval()
    sizes: dict[nn.Module, Tensor] = {}
    linears = [module for module in encoder.modules() if isinstance(module, nn.Linear)]
    hooks = [linear.register_forward_pre_hook(_observer(sizes)) for linear in linears]
    device = encoder.positions.device
    for text in texts:
        encoder(to_batch([text], weights, device))
    for hook in hooks:
        hook.remove()
    return sizes


def _observer(sizes: dict[nn.Module, Tensor]) -> Callable[[nn.Module, Any], None]:
    def observe(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        largest = inputs[0].detach().float().abs().flatten(0, -2).amax(0)
        sizes[module] = (
            torch.maximum(sizes[module], largest) if module in sizes else largest
        )

    return observe


@torch.no_grad()
def _smooth(layer: Layer, sizes: dict[nn.Module, Tensor]) -> SmoothLayer:
    changed = copy.deepcopy(layer)
    attention = _factors(sizes[layer.query], [layer.query, layer.key, layer.value])
    mixed = _factors(sizes[layer.attended], [layer.attended])
    widen = _factors(sizes[layer.widen], [layer.widen])
    narrow = _factors(sizes[layer.narrow], [layer.narrow])
    for linear in (changed.query, changed.key, changed.value):
        linear.weight.mul_(attention)
    changed.value.weight.div_(mixed[:, None])
    changed.value.bias.div_(mixed)
    changed.attended.weight.mul_(mixed)
    changed.widen.weight.mul_(widen)
    changed.narrow.weight.mul_(narrow)
    return SmoothLayer(changed, 1 / attention, 1 / widen, 1 / narrow)


def _factors(sizes: Tensor, linears: Sequence[nn.Linear]) -> Tensor:
    """By what to divide each feature: its own size over that of the weights it meets."""
    rows = torch.stack(
        [linear.weight.float().abs().amax(0) for linear in linears]
    ).amax(0)
    return sizes.clamp(min=LEAST) ** SHARE / rows.clamp(min=LEAST) ** (1 - SHARE)
