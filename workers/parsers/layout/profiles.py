"""Profiles: how much text stands at each place along an axis, in cells of equal width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def runs_up_to(profile: Sequence[float], limit: float) -> Iterator[tuple[int, int]]:
    """The longest runs of cells that hold no more than `limit`: (first cell, cell behind
    the last).
    """
    start = 0
    while start < len(profile):
        end = start
        while end < len(profile) and profile[end] <= limit:
            end += 1
        if end > start:
            yield start, end
        start = end + 1
