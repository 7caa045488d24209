"""What of an HTML page a reader sees: hidden elements, and what the fields of a form
hold.
"""

from __future__ import annotations

import re
from typing import Any

from workers.parsers.symbol_fonts import EMPTY, TICKED

_HIDING_STYLE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0*(?:\.0*)?(?![.\d]))",
    re.I,
)
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]+)", re.I)
_BACKGROUND = re.compile(r"(?:^|;)\s*background", re.I)
_WHITE = frozenset(
    ("white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)")
)
_BOXES = ("checkbox", "radio")
_UNSEEN_INPUTS = frozenset(
    "hidden password submit button reset image file range color".split()
)


def is_hidden(element: Any) -> bool:
    """Whether an element hides what is in it by its attributes: as hidden, or as white
    text where no background is named around it.
    """
    if element.get("hidden") is not None:
        return True
    style = element.get("style") or ""
    if not style:
        return False
    if _HIDING_STYLE.search(style):
        return True
    colour = _COLOUR.search(style)
    if colour is None or "".join(colour[1].lower().split()) not in _WHITE:
        return False
    return not any(map(_has_background, (element, *element.iterancestors())))


def field_value(element: Any) -> str:
    """What a field of a form holds: the state of a box, an entry, the chosen options."""
    if element.tag == "select":
        chosen = element.xpath(".//option[@selected]")
        texts = (" ".join(option.text_content().split()) for option in chosen)
        return ", ".join(filter(None, texts))
    kind = (element.get("type") or "text").lower()
    if kind in _BOXES:
        return TICKED if element.get("checked") is not None else EMPTY
    return "" if kind in _UNSEEN_INPUTS else (element.get("value") or "").strip()


def _has_background(element: Any) -> bool:
    """Whether an element may be coloured: by a style, an attribute or a class."""
    style = element.get("style") or ""
    named = element.get("bgcolor") or element.get("background") or element.get("class")
    return bool(named or _BACKGROUND.search(style))
