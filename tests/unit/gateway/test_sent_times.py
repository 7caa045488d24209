"""Times of mem0's clients: those that no clock shows in every time zone are none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from services.gateway.mem0.sent_times import moment_of
from shared.errors import BadRequest

CONTEXT: Any = SimpleNamespace(settings=SimpleNamespace(timezone="Asia/Shanghai"))


@pytest.mark.parametrize(
    "sent",
    [
        253402300799000,
        -62135596800,
        "9999-12-31T23:59:59.9999999Z",
        "0001-01-01T00:00:00",
        1e300,
        "nan",
    ],
)
def test_what_no_clock_shows_is_refused(sent: float | str) -> None:
    with pytest.raises(BadRequest):
        moment_of(sent, CONTEXT)


def test_seconds_and_milliseconds_are_read() -> None:
    assert moment_of(1_700_000_000, CONTEXT) == moment_of("1700000000000", CONTEXT)
