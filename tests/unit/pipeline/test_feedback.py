"""Feedback changes what is remembered, or says that it is unclear."""

from __future__ import annotations

from typing import Any

import pytest

from shared.adapters.onnx.classifier import OnnxMessageReader, OnnxRelationJudge
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.domain.job import Outcome, State
from shared.domain.job_payload import FeedbackPayload
from shared.domain.scope import Scope
from tests.fakes.memories import FakeMemories
from tests.unit.pipeline.worker_bench import SCOPE, WorkerBench
from workers.pipeline.corrections import denied, replacement
from workers.pipeline.extract.builtin_extractor import BuiltInExtractor


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Replace 'Acme' with 'Globex' everywhere.", ("Acme", "Globex")),
        ("please change all Acme to Globex", ("Acme", "Globex")),
        ("把小王改成小黄", ("小王", "小黄")),
        ("请将所有的“北京”替换为“上海”。", ("北京", "上海")),
        ("I replaced my phone with a new one, change is good", None),
        ("不对，我住在上海", None),
    ],
)
def test_replacements_are_distinguished_from_corrections(
    text: str, words: tuple[str, str] | None
) -> None:
    assert replacement(text) == words


def test_what_is_denied_is_found() -> None:
    assert denied("I live in Shanghai now, not in Beijing.") == ["Beijing"]
    assert denied("我现在住在上海，不是北京。") == ["北京"]


async def bench_with(*texts: str) -> WorkerBench:
    reader = OnnxMessageReader()
    embedder: Any = OnnxEmbedder()
    worker = WorkerBench(
        extractor=BuiltInExtractor(reader),
        embedder=embedder,
        reader=reader,
        judge=OnnxRelationJudge(),
    )
    for number, text in enumerate(texts):
        await worker.run(
            await worker.accepted(
                text, name=f"earlier {number}", arrived=1_750_000_000_000 + number
            )
        )
    return worker


async def give_feedback(
    worker: WorkerBench, words: str, payload: FeedbackPayload = FeedbackPayload()
) -> None:
    job = await worker.accepted(
        words, name=words, payload=payload, arrived=1_750_000_100_000
    )
    await worker.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    assert await worker.run(job) is None
    assert worker.job(job).state is State.COMPLETED


async def test_words_are_replaced_everywhere_and_nowhere_else() -> None:
    worker = await bench_with(
        "I work at Acme in Oslo.",
        "My boss at Acme is Ada.",
        "Acmeville is a town I like to visit.",
    )
    await give_feedback(worker, "Replace Acme with Globex")
    texts = sorted(worker.texts())
    assert [("Globex" in text, "Acme " in text) for text in texts] == [
        (False, False),
        (True, False),
        (True, False),
    ]
    assert len(texts) == 3


async def test_a_correction_wins_over_what_it_denies() -> None:
    worker = await bench_with("I have a dog called Rex.", "I live in Beijing.")
    await give_feedback(
        worker, "No, that's wrong. I live in Shanghai now, not in Beijing."
    )
    assert [text for text in worker.texts() if "Shanghai" in text]
    assert not [text for text in worker.texts() if text == "The user lives in Beijing."]
    assert [text for text in worker.texts() if "Rex" in text]
    assert (
        max(
            memory.confidence
            for memory in worker.remembered()
            if "Shanghai" in memory.text
        )
        == 0.99
    )


@pytest.mark.parametrize("words", ["That's wrong.", "不对！", "Is that right?"])
async def test_what_is_unclear_changes_nothing_and_says_so(words: str) -> None:
    worker = await bench_with("I live in Beijing.")
    before = worker.texts()
    job = await worker.accepted(
        words, name="unclear", payload=FeedbackPayload(), arrived=1_750_000_100_000
    )
    await worker.memories.delete_where(SCOPE.project, fast_of_job=job.id)
    await worker.run(job)
    assert worker.texts() == before
    [receipt] = worker.job(job).receipts
    assert receipt.outcome is Outcome.DROPPED and "unclear" in receipt.reason


