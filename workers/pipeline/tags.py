"""Which of the sender's candidate tags fit a memory, by word or by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean, pstdev

from shared.domain.extraction import Draft
from shared.language.words import is_chinese, terms
from shared.ports import Embedder

BACKGROUND = (
    "travel",
    "food",
    "work",
    "health",
    "music",
    "money",
    "family",
    "school",
    "sport",
    "weather",
    "film",
    "computer",
    "旅行",
    "饮食",
    "工作",
    "健康",
    "音乐",
    "金钱",
    "家庭",
    "学校",
    "运动",
    "天气",
    "电影",
    "电脑",
)
"""Everyday tags that stand for "any tag": how near they lie to a text tells how near a
tag lies by chance. With the default embedder cosines of unrelated pairs vary with the
text more than with the tag, so no fixed threshold would do; and tags of the text's own
language lie nearer than those of the other one, so a tag is measured against those of
its own.
"""

NEAR = 0.75
"""Standard deviations above the background at which a tag fits by meaning. Set on
statements that no model was trained on, in a dozen languages (`tests.benchmarks.tags`):
0.75 lets through 90 % of fitting and 29 % of unfitting tags, 0.5 95 % and 32 %, 2.0 72 %
and 13 %.
"""

MAX_TAGS = 8
"""Tags that a memory keeps."""


async def choose_tags(
    drafts: Sequence[Draft], candidates: Sequence[str], embedder: Embedder
) -> list[Draft]:
    """The drafts with the candidates that fit put before their own tags, where their
    extractor has not chosen among them. One embedding a text and a tag.
    """
    if all(draft.tagged for draft in drafts):
        return list(drafts)
    if not drafts or not candidates:
        return list(drafts)
    texts = await embedder.passages([draft.text for draft in drafts])
    tags = {tag: await embedder.query(tag) for tag in candidates}
    background = [(is_chinese(tag), await embedder.query(tag)) for tag in BACKGROUND]
    chosen = []
    for draft, text in zip(drafts, texts, strict=True):
        if draft.tagged:
            chosen.append(draft)
            continue
        limits = {}
        for chinese in (True, False):
            near = [_dot(text, tag) for is_zh, tag in background if is_zh == chinese]
            limits[chinese] = fmean(near) + NEAR * pstdev(near)
        words = set(terms(f"{draft.title} {draft.text}"))
        fitting = []
        for tag, vector in tags.items():
            tag_words = set(terms(tag))
            is_named = bool(tag_words) and tag_words <= words
            if is_named or _dot(text, vector) > limits[is_chinese(tag)]:
                fitting.append(tag)
        own = dict.fromkeys([*fitting, *draft.tags])
        chosen.append(replace(draft, tags=tuple(own)[:MAX_TAGS]))
    return chosen


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
