"""Words by which somebody says that something is otherwise now, in any language. The words
are data: `change_words.txt` beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import itemgetter

TABLE = "change_words.txt"
GAP = r"[^\s，。、]{1,4}"
"""What "~" in a table stands for."""
_WITHOUT_SPACES = frozenset(("zh", "ja", "ko", "ar", "hi"))


def tells_change(text: str) -> bool:
    """Whether a statement says that something is otherwise now."""
    return bool(_words().search(text.lower().replace("’", "'")))


@cache
def _words() -> re.Pattern[str]:
    text = files(__package__).joinpath(TABLE).read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    patterns: list[tuple[bool, str]] = []
    for line in lines:
        name, phrases = line.split(": ", 1)
        is_spaced = name.split(" ")[-1] not in _WITHOUT_SPACES
        patterns += [(is_spaced, _pattern(words)) for words in phrases.split(" / ")]
    neighbours = groupby(patterns, key=itemgetter(0))
    return re.compile("|".join(_any(*group) for group in neighbours))


def _pattern(words: str) -> str:
    return re.escape(words.strip()).replace(r"\*", r"\w*").replace(r"\~", GAP)


def _any(is_spaced: bool, patterns: Iterable[tuple[bool, str]]) -> str:
    """One of them, as whole words in a language that has spaces. What stands at the ends
    of a word is asked once for all: to compile it takes as long as to compile ten words.
    """
    alternatives = "|".join(pattern for _, pattern in patterns)
    if not is_spaced:
        return alternatives
    letter = r"[^\W\d_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
    return rf"(?<!{letter})(?:{alternatives})(?!{letter})"
