"""The guard counts who was left behind."""

from __future__ import annotations

from services.launcher.orphan_guard import left_behind


def test_who_ended_is_not_left_behind() -> None:
    assert left_behind(["+10\n", "+11\n", "-10\n", "+12\n"]) == {11, 12}
    assert left_behind(["+10\n", "-10\n", "+10\n"]) == {10}
    assert left_behind([]) == set()
