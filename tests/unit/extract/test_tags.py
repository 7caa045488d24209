"""Candidate tags fit by word or by meaning, with the real embedder."""

from __future__ import annotations

import pytest

from shared.adapters.onnx.embedder import OnnxEmbedder
from shared.domain.extraction import Draft
from shared.domain.memory import Type
from workers.pipeline.tags import choose_tags

PAIRS = [
    ("上海，12月10日，阴天，气温为8-12度。", "天气 阴天", "美食 编程 旅行"),
    (
        "User plans a trip to Kyoto in autumn with the whole family",
        "travel family vacation",
        "finance cooking programming",
    ),
    ("The user is allergic to peanuts", "health allergy food", "sports music finance"),
    (
        "The user's quarterly report is due on Friday",
        "work deadline business",
        "cooking sports pets",
    ),
    ("用户对花生过敏", "健康 过敏", "音乐 工作 编程"),
    (
        "Hedda adopted a puppy named Max last week",
        "pets animals dog",
        "finance travel code",
    ),
    ("用户下周要去北京出差，需要订酒店", "出差 旅行 酒店", "音乐 宠物 健身"),
    (
        "The deployment failed because the database password had expired",
        "devops incident technology",
        "food family sports",
    ),
    ("用户买了一台新的MacBook，用来剪视频", "电子产品 购物 视频", "饮食 运动 天气"),
    (
        "I signed up for a half marathon in May and train three times a week",
        "fitness running sports",
        "cooking finance music",
    ),
    ("助手推荐了三家川菜馆", "美食 餐厅", "编程 保险 宠物"),
    ("用户下周要去北京出差", "travel", "music pets"),
    ("I love hiking in the mountains", "徒步 户外", "编程 股票"),
    ("用户对海鲜过敏", "allergy food health", "finance programming"),
    (
        "The user pays 1,200 euros rent and wants to save 300 a month",
        "finance budget money",
        "music pets sports",
    ),
]


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    return OnnxEmbedder()


async def test_fitting_tags_are_chosen_and_others_are_not(
    embedder: OnnxEmbedder,
) -> None:
    right = wrong = of_right = of_wrong = 0
    for text, fitting, unfitting in PAIRS:
        [draft] = await choose_tags(
            [Draft(Type.WORKING, text)],
            [*fitting.split(), *unfitting.split()],
            embedder,
        )
        right, of_right = (
            right + len(set(draft.tags) & set(fitting.split())),
            of_right + len(fitting.split()),
        )
        wrong, of_wrong = (
            wrong + len(set(draft.tags) & set(unfitting.split())),
            of_wrong + len(unfitting.split()),
        )
    assert right / of_right >= 0.9
    assert wrong / of_wrong <= 0.1


async def test_own_tags_stay_behind_the_chosen_ones(embedder: OnnxEmbedder) -> None:
    [draft] = await choose_tags(
        [Draft(Type.WORKING, "阴天，气温8度", tags=("气温",))], ["阴天"], embedder
    )
    assert draft.tags == ("阴天", "气温")


async def test_without_candidates_nothing_changes(embedder: OnnxEmbedder) -> None:
    drafts = [Draft(Type.WORKING, "x", tags=("y",))]
    assert await choose_tags(drafts, [], embedder) == drafts
