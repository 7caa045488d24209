"""Orders to forget in wordings that no list has: the reader hears that they are some, and what they
mean is looked for by their own words. The models decide: most rows, not each.
"""

from __future__ import annotations

import pytest

from tests.unit.orders.test_obey import bench_with, said
from workers.pipeline.orders.other_words import guessed
from workers.pipeline.orders.wordings import orders_in

ORDERS = [
    ("I weigh 94 kilos.", "I love hiking.", "Scrub my weight from your notes, please."),
    ("I was born on 9 May.", "I love tea.", "Kick my birthday out of your records."),
    ("I earn 34,000 pounds.", "I ski.", "Act as if I'd never mentioned my salary."),
    ("I was diagnosed with lupus.", "I bake.", "Cut my diagnosis from your records."),
    ("我前妻姓冯，在郑州做美容。", "我喜欢爬山。", "关于我前妻的内容，都帮我清掉吧。"),
    ("我住在海棠路88号。", "我爱喝茶。", "我家地址从记录里拿掉。"),
    ("我去年离婚了。", "我会弹钢琴。", "我说的离婚那事，当我没提。"),
    ("月給は28万円です。", "山登りが好きです。", "私の給料は聞かなかったことにして。"),
    (
        "Ich verdiene 3200 Euro.",
        "Ich wandere.",
        "Nimm mein Gehalt aus deinem Gedächtnis.",
    ),
    (
        "Mi ex se llama Lola.",
        "Me gusta el té.",
        "Haz como si nunca te hubiera contado lo de mi ex.",
    ),
    (
        "Mon ex s'appelle Paul.",
        "J'aime la randonnée.",
        "Fais comme si je ne t'avais jamais parlé de mon ex.",
    ),
    ("내 전화번호는 010-1234-5678이야.", "나는 등산을 좋아해.", "내 전화번호 빼줘."),
]
RIGHT = 10
"""Rows that must be right."""


async def _is_right(known: str, other: str, order: str) -> bool:
    worker = await bench_with(known, other)
    before = worker.texts()
    await said(worker, order, 5)
    left = worker.texts()
    return len(left) == 1 and set(left) < set(before) and _is_of(other, left[0])


def _is_of(said: str, memory: str) -> bool:
    """Whether a memory was made of something said: it ends alike."""
    return memory.rstrip(".。")[-3:] == said.rstrip(".。")[-3:]


async def test_an_order_in_other_words_is_obeyed() -> None:
    wrong = [row for row in ORDERS if not await _is_right(*row)]
    assert len(ORDERS) - len(wrong) >= RIGHT, wrong


@pytest.mark.parametrize("order", [row[2] for row in ORDERS])
def test_no_wording_has_them(order: str) -> None:
    assert not orders_in(order)


@pytest.mark.parametrize(
    ("known", "message"),
    [
        ("My old number is 555-0101.", "I've deleted my old number from my phone."),
        ("My ex lives in Kiel.", "Pretend you are a pirate and write to my ex."),
        ("我前妻姓冯。", "我前妻把旧照片都清了。"),
        ("Meine alte Nummer ist 0151.", "Ich habe meine alte Nummer gelöscht."),
        ("I take lisinopril.", "Don't let me forget my pills, never."),
    ],
)
async def test_what_tells_or_asks_something_else_takes_nothing(
    known: str, message: str
) -> None:
    worker = await bench_with(known)
    [before] = worker.texts()
    await said(worker, message, 5)
    assert before in worker.texts()


@pytest.mark.parametrize(
    ("text", "name", "language"),
    [
        ("Scrub my weight from your notes, please.", "my weight", "en"),
        ("Pretend I never told you about my ex.", "my ex", "en"),
        ("Tu so, als hätte ich nie von meiner Ex erzählt.", "meiner Ex erzählt", "de"),
        ("我家地址从记录里拿掉。", "我家地址从记录里拿掉。", "zh"),
    ],
)
def test_it_names_the_last_thing_of_the_users_own(
    text: str, name: str, language: str
) -> None:
    wording = guessed(text)
    assert (wording.named, wording.language) == ((name,), language)
    assert (wording.start, wording.end) == (0, len(text))
