"""Requests drawn from the documentation, good and bad: no route breaks, every answer
has the shape that the documentation promises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import response_schema_conformance

from shared.domain.searched_text import Searched
from tests.api.world import KEY, World

REFUSALS_OF_A_SETUP = (501, 503)


class Flat:
    """An Embedder to which everything means the same."""

    name, size = "flat", 4

    async def passages(self, texts: Sequence[Searched]) -> list[tuple[float, ...]]:
        return [(1.0, 0.0, 0.0, 0.0)] * len(texts)

    async def query(self, text: str) -> tuple[float, ...]:
        return (1.0, 0.0, 0.0, 0.0)


def test_answers_are_as_documented() -> None:
    schema = schemathesis.openapi.from_asgi(
        "/openapi.json", World(Flat(), working=False, sync_wait_s=0.01).app
    )
    drawn = settings(
        max_examples=4,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:
        drawn(given(operation.as_strategy())(answers_well))()


def answers_well(case: Any) -> None:
    """Sends one request and looks at its answer."""
    if case.path.startswith("/product/scheduler/wait"):
        case.query = {**(case.query or {}), "timeout_seconds": 0.01}
    response = case.call(headers={"Authorization": f"Token {KEY}"})
    assert response.status_code < 500 or response.status_code in REFUSALS_OF_A_SETUP, (
        case.path,
        response.text,
    )
    case.validate_response(response, checks=[response_schema_conformance])
    if response.status_code == 200:
        return
    if case.path != "/ready":
        refused = response.json()
        assert refused["data"] is None and refused["code"] and refused["message"], (
            case.path,
            refused,
        )
