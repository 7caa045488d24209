"""How orders to the memory are worded: the examples of every language."""

from __future__ import annotations

from typing import Any

import pytest

from workers.pipeline.orders.wordings import (
    is_no_order,
    language_of,
    orders_in,
    rows_of_all,
    without,
)

ROWS = rows_of_all()
ORDERS = [(code, order) for code, rows in ROWS.items() for order in rows["orders"]]
OTHERS = [(code, text) for code, rows in ROWS.items() for text in rows["others"]]


@pytest.mark.parametrize(("code", "order"), ORDERS)
def test_orders_are_recognised(code: str, order: dict[str, Any]) -> None:
    [wording] = orders_in(order["text"])
    assert wording.kind == order["kind"]
    assert list(wording.named) == order["named"]


@pytest.mark.parametrize(("code", "text"), OTHERS)
def test_what_only_looks_like_an_order_is_none(code: str, text: str) -> None:
    assert not orders_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Don't forget that I'm diabetic.",
        "Vergiss nicht, dass ich faste.",
        "别忘了我吃素",
    ],
)
def test_a_wish_to_remember_is_no_order_to_forget(text: str) -> None:
    assert is_no_order(text)


@pytest.mark.parametrize(
    "text", ["I'm pregnant, please don't save that.", "我在看心理医生，别记下来。"]
)
def test_an_order_may_end_the_sentence_that_it_keeps_out(text: str) -> None:
    assert [wording.kind for wording in orders_in(text)] == ["withhold"]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Forget my old address. I live in Bray now.", "I live in Bray now."),
        ("Delete my old address, we moved to Bray.", "we moved to Bray."),
        ("Please forget my locker number.", ""),
        ("忘掉我的地址。我现在住在杭州。", "我现在住在杭州。"),
    ],
)
def test_what_else_is_said_remains(text: str, rest: str) -> None:
    assert without(text, orders_in(text)) == rest


WHEN = [(code, row) for code, rows in ROWS.items() for row in rows["when"]]


@pytest.mark.parametrize(("code", "row"), WHEN)
def test_an_order_says_which_of_several_it_means(
    code: str, row: dict[str, str]
) -> None:
    when, rest = language_of(code).times.taken_from(row["named"])
    assert (when, rest) == (row["when"], row["rest"])
