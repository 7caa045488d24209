"""Every row, as it is expected: to pass, or, while it is listed, to fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

import pytest

from tests.behaviour.play import play
from tests.behaviour.rows import Row, all_rows, failing_ids
from tests.behaviour.sequences import sequence_rows
from tests.behaviour.service import InProcess

ROWS = (*all_rows(), *sequence_rows())

ROWS_A_SERVICE = 50
"""Then another one, with empty stores, takes over."""

Play = Callable[[Row], list[str]]


@pytest.fixture(scope="module")
def played() -> Iterator[Play]:
    """What is wrong after a row. The stores are emptied again and again: the fakes look
    through all that they hold, so that each row would take longer than the last.
    """
    with asyncio.Runner() as runner:
        services = _renewed()
        yield lambda row: runner.run(play(row, next(services)))


def _renewed() -> Iterator[InProcess]:
    """A service for each row: a new one now and then."""
    while True:
        yield from repeat(InProcess(), ROWS_A_SERVICE)


def expected(row: Row) -> Any:
    """The row with its mark."""
    listed = pytest.mark.xfail(raises=AssertionError, strict=True, reason="listed")
    marks = [listed] if row.id in failing_ids() else []
    return pytest.param(row, id=row.id, marks=marks)


@pytest.mark.parametrize("row", map(expected, ROWS))
def test_row(row: Row, played: Play) -> None:
    problems = played(row)
    assert not problems, "\n".join(problems)


def test_only_rows_are_listed_as_failing() -> None:
    unknown = failing_ids() - {row.id for row in ROWS}
    assert not unknown, f"no such rows: {sorted(unknown)}"
