"""Which of the sender's candidate tags fit a memory, by word or by meaning (seed 000)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean, pstdev

from shared.domain.extraction import Draft
from shared.language.words import terms
from shared.ports import Embedder

BACKGROUND = (
    "travel", "food", "work", "health", "music", "money", "family", "school", "sport", "weather", "film", "computer",
    "旅行", "饮食", "工作", "健康", "音乐", "金钱", "家庭", "学校", "运动", "天气", "电影", "电脑",
)
"""Everyday tags that stand for "any tag": how near they lie to a text tells how near a tag lies by chance. With the default embedder
cosines of unrelated pairs vary with the text more than with the tag, so no fixed threshold would do."""

NEAR = 1.3
"""Standard deviations above the background at which a tag fits by meaning. On the hand-written pairs of tests/unit/extract/test_tags.py
1.25 lets through 97 % of fitting and 6 % of unfitting tags, 1.5 82 % and none."""

MOST = 8
"""Tags a memory keeps at the most."""


async def choose_tags(drafts: Sequence[Draft], candidates: Sequence[str], embedder: Embedder) -> list[Draft]:
    """The drafts with the candidates that fit put before their own tags. One embedding a text and a tag."""
    if not drafts or not candidates:
        return list(drafts)
    texts = await embedder.passages([draft.text for draft in drafts])
    tags = [await embedder.query(tag) for tag in candidates]
    background = [await embedder.query(tag) for tag in BACKGROUND]
    chosen = []
    for draft, text in zip(drafts, texts, strict=True):
        near = _limit([_dot(text, tag) for tag in background])
        fitting = [name for name, tag in zip(candidates, tags, strict=True) if _named(name, draft) or _dot(text, tag) > near]
        chosen.append(replace(draft, tags=tuple(dict.fromkeys([*fitting, *draft.tags]))[:MOST]))
    return chosen


def _limit(by_chance: Sequence[float]) -> float:
    return fmean(by_chance) + NEAR * pstdev(by_chance)


def _named(tag: str, draft: Draft) -> bool:
    words = set(terms(tag))
    return bool(words) and words <= set(terms(f"{draft.title} {draft.text}"))


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
