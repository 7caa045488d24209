"""The load model: more load needs more, and constants can be replaced."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.benchmarks.load_model import Load, constants, fills_first, needs

LOAD = Load(users=100_000, memories=10_000_000, adds=20.0, searches=10.0)


def test_more_adds_need_more_text_processes() -> None:
    few, many = needs(LOAD, constants()), needs(replace(LOAD, adds=200.0), constants())
    assert many.text_processes == pytest.approx(10 * few.text_processes, abs=10)
    assert many.store_disk_gb == few.store_disk_gb


def test_processes_are_planned_below_what_they_can_do() -> None:
    of = constants({"share_of_the_day_at_the_peak": 1.0, "utilisation": 0.5})
    found = needs(Load(86_400, 0, adds=64.0, searches=0.0), of)
    assert found.adds_per_s_at_the_peak == pytest.approx(64.0)
    assert found.text_processes == 20, "64 a second, 6.4 each, half used"


def test_every_copy_takes_room() -> None:
    one, two = (needs(LOAD, constants({"replicas": n})) for n in (1.0, 2.0))
    assert two.store_ram_gb == pytest.approx(2 * one.store_ram_gb)


def test_what_fills_first_depends_on_the_load() -> None:
    keeping = needs(
        replace(LOAD, adds=0.01, searches=0.01, memories=10**9), constants()
    )
    adding = needs(replace(LOAD, adds=500.0, memories=1_000), constants())
    assert fills_first(keeping) == "the RAM of the store"
    assert fills_first(adding) == "the processor time of the text workers"


def test_a_constant_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no such constant: speed"):
        constants({"speed": 1.0})


def test_a_load_without_users_is_refused() -> None:
    with pytest.raises(ValueError):
        needs(replace(LOAD, users=0), constants())