@pytest.mark.parametrize(
    ("known", "words", "wrong", "right"),
    [
        (
            ["The spare key is under the third flowerpot.", "My mailbox is blue."],
            "Wrong. The spare key is in the mailbox.",
            "flowerpot",
            "mailbox is blue",
        ),
        (
            ["Ich wohne in Kassel.", "Meine Schwester wohnt in Kiel."],
            "Das stimmt nicht: ich wohne in Fulda, bitte ändern",
            "Kassel",
            "Kiel",
        ),
        (
            ["我的牙医是王医生。", "我养了一只猫。"],
            "错了，我的牙医是陈医生。",
            "王医生",
            "猫",
        ),
        (
            ["The alarm code is 2290.", "My dentist is Dr. Kaur."],
            "You have the wrong alarm code, it's 3817",
            "2290",
            "Kaur",
        ),
        (
            ["Mi hermana se llama Laura.", "Mi gata se llama Luna."],
            "No, mi hermana se llama Lucía",
            "Laura",
            "Luna",
        ),
    ],
)
async def test_what_is_called_wrong_goes_and_nothing_else(
    known: list[str], words: str, wrong: str, right: str
) -> None:
    worker = await bench_with(*known)
    await give_feedback(worker, words)
    texts = worker.texts()
    assert not [text for text in texts if wrong in text], texts
    assert [text for text in texts if right in text], texts
    assert len(texts) == len(known), texts
    opening = words.split()[0].strip(".,")
    assert not [text for text in texts if opening in text and opening != "错了"], texts


async def test_what_is_called_wrong_where_nothing_is_near_is_remembered() -> None:
    worker = await bench_with("I have a dog called Rex.")
    await give_feedback(worker, "Wrong. The spare key is in the mailbox.")
    assert len(worker.texts()) == 2


async def test_named_memories_are_corrected_even_if_nothing_near_is_found() -> None:
    worker = await bench_with("I live in Beijing.", "My office is in Beijing.")

    class FindsNothing(FakeMemories):
        async def similar(self, *given: Any) -> Any:
            vectors = given[2]
            return [[] for _ in vectors]

    memories = FindsNothing()
    memories.stored = worker.memories.stored
    worker.memories = memories
    [home] = [memory for memory in worker.remembered() if "lives" in memory.text]
    words = "No, I live in Shanghai, not in Beijing."
    await give_feedback(worker, words, FeedbackPayload((home.id,)))
    assert home.text not in worker.texts()
    assert [text for text in worker.texts() if "office" in text]


async def test_memories_of_others_that_are_named_stay_as_they_are() -> None:
    worker = await bench_with("I live in Beijing.")
    [home] = worker.remembered()
    words, other = "Replace Beijing with Shanghai", Scope(SCOPE.project, "bob", "talk")
    job = await worker.accepted(
        words, scope=other, payload=FeedbackPayload((home.id,)), name="of bob"
    )
    await worker.run(job)
    assert worker.texts() == [home.text]


@pytest.mark.parametrize(
    ("known", "words", "subject", "right"),
    [
        ("我的火车是周三下午两点。", "不对，是周四下午三点。", "火车", "周四"),
        ("我的工位在二楼。", "错了，在六楼。", "工位", "六楼"),
        ("我儿子今年九岁。", "不对，是十岁。", "儿子", "十岁"),
        ("家长会定在上午九点。", "错了，是十点。", "家长会", "十点"),
        ("父の誕生日は4月2日です。", "違います、4月12日です。", "父の誕生日", "12日"),
        (
            "아빠 생일은 4월 2일이에요.",
            "아니요, 4월 12일이에요.",
            "아빠 생일",
            "12일",
        ),
    ],
)
async def test_a_corrected_value_says_of_what_it_is(
    known: str, words: str, subject: str, right: str
) -> None:
    worker = await bench_with(known, "我住在苏州。")
    await give_feedback(worker, words)
    [text] = [text for text in worker.texts() if right in text]
    assert subject in text
    assert not [t for t in worker.texts() if subject in t and right not in t]
    assert [text for text in worker.texts() if "苏州" in text]


async def test_a_value_of_nothing_known_is_unclear() -> None:
    worker = await bench_with("我喜欢爬山。")
    before = worker.texts()
    await give_feedback(worker, "错了，在六楼。")
    assert worker.texts() == before
