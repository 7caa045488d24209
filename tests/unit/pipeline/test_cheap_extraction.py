"""What costs little to read again is not saved before it is used."""

from __future__ import annotations

import pytest

from shared.domain.job import State
from shared.errors import Unavailable
from tests.fakes.extractor import FakeExtractor
from tests.unit.pipeline.worker_bench import WorkerBench


class CheapExtractor(FakeExtractor):
    """`talks` says how often it is asked."""

    is_cheap = True


async def _after_a_failed_store(bench: WorkerBench, *texts: str) -> None:
    job = await bench.accepted(*texts)
    put, tries = bench.memories.put, 0

    async def once_away(*given: object) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise Unavailable("away")
        await put(*given)  # type: ignore[arg-type]

    bench.memories.put = once_away  # type: ignore[assignment]
    assert await bench.run(job) is not None
    bench.leases.wipe()
    assert await bench.run(job) is None
    assert bench.job(job).state is State.COMPLETED


@pytest.mark.parametrize(("is_cheap", "readings"), [(True, 2), (False, 1)])
async def test_a_further_try_reads_again_what_is_cheap(
    is_cheap: bool, readings: int
) -> None:
    extractor = CheapExtractor()
    extractor.is_cheap = is_cheap
    bench = WorkerBench(extractor=extractor)
    await _after_a_failed_store(bench, "I live in Graz.")
    assert len(extractor.talks) == readings
    assert bench.texts() == ["I live in Graz."]


async def test_of_several_batches_it_is_saved_for_the_next_try_goes_on_behind_one() -> (
    None
):
    extractor = CheapExtractor()
    bench = WorkerBench(extractor=extractor)
    lines = [
        f"Fact number {n} of the list." for n in range(bench.limits.draft_batch + 1)
    ]
    await _after_a_failed_store(bench, "\n".join(lines))
    assert len(extractor.talks) == 1
    assert bench.texts() == lines


async def test_nothing_of_a_cheap_extraction_is_left_in_sources() -> None:
    bench = WorkerBench(extractor=CheapExtractor())
    job = await bench.accepted("I live in Graz.")
    await bench.run(job)
    assert not bench.sources.stored
