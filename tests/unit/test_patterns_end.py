"""No expression and no reader of text takes time that doubles with what is repeated in
it: `re` lets nothing else of its process run meanwhile.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.pattern_attacks import ROOT
from workers.pipeline.orders.wordings import rows_of_all

LONGEST_S = 400
"""A child that has not ended by then is in an expression without an end."""
READ_ORDERS = """
import sys
from workers.pipeline.orders.wordings import orders_in
for text in sys.stdin.read().split("\\0"):
    orders_in(text)
"""


def in_child(*arguments: str, given: str = "", seconds: float = LONGEST_S) -> str:
    """What a child process prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        input=given,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=True,
    )
    return done.stdout


def test_every_expression_ends() -> None:
    counted, *endless = in_child("-m", "tests.support.pattern_attacks").splitlines()
    assert int(counted.split()[0]) > 1000
    assert not endless, "\n".join(endless)


@pytest.mark.parametrize("code", sorted(rows_of_all()))
def test_what_is_repeated_around_orders_is_read(code: str) -> None:
    rows = rows_of_all()[code]
    said = [word.replace("?", "") for word in rows["polite"] + rows["tail"]]
    marks = ("", " ", ", ", "、")
    texts = [(word + mark) * 40 + "gym" for word in said for mark in marks]
    texts += ["Monday" + space * 40 + "gym" for space in " \t\u3000"]
    in_child("-c", READ_ORDERS, given="\0".join(texts))


def test_long_texts_are_read_in_time() -> None:
    late = in_child("-m", "tests.support.long_texts").splitlines()
    assert not late, "\n".join(late)
