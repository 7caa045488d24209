"""What an order names goes out of its own message, too; what only corrects is no order."""

from __future__ import annotations

import pytest

from tests.unit.orders.test_obey import bench_with


@pytest.mark.parametrize(
    ("text", "stays", "gone"),
    [
        (
            "My address is 12 Elm Row, Leeds and I've got two cats. Forget my address.",
            "cats",
            "Elm",
        ),
        ("我住在中山路8号，养了两只猫。忘掉我的地址吧。", "两只猫", "中山路"),
        (
            "Ich wohne in der Gartenstraße 5 und habe zwei Katzen. Vergiss meine Adresse.",
            "zwei Katzen",
            "Gartenstraße",
        ),
        (
            "J'habite 5 rue des Lilas et j'ai deux chats. Oublie mon adresse.",
            "deux chats",
            "Lilas",
        ),
        (
            "my pin is 4471 and my dog is called rex. forget my pin please",
            "rex",
            "4471",
        ),
    ],
)
async def test_what_stands_before_an_order_goes_and_the_rest_stays(
    text: str, stays: str, gone: str
) -> None:
    left = " ".join((await bench_with(text)).texts())
    assert stays in left and gone not in left


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("I'm moving. Forget my old address. My new address is 5 Birch Lane.", "Birch"),
        ("My PIN is 4471. Forget my PIN. My PIN is 9920.", "9920"),
        (
            "I work at Acme as a nurse. Please forget where I work. I work at Globex as a nurse.",
            "Globex",
        ),
        ("我住在北京市海淀区。忘掉我的地址。我住在北京市朝阳区。", "朝阳区"),
    ],
)
async def test_what_is_said_behind_an_order_stays(text: str, stays: str) -> None:
    assert stays in " ".join((await bench_with(text)).texts())


async def test_a_plan_that_is_scrapped_is_not_forgotten() -> None:
    plan = "My brother wants a big party, I booked lunch at the Orangery for 8 people."
    worker = await bench_with(plan, "scrap that, Joe won. village hall, 40 people")
    left = " ".join(worker.texts())
    assert "Orangery" in left and "village hall" in left


@pytest.mark.parametrize(
    "order",
    [
        "delete that please",
        "Delete that. My sister would be angry if anyone read it.",
        "Lösch das. Meine Frau darf das nicht lesen.",
        "Borra eso. Mi jefe podría leerlo.",
    ],
)
async def test_an_order_to_delete_what_was_said_still_is_one(order: str) -> None:
    worker = await bench_with("My locker code is 8812.", order)
    assert "8812" not in " ".join(worker.texts())
