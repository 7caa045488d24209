"""The number of tokens of a text, estimated: it serves limits, so no tokenizer is loaded."""

from __future__ import annotations

import re
from bisect import bisect_right

_WIDE = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
"""Chinese, Japanese and Korean characters, and full-width forms."""

_NARROW_PER_TOKEN = 4
"""Characters of a token in other scripts: the usual rule of thumb."""


def tokens(text: str) -> int:
    """One for each Chinese, Japanese or Korean character, one for every four others,
    rounded up.
    """
    wide = len(_WIDE.findall(text))
    narrow = len(text) - wide
    return wide + -(-narrow // _NARROW_PER_TOKEN)


def beginning(text: str, most: int) -> str:
    """As much of the beginning as has at most so many tokens, with "…" where that is not
    all.
    """
    if tokens(text) <= most:
        return text
    lengths = range(len(text) + 1)
    length = bisect_right(lengths, most - 1, key=lambda size: tokens(text[:size])) - 1
    return f"{text[: max(0, length)].rstrip()}…"
