"""Where Chinese dates end within another word: 十年后端开发, 以前天天加班, 这周边的餐厅.

Chinese writes no spaces, so what looks like a date may be half of the word beside it.
The dictionary of `rjieba` parts them; what it does not know stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

_COMPOUNDS = frozenset("端 厨 验 摇 浪 厅 锋 座".split())
"""What makes a word of a 前 or 后 before it that the dictionary parts: 后端, 后厨."""
_ACQUIRED = tuple(
    """
    性 的努力 努力 养成 形成 培养 环境 因素 习得 获得 失明 失聪 发育 造成 免疫 残疾 教育
    条件 优势
    """.split()
)
"""What stands behind 后天 where it means acquired, not a day."""
_WORKS = ("今日头条", "今日说法", "明日方舟", "明日之后", "昨日重现", "昨日世界")
"""Names of works that begin with a day."""
_CLEAR = ("今", "明", "昨", "去", "五一", "十一")
"""How dates begin that are no half of a word behind them: 今早就."""
_PARTED = frozenset("说明 说后 我国 从今天起 从今年起".split())
"""Words that are more often two where a date begins within them: 说明年."""
_NAME, _TIME = "nr", "t"
"""Kinds of words that a date may be a part of: what is taken for a name, and times
behind a date, 今天下午.
"""


class _Word(NamedTuple):
    start: int
    end: int
    kind: str


def is_of_words(text: str, start: int, end: int) -> bool:
    """Whether what stands from `start` to `end` of a text is made of whole words."""
    said = text[start:end]
    if text.startswith(_WORKS, start):
        return False
    if said == "后天" and text.startswith(_ACQUIRED, end):
        return False
    words = _words(text)
    return _begins_word(text, words[start], start) and _ends_word(
        text, words, start, end
    )


def _begins_word(text: str, word: _Word, start: int) -> bool:
    is_whole = word.start == start or word.kind == _NAME
    is_whole = is_whole or text[word.start : start] == "下"  # 理一下下个月的账
    return is_whole or text[word.start : word.end] in _PARTED


def _ends_word(text: str, words: Mapping[int, _Word], start: int, end: int) -> bool:
    behind = words.get(end)
    if behind is None:
        return True
    if behind.start == end:
        is_side = text[end - 1] in "前后後"
        return not (is_side and text[end : behind.end] in _COMPOUNDS)
    is_clear = text.startswith(_CLEAR, start) or text[end] == "才"  # 后天才到
    if behind.kind in (_NAME, _TIME) or behind.start == start or is_clear:
        return True
    following, kind = next(_tagged(text[end : end + _FOLLOWING]), ("", ""))
    is_verb = kind == "v" and text[end - 1] in "周週"  # 下周转去 is no 周转
    return is_verb or len(following) > behind.end - end  # 前天下楼 is no 天下


_FOLLOWING = 8
"""Characters behind a date that are parted anew."""


def _tagged(text: str) -> Iterator[tuple[str, str]]:
    import rjieba  # see `shared.language.words`

    yield from rjieba.tag(text, False)


@lru_cache(maxsize=4)
def _words(text: str) -> Mapping[int, _Word]:
    """The word that each character of a text belongs to, by the character's place."""
    words: dict[int, _Word] = {}
    at = 0
    for said, kind in _tagged(text):
        word = _Word(at, at + len(said), kind)
        words |= dict.fromkeys(range(at, word.end), word)
        at = word.end
    return words
