"""How many tokens a text is about: for limits, so an estimate will do and no tokenizer is loaded."""

from __future__ import annotations

import re

_WIDE = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_NARROW_PER_TOKEN = 4


def tokens(text: str) -> int:
    """One for each Chinese, Japanese or Korean character, one for every four others
    (the usual rule of thumb).
    """
    wide = len(_WIDE.findall(text))
    return wide + -(-(len(text) - wide) // _NARROW_PER_TOKEN)
