"""The letters of a PDF as people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from workers.parsers.layout.placed_text import RTL
from workers.parsers.layout.reading_order import Line

_LEADERS = re.compile(r"(?:\s?[.·…_]){5,}")
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_PRESENTED = re.compile(r"[\ufb50-\ufdff\ufe70-\ufeff]+")


def plain(text: str) -> str:
    """Text without ligatures, presentation forms, dot leaders and the odd letters of
    bullets; "" when most are unknown.
    """
    text = " ".join(text.split())
    if text.isascii():
        return _LEADERS.sub(" ...", text) if "...." in text or ". . ." in text else text
    text = _PRESENTED.sub(
        lambda found: unicodedata.normalize("NFKC", found[0]),
        text.translate(_LIGATURES),
    )
    if text.count("\ufffd") * 2 > len(text) > 2:
        return ""
    if text[0] == "\ufffd" or "\ue000" <= text[0] < "\uf900":
        text = f"• {text[1:].lstrip()}"
    return _LEADERS.sub(" ...", text).replace("\ufffd", "")


def is_rtl(lines: Sequence[Line]) -> bool:
    """Whether a page is read from the right: half of its letters are Arabic, Hebrew or the like."""
    texts = [line.text for line in lines if not line.text.isascii()]
    return bool(texts) and sum(len(RTL.findall(text)) for text in texts) * 2 > sum(
        len(line.text) for line in lines
    )
