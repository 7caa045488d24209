"""From probabilities of each token to the stretches of a message that are worth keeping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.adapters.onnx.tokenizer import Token
from shared.adapters.onnx.weights import Floats

NOTHING = 0
"""The place of "not worth keeping" among the tags; kinds follow."""
LEAST_KEPT = 0.3
"""The probability from which a token is kept: below half, since what is lost is lost. On
the unseen messages that finds .964 of the sentences (.945 at .5) with a precision of .916
(.923).
"""
LEAST_BEGIN = 0.5
"""The probability from which a kept token begins another stretch than the one before it."""


@dataclass(frozen=True)
class Stretch:
    """text[start:end] of a message, with probabilities of its kinds and of whose matter it is."""

    start: int
    end: int
    kinds: Floats
    about: Floats
    probability: float
    """The mean over its tokens of being worth keeping."""


def stretches(
    tokens: Sequence[Token], tags: Floats, begins: Floats, about: Floats
) -> list[Stretch]:
    """Neighbouring tokens that are kept, cut where one begins anew.

    `tags` is (tokens, 1 + kinds), `begins` (tokens, 1), `about` (tokens, owners).
    """
    parts: list[Stretch] = []
    run: list[int] = []
    for place in range(len(tokens) + 1):
        is_kept = place < len(tokens) and 1 - tags[place, NOTHING] >= LEAST_KEPT
        if run and (not is_kept or begins[place, 0] >= LEAST_BEGIN):
            parts.append(_stretch(run, tokens, tags, about))
            run = []
        if is_kept:
            run.append(place)
    return parts


def _stretch(
    run: Sequence[int], tokens: Sequence[Token], tags: Floats, about: Floats
) -> Stretch:
    chosen = tags[run]
    return Stretch(
        tokens[run[0]].start,
        tokens[run[-1]].end,
        np.asarray(chosen[:, NOTHING + 1 :].mean(0)),
        np.asarray(about[run].mean(0)),
        float(1 - chosen[:, NOTHING].mean()),
    )
