"""Which memories an order means, with the models that come along: those, and no others."""

from __future__ import annotations

import pytest

from shared.adapters.onnx.classifier import OnnxMessageReader
from shared.adapters.onnx.embedder import OnnxEmbedder
from workers.pipeline.orders.matching import Matcher
from workers.pipeline.orders.telling_words import named
from workers.pipeline.orders.wordings import language_of, orders_in

EN = (
    "The user's gym locker number is 212.",
    "The user's gym locker is next to the sauna.",
    "The user's phone number is 0161 496 0011.",
    "The user lives at 14 Birch Lane, Leeds.",
    "The user's sister Dana lives in Oslo.",
    "Dana is allergic to walnuts.",
    "The user's birthday is on 8 July.",
    "The user's mother's birthday is on 3 May.",
    "The user earns 34,000 pounds a year.",
)
ZH = (
    "用户的储物柜号码是212。",
    "用户的储物柜在桑拿房旁边。",
    "用户住在杭州市文三路88号。",
    "用户的妹妹小雨住在成都。",
    "小雨对花生过敏。",
    "用户月薪一万二。",
)
DE = (
    "User: Ich wohne in der Lindenstraße 4 in Leipzig.",
    "User: Meine Handynummer ist 0151 2345678.",
    "User: Meine Schwester Dana wohnt in Kiel.",
    "User: Mein Gehalt beträgt 3200 Euro.",
)
FR = (
    "User: J'habite 12 rue des Lilas à Lyon.",
    "User: Mon numéro de téléphone est le 06 12 34 56 78.",
    "User: Je gagne 2100 euros par mois.",
)
JA = (
    "User: 娘のさくらはピアノを習っています。",
    "User: 住所は札幌市北区1-2です。",
    "User: 歯医者は木村先生です。",
)
RU = (
    "User: Моя дочь Аня ходит в школу номер 5.",
    "User: Мой врач — доктор Петрова.",
)


@pytest.mark.parametrize(
    ("order", "texts", "meant"),
    [
        ("Please forget my gym locker number.", EN, {0}),
        ("Forget my address", EN, {3}),
        ("Delete everything you know about Dana", EN, {4, 5}),
        ("Forget my birthday", EN, {6}),
        ("Forget my mother's birthday", EN, {7}),
        ("Erase my salary from your memory", EN, {8}),
        ("Forget my wifi password", EN, set()),
        ("Forget my car", EN, set()),
        ("忘记我的储物柜号码", ZH, {0}),
        ("删除我的地址", ZH, {2}),
        ("请忘掉小雨", ZH, {3, 4}),
        ("忘掉我的工资", ZH, {5}),
        ("Vergiss meine Adresse", DE, {0}),
        ("Lösche alles, was du über Dana weißt", DE, {2}),
        ("Vergiss mein Auto", DE, set()),
        ("Oublie mon adresse", FR, {0}),
        ("Efface mon salaire", FR, {2}),
        ("さくらのことは全部忘れて", JA, {0}),
        ("住所は忘れてください", JA, {1}),
        ("Удали всё про Аню.", RU, {0}),
    ],
)
async def test_an_order_means_what_it_names(
    order: str, texts: tuple[str, ...], meant: set[int]
) -> None:
    [wording] = orders_in(order)
    matcher = Matcher(OnnxEmbedder(), OnnxMessageReader())
    thing = named(wording.named[0], language_of(wording.language))
    chosen = await matcher.about(thing, texts)
    assert {place for place, is_meant in enumerate(chosen) if is_meant} == meant
