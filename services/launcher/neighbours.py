"""Who else lives in this Python environment under our names.

`shared`, `services` and `workers` are names that other people choose too. pip lets two
distributions write one folder and says nothing: the later one replaces files of the
earlier, and taking one away takes files of the other. So Souvenir is for an environment
of its own (decision 0036), and the doctor looks whether it has one.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Iterable, Mapping
from pathlib import Path

DISTRIBUTION = "souvenir-memory"
PACKAGES = ("services", "shared", "workers")
"""What DISTRIBUTION brings at the top level."""


def neighbours() -> dict[str, list[str]]:
    """The other distributions that bring one of PACKAGES, by package; empty: none does."""
    return others(importlib.metadata.packages_distributions())


def others(owners: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The same, of a mapping as `importlib.metadata.packages_distributions` gives it."""
    by_package = {
        name: sorted({*owners.get(name, ())} - {DISTRIBUTION}) for name in PACKAGES
    }
    return {name: foreign for name, foreign in by_package.items() if foreign}


def folders() -> set[Path]:
    """Where PACKAGES are imported from: more than one folder means that another package
    of one of these names stands before ours, on PYTHONPATH for example.
    """
    specs = (importlib.util.find_spec(name) for name in PACKAGES)
    return {Path(spec.origin).parents[1] for spec in specs if spec and spec.origin}
