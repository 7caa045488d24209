"""Every integration against the real framework, and the running system. Slow: `make
test-integrations` installs the frameworks and runs them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integrations.frameworks_table import (
    COLUMNS,
    DOCUMENT,
    FRAMEWORKS,
    Framework,
    outcomes,
    version,
)
from tests.support.system import System


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One running system for all."""
    with System(tmp_path_factory.mktemp("system") / "data") as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("framework", FRAMEWORKS, ids=lambda each: each.checks)
def test_a_framework(framework: Framework, system: System) -> None:
    results = outcomes(framework, system)
    assert {"stores", "recalls", "deletes"} <= results.keys(), results
    failed = {name: said for name, said in results.items() if said != "ok"}
    assert not failed, failed


@pytest.mark.slow
def test_the_examples_in_typescript(system: System) -> None:
    results = outcomes(Framework("", "", "examples", "node"), system)
    assert results and set(results.values()) == {"ok"}, results


def test_the_table_names_every_framework_and_its_release() -> None:
    """The table is from a run against these very releases, and shows nothing that fails."""
    text = DOCUMENT.read_text()
    for framework in FRAMEWORKS:
        row = f"| {framework.name} | `{framework.package}` {version(framework)} |"
        assert row in text, f"write it anew: {row}"
    assert "FAILS" not in text
    assert all(column in text for column in COLUMNS)
