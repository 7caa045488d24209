"""Which of the sender's candidate tags fit a memory, by word or by meaning (seed 000)."""

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

NEAR = 1.0
"""Standard deviations above the background at which a tag fits by meaning. On
hand-written pairs that it was not fitted to, a fifth of them across languages, 1.0 lets
through 86 % of fitting and 5 % of unfitting tags, 1.3 80 % and 1 %; one background for
both languages, at its best 1.3, 79 % and 4 %.
"""

MOST = 8
"""Tags a memory keeps at the most."""


async def choose_tags(
    drafts: Sequence[Draft], candidates: Sequence[str], embedder: Embedder
) -> list[Draft]:
    """The drafts with the candidates that fit put before their own tags. One embedding
    a text and a tag.
    """
    if not drafts or not candidates:
        return list(drafts)
    texts = await embedder.passages([draft.text for draft in drafts])
    tags = [await embedder.query(tag) for tag in candidates]
    background = [(is_chinese(tag), await embedder.query(tag)) for tag in BACKGROUND]
    chosen = []
    for draft, text in zip(drafts, texts, strict=True):
        near = {
            language: _limit(
                [_dot(text, tag) for of, tag in background if of == language]
            )
            for language in (True, False)
        }
        fitting = [
            name
            for name, tag in zip(candidates, tags, strict=True)
            if _named(name, draft) or _dot(text, tag) > near[is_chinese(name)]
        ]
        chosen.append(
            replace(draft, tags=tuple(dict.fromkeys([*fitting, *draft.tags]))[:MOST])
        )
    return chosen


def _limit(by_chance: Sequence[float]) -> float:
    return fmean(by_chance) + NEAR * pstdev(by_chance)


def _named(tag: str, draft: Draft) -> bool:
    words = set(terms(tag))
    return bool(words) and words <= set(terms(f"{draft.title} {draft.text}"))


def _dot(vector: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(vector, other, strict=True))
