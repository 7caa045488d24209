"""An order that is taken back: in the same message, in the next one, from elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.adapters.onnx.classifier import OnnxMessageReader
from shared.domain.job import Outcome
from shared.domain.message import ToolCall
from tests.unit.extract.talks import said, talk
from tests.unit.orders.test_obey import LOCKER, bench_with
from tests.unit.orders.test_obey import said as told
from tests.unit.pipeline.worker_bench import SCOPE
from workers.pipeline.orders.obey import UNDO_OF_WHAT, UNDONE
from workers.pipeline.orders.orders_in_talk import take_orders

FORGOTTEN_AND_UNDONE = [
    ("Forget Otto's PIN.", "Actually, undo that."),
    ("Vergiss Ottos PIN.", "Mach das wieder rückgängig."),
    ("Olvida el PIN de Otto.", "Deshazlo."),
    ("Oublie le code d'Otto.", "Annule ça."),
    ("忘掉奥托的密码。", "撤销。"),
    ("オットーの暗証番号を忘れて。", "取り消して。"),
]


@pytest.mark.parametrize(("order", "undo"), FORGOTTEN_AND_UNDONE)
async def test_an_order_that_is_undone_in_the_same_talk_is_not_carried_out(
    order: str, undo: str
) -> None:
    reader = OnnxMessageReader()
    in_one = talk(("user", f"{order} {undo}"))
    in_two = talk(("user", order), ("assistant", "OK."), ("user", undo))
    for said_so in (in_one, in_two):
        left, orders = await take_orders(said_so, reader)
        assert not left.messages
        assert [order.kind for order in orders] == ["undone"]


async def test_of_two_orders_the_last_one_is_undone() -> None:
    lines = ["My dog is 3. Forget my rent.", "Forget my PIN. Undo that."]
    given = talk(*(("user", line) for line in lines))
    left, orders = await take_orders(given, OnnxMessageReader())
    assert [message.text for message in left.messages] == ["My dog is 3."]
    assert [(o.kind, o.named) for o in orders] == [
        ("forget", ("my rent",)),
        ("undone", ()),
    ]


async def test_what_was_not_to_be_stored_is_stored_when_that_is_undone() -> None:
    sold = "I sold my red boat in Porto last week."
    given = talk(("user", f"{sold} Don't save that."), ("user", "Undo that."))
    left, _ = await take_orders(given, OnnxMessageReader())
    assert [message.text for message in left.messages] == [sold]


@pytest.mark.parametrize(
    "text", ["Paint it red. Undo that.", "How do I undo a commit?"]
)
async def test_what_else_is_undone_is_no_order(text: str) -> None:
    left, orders = await take_orders(talk(("user", text)), OnnxMessageReader())
    assert not orders and [message.text for message in left.messages] == [text]


async def test_undo_between_other_matters_brings_nothing_back_and_says_so() -> None:
    worker = await bench_with(LOCKER)
    await told(worker, "Forget my gym locker number", 5)
    await told(worker, "Paint the fence red.", 6)
    job = await told(worker, "undo", 7)
    assert [receipt.reason for receipt in job.receipts] == [UNDO_OF_WHAT]
    assert worker.texts() == []


async def test_undo_in_a_new_conversation_undoes_what_went_last() -> None:
    worker = await bench_with(LOCKER)
    before = worker.texts()
    await told(worker, "Forget my gym locker number", 5)
    job = await told(worker, "undo", 6, scope=replace(SCOPE, conversation="another"))
    assert [receipt.outcome for receipt in job.receipts] == [Outcome.RESTORED]
    assert worker.texts() == before


async def test_undo_that_an_assistant_answers_with_a_tool_is_said_to_the_tool() -> None:
    call = ToolCall("1", "undo_edit", "{}")
    messages = (
        said("user", "undo", 0),
        said("assistant", "", 1, tool_calls=(call,)),
    )
    given = replace(talk(), messages=messages)
    _, orders = await take_orders(given, OnnxMessageReader())
    assert [order.is_guessed for order in orders] == [True]


async def test_an_undone_order_has_a_receipt_and_leaves_all_as_it_was() -> None:
    worker = await bench_with(LOCKER)
    before = worker.texts()
    job = await told(worker, "Forget my gym locker number. Undo that.", 5)
    assert [receipt.reason for receipt in job.receipts] == [UNDONE]
    assert worker.texts() == before
