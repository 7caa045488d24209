"""The suite as a whole: one part does not cost the others their results."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import __main__ as suite
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parts that were run; `add` raises."""
    names: list[str] = []

    def run_part(name: str, _: Sizes) -> Report:
        names.append(name)
        if name == "add":
            raise RuntimeError("no port")
        return Report(name, name, [])

    monkeypatch.setattr(suite, "run_part", run_part)
    return names


def test_a_part_that_raises_does_not_stop_the_others(
    ran: list[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit, match="not measured: add"):
        suite.main(["add", "chat", "--out", str(tmp_path)])
    assert ran == ["add", "chat"]
    assert (tmp_path / "chat.json").exists()


def test_a_run_goes_on_where_it_was_cut_off(ran: list[str], tmp_path: Path) -> None:
    suite.main(["chat", "--out", str(tmp_path)])
    suite.main(["chat", "files", "--resume", "--out", str(tmp_path)])
    assert ran == ["chat", "files"]
