"""The characters of a PDF's text layer as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from workers.parsers.layout.placed_text import RTL_LETTER, Line

_LEADERS = re.compile(r"(?:\s?[.·…_]){5,}")
"""Dots that lead to a page number."""
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_PRESENTATION_FORMS = re.compile(r"[\ufb50-\ufdff\ufe70-\ufeff]+")
UNKNOWN = "\ufffd"
FIRST_PRIVATE, BEHIND_PRIVATE = "\ue000", "\uf900"
"""Characters without a meaning of their own, by which fonts of symbols draw bullets."""


def normalise(text: str) -> str:
    """Text without ligatures, presentation forms, dot leaders and the private characters
    of bullets; "" when most are unknown.
    """
    text = " ".join(text.split())
    if text.isascii():
        has_leaders = "...." in text or ". . ." in text
        return _LEADERS.sub(" ...", text) if has_leaders else text
    text = _PRESENTATION_FORMS.sub(
        lambda forms: unicodedata.normalize("NFKC", forms[0]),
        text.translate(_LIGATURES),
    )
    if text.count(UNKNOWN) * 2 > len(text) > 2:
        return ""
    if text[0] == UNKNOWN or FIRST_PRIVATE <= text[0] < BEHIND_PRIVATE:
        text = f"• {text[1:].lstrip()}"
    return _LEADERS.sub(" ...", text).replace(UNKNOWN, "")


def is_rtl(lines: Sequence[Line]) -> bool:
    """Whether a page is read from the right: more than half of its letters are Arabic,
    Hebrew or the like.
    """
    texts = [line.text for line in lines if not line.text.isascii()]
    from_right = sum(len(RTL_LETTER.findall(text)) for text in texts)
    return from_right * 2 > sum(len(line.text) for line in lines)
