"""What is told of an expression before it is tried."""

from __future__ import annotations

import re

import pytest

from tests.support.pattern_attacks import is_repeated_for_good


@pytest.mark.parametrize(
    "pattern", ["(?:ab|c)++", "x(?:(?=(?:ab|c)*+)y)?", "(a(?:bc)?+)"]
)
def test_what_an_older_python_reads_otherwise_is_found(pattern: str) -> None:
    assert is_repeated_for_good(re.compile(pattern))


@pytest.mark.parametrize("pattern", ["[a-c]++", r"\d*+x", "(?>(?:ab|c)+)", "(?:ab|c)+"])
def test_what_every_python_reads_alike_is_left_alone(pattern: str) -> None:
    assert not is_repeated_for_good(re.compile(pattern))
