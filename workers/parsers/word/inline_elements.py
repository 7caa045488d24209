"""What single elements in the text of a DOCX stand for: breaks, symbols, boxes to
tick.
"""

from __future__ import annotations

from typing import Any

from workers.parsers.word.formulas import latex
from workers.parsers.xml_tree import attribute, tag_of

_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-", "ptab": "\t"}
_BALLOT_BOXES = str.maketrans({"☒": "[x]", "☑": "[x]", "☐": "[ ]"})
_PRIVATE_FONT_CODES = range(0xF000, 0xF100)
"""Characters of fonts of symbols such as Wingdings."""


def inline_text(element: Any, tag: str) -> str | None:
    """What an element adds to the text of its paragraph by itself; None for one that
    only holds others, or stands for something else. `tag` is its tag.
    """
    if tag == "t":
        return (element.text or "").translate(_BALLOT_BOXES)
    if tag in _BREAKS:
        return _BREAKS[tag]
    if tag in ("oMath", "oMathPara"):
        return f" {latex(element)} "
    if tag == "sym":
        return symbol(element)
    if tag in ("checkBox", "checkbox"):
        return "[x] " if is_checked(element) else "[ ] "
    return None


def is_page_break(element: Any) -> bool:
    """Whether a page ends here, as Word rendered it or the writer asked for it. Where
    the break that Word rendered for a page break stands right behind it, only that
    counts.
    """
    tag = tag_of(element)
    if tag == "lastRenderedPageBreak":
        return True
    if tag != "br" or attribute(element, "type") != "page":
        return False
    following = element.getnext()
    return following is None or tag_of(following) != "lastRenderedPageBreak"


def symbol(element: Any) -> str:
    """The character of a symbol; a bullet for one of the private fonts, "" for what is
    no number.
    """
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    return "•" if code in _PRIVATE_FONT_CODES else chr(code)


def is_checked(box: Any) -> bool:
    """Whether a box is ticked: its state, or the default where it has none."""
    states = [child for child in box if tag_of(child) in ("checked", "default")]
    return bool(states) and attribute(states[-1], "val") not in ("0", "false", "off")
