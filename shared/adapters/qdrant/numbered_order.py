"""Points in the order of an indexed number, and of their ids where the number is the same:
both upwards, or both downwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from qdrant_client import models as q

from shared.adapters.qdrant.filters import both
from shared.adapters.qdrant.records import Payload

Last = tuple[int, str]
"""The number and id of the last point that was given."""


@dataclass(frozen=True, slots=True, order=True)
class Numbered:
    """A point, in the order of its number and then its id."""

    number: int
    id: str
    payload: Payload = field(compare=False)


@dataclass(frozen=True, slots=True)
class Order:
    """Which points, and the indexed number that they are ordered by."""

    by: str
    direction: q.Direction
    where: q.Filter

    @property
    def descends(self) -> bool:
        """Whether the highest number comes first."""
        return self.direction is q.Direction.DESC

    def of(
        self, points: Iterable[Numbered], last: Last | None = None
    ) -> list[Numbered]:
        """Points in this order, those behind the last one that was given."""
        behind = [p for p in points if last is None or self._is_behind(p, last)]
        return sorted(behind, reverse=self.descends)

    def _is_behind(self, point: Numbered, last: Last) -> bool:
        place = (point.number, point.id)
        return place < last if self.descends else place > last

    def with_number(self, number: int) -> q.Filter:
        """Those of them that have this number."""
        same = q.FieldCondition(key=self.by, match=q.MatchValue(value=number))
        return both(self.where, same)

    def from_number(self, number: int) -> Order:
        """Those of them that have this number or come behind it, and maybe a few that are
        just before it: ranges are floats, and numbers here have up to 63 bits.
        """
        bound = float(number)
        if self.descends:
            if int(bound) < number:
                bound = math.nextafter(bound, math.inf)
            reached = q.Range(lte=bound)
        else:
            if int(bound) > number:
                bound = math.nextafter(bound, 0.0)
            reached = q.Range(gte=bound)
        there = q.FieldCondition(key=self.by, range=reached)
        return replace(self, where=both(self.where, there))
