"""Orders to forget the former or the current one of several: the other one stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.domain.job import Outcome
from shared.domain.memory import Status
from tests.fakes.judge import ScriptedJudge
from tests.unit.orders.test_obey import bench_with, said
from workers.pipeline.orders.forgotten import NO_FORMER
from workers.pipeline.orders.former_or_current import Statement, former_ones


@pytest.mark.parametrize(
    ("before", "after", "order", "stays"),
    [
        (
            "I live at 5 Mill Row in Bath.",
            "I've moved, I live at 8 Quay Street in Truro now.",
            "Forget my old address.",
            "Truro",
        ),
        (
            "My bank is Barclays.",
            "I switched from Barclays to Monzo.",
            "Please forget my former bank.",
            "Monzo",
        ),
        (
            "My boyfriend Theo is a pilot.",
            "Theo and I broke up. My new boyfriend is Ravi.",
            "Forget my ex-boyfriend.",
            "Ravi",
        ),
        (
            "Ich wohne in der Ahornallee 2 in Ulm.",
            "Ich bin umgezogen und wohne jetzt am Markt 7 in Trier.",
            "Lösch bitte meine frühere Adresse.",
            "Trier",
        ),
        (
            "Vivo en la calle Luna 3, Vigo.",
            "Me he mudado, ahora vivo en la calle Mar 8, Cádiz.",
            "Olvida mi antigua dirección.",
            "Cádiz",
        ),
        (
            "J'habite 4 rue Haute à Brest.",
            "J'ai déménagé, j'habite maintenant 6 quai Sud à Metz.",
            "Oublie mon adresse précédente.",
            "Metz",
        ),
        (
            "我住在南京中山路5号",
            "我搬家了，现在住苏州观前街8号",
            "把我以前的地址忘了吧",
            "苏州",
        ),
        (
            "私は仙台市に住んでいます。",
            "引っ越して、今は福岡市に住んでいます。",
            "昔の住所は忘れてください。",
            "福岡",
        ),
        (
            "I live in Bath.",
            "I moved, I live in Truro now.",
            "Forget my current address.",
            "Bath",
        ),
        pytest.param(
            "I live in Bath.",
            "I moved to Truro.",
            "Forget my current address.",
            "Bath",
            marks=pytest.mark.xfail(
                strict=True,
                reason="the network of what is meant takes a move for no address",
            ),
        ),
    ],
)
async def test_the_other_one_stays(
    before: str, after: str, order: str, stays: str
) -> None:
    worker = await bench_with(before, after)
    await said(worker, order, 5)
    [left] = worker.texts()
    assert stays in left


@pytest.mark.parametrize(
    ("known", "order"),
    [
        ("I live at 5 Mill Row in Bath.", "Forget my old address."),
        ("我住在南京。", "忘掉我的旧地址"),
        ("Mi coche es un Seat.", "Olvida mi coche anterior."),
    ],
)
async def test_what_is_known_alone_stays_and_is_named(known: str, order: str) -> None:
    worker = await bench_with(known)
    before = worker.texts()
    job = await said(worker, order, 5)
    assert worker.texts() == before
    assert [receipt.reason for receipt in job.receipts] == [NO_FORMER]
    assert job.receipts[0].other


async def test_a_name_says_which_one_is_meant() -> None:
    worker = await bench_with("I live in Bath.")
    await said(worker, "Forget my old address in Bath.", 5)
    assert worker.texts() == []


async def test_what_was_superseded_goes_and_undo_brings_it_back_as_that() -> None:
    worker = await bench_with("I drive a Seat.", "I sold the Seat, I drive a Fiat now.")
    [old] = [e for e in worker.memories.stored.values() if "a Seat" in e.memory.text]
    [new] = [e for e in worker.memories.stored.values() if "Fiat" in e.memory.text]
    archived = replace(
        old.memory, status=Status.ARCHIVED, valid_until=new.memory.said_at
    )
    current = replace(new.memory, replaced=(archived.id,))
    await worker.memories.put(
        [replace(old, memory=archived), replace(new, memory=current)]
    )
    await said(worker, "Forget my old car.", 5)
    stored = worker.memories.stored
    assert stored[archived.id].memory.status is Status.FORGOTTEN
    assert stored[current.id].memory.status is Status.ACTIVATED
    job = await said(worker, "undo", 6)
    assert [receipt.outcome for receipt in job.receipts] == [Outcome.RESTORED]
    back = stored[archived.id].memory
    assert (back.status, back.valid_until) == (Status.ARCHIVED, archived.valid_until)


async def test_what_shares_only_the_topic_must_surely_have_changed() -> None:
    judge = ScriptedJudge({("a", "b"): ("update", 0.8)})
    near = [Statement("a", 1, is_near=True), Statement("b", 2, is_near=True)]
    assert await former_ones(judge, near) == ([True, False], [False, True])
    alike = [Statement("a", 1, is_near=False), near[1]]
    assert await former_ones(judge, alike) == ([False, False], [False, False])
