"""What is stored, as it is stored: to be copied whole, whatever it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.memory import SparseVector


@dataclass(frozen=True, slots=True)
class StoredPoint:
    """One record of a collection."""

    id: str
    payload: Mapping[str, Any]
    """JSON, with what is derived of it."""
    dense: tuple[float, ...] | None = None
    """Its vector in the space that is in use; None where it has none."""
    lexical: SparseVector | None = None
