"""How many processes a worker of text has."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.settings import Settings
from workers.__main__ import celery_arguments, text_processes, usable_cores


@pytest.mark.parametrize(("cores", "processes"), [(1, 1), (2, 2), (4, 4), (64, 4)])
def test_each_core_has_a_process_up_to_four(cores: int, processes: int) -> None:
    assert text_processes(cores) == processes


def test_the_limit_of_a_container_counts(tmp_path: Path) -> None:
    limit = tmp_path / "cpu.max"
    limit.write_text("100000 100000\n")
    assert usable_cores(limit) == 1
    unlimited = usable_cores(tmp_path / "none")
    limit.write_text("max 100000\n")
    assert usable_cores(limit) == unlimited


def test_a_setting_decides() -> None:
    arguments = celery_arguments("text", Settings(text_concurrency=7))
    assert arguments[arguments.index("--concurrency") + 1] == "7"
