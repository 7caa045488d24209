"""Batches by length."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.onnx.batches import by_length


@given(st.lists(st.integers(1, 600)), st.integers(1, 1000))
def test_all_come_once_within_the_budget(lengths: list[int], budget: int) -> None:
    batches = by_length(lengths, budget)
    assert sorted(place for batch in batches for place in batch) == list(
        range(len(lengths))
    )
    for batch in batches:
        longest = max(lengths[place] for place in batch)
        assert len(batch) == 1 or longest * len(batch) <= budget


def test_like_lengths_come_together() -> None:
    assert by_length([9, 2, 8, 3], 20) == [[1, 3], [2, 0]]
