"""The words of a text as they are compared: whatever is spaced or punctuated otherwise."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

_WITHIN_WORDS = ".,:/'’-%#!?@&*_;"
_WORD = re.compile(
    r"(?:(?<!\S)-(?=\d))?[^\s.,:/'’!?@&*_;-]+(?:[.,:/'’!?@&*_;-]+[^\s.,:/'’!?@&*_;-]+)*"
)
"""What stands between spaces and punctuation, with the signs within it: of a password,
an address, a number.
"""


def normal_words(text: str) -> str:
    """The words and signs alone, lower case: spacing and punctuation make no other
    memory. Signs do: C is not C++, 5 dollars are not 5 euros or -5.
    """
    return " ".join(_WORD.findall("".join(map(_as_compared, text.lower()))))


@cache
def _as_compared(character: str) -> str:
    """The character, a space for one that says nothing."""
    is_said = unicodedata.category(character)[0] in "LNMS" and character not in "`^|"
    return character if is_said or character in _WITHIN_WORDS else " "
