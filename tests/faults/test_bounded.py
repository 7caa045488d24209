"""Two of the faults with few jobs. `make faults` makes all of them with many;
`tests/e2e/test_faults.py` kills in the middle of a file, and the stores.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.bench import Bench, plain
from tests.faults.catalogue import FAULTS, Fault, make

pytestmark = pytest.mark.e2e
JOBS = 4
NAMES = ("worker-child", "redis-wiped")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder: Path = tmp_path_factory.mktemp("faults")
    with plain(folder) as running:
        yield running


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if each.name in NAMES], ids=lambda each: each.name
)
def test_nothing_is_lost_or_doubled_and_every_job_ends(
    bench: Bench, fault: Fault
) -> None:
    result = make(fault, bench, JOBS)
    assert result.problem == ""
    assert result.outcome is not None
    assert result.outcome.well, result.outcome
