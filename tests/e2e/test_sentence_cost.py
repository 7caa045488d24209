"""What one sentence costs, as docs/job-lifecycle.md says: calls are counted on real stores."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.local_stores import in_this_process
from tests.benchmarks.parts.sentence_cost import cost_of
from tests.benchmarks.round_trips import RoundTrips, of_service

pytestmark = pytest.mark.e2e
GATEWAY = {"redis": 3, "qdrant": 3}
WORKER = {"redis": 16, "qdrant": 15}


async def test_no_more_calls_than_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine leases would be renewed in the middle.
    monkeypatch.setattr("workers.pipeline.lease.CONFIRMED_S", 600.0)
    # Webhooks are read once a second, however many sentences there are.
    monkeypatch.setattr("shared.webhooks.endpoint_cache.KNOWN_FOR_S", 600.0)
    # So are the settings of its project, once in five seconds.
    monkeypatch.setattr("services.gateway.context.kept_settings.KEPT_S", 600.0)
    with RoundTrips() as trips:
        async with in_this_process(tmp_path, audit="off") as system:
            await cost_of(system, trips, "My sister Ada lives in Oslo.", "ana")
            cost = await cost_of(system, trips, "My dog is called Bramble.", "ana")
    assert {
        service: of_service(cost.gateway, service) for service in GATEWAY
    } == GATEWAY
    assert {service: of_service(cost.worker, service) for service in WORKER} == WORKER
