"""Tokens, estimated."""

from __future__ import annotations

import pytest

from shared.language.token_estimate import tokens


@pytest.mark.parametrize(
    "text, count",
    [
        ("", 0),
        ("abcd", 1),
        ("abcde", 2),
        ("今天天气", 4),
        ("今天ab", 3),
        ("한국어カナ", 5),
    ],
)
def test_estimates(text: str, count: int) -> None:
    assert tokens(text) == count
