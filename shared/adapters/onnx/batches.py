"""Texts of similar length together, so that little is computed for padding."""

from __future__ import annotations

from collections.abc import Sequence


def by_length(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Places of `lengths` in batches, shortest first.

    A batch times its longest text stays within `budget` tokens, unless a single text is longer.
    """
    batches: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda at: lengths[at]):
        if batches and (len(batches[-1]) + 1) * lengths[place] <= budget:
            batches[-1].append(place)
        else:
            batches.append([place])
    return batches
