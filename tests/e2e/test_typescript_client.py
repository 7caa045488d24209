"""The TypeScript client against the running system."""

from __future__ import annotations

import re

from tests.clients.typescript import built, run_tests
from tests.support.system import System


def test_every_method(system: System) -> None:
    files = sorted((built() / "test/live").glob("*.test.js"))
    said = run_tests(*files, SOUVENIR_URL=system.url, SOUVENIR_API_KEY=system.key)
    assert re.search(r"pass [1-9]", said), said
