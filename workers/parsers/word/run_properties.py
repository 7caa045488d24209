"""How a run of text in a DOCX is set: its font, and whether anybody sees it."""

from __future__ import annotations

from typing import Any

from workers.parsers.xml_tree import attribute, first_child, tag_of, value_of

_FONT_ATTRIBUTES = ("ascii", "hAnsi")
_OFF = ("0", "false", "off")
_WHITE = "ffffff"
_SHADED_PARENTS = frozenset(("tbl", "txbxContent"))
"""White text in these may stand on a colour that a style or a shape gives them."""
_COLOURS = ("shd", "highlight")


def font_of_run(run: Any) -> str:
    """The font that a run names for Latin letters; "" for the font of its style."""
    fonts = first_child(first_child(run, "rPr"), "rFonts")
    if fonts is None:
        return ""
    names = (attribute(fonts, name) for name in _FONT_ATTRIBUTES)
    return next(filter(None, names), "")


def is_hidden(run: Any) -> bool:
    """Whether nobody sees a run: it is marked as hidden, or white on white."""
    properties = first_child(run, "rPr")
    if properties is None:
        return False
    vanish = first_child(properties, "vanish")
    if vanish is not None and attribute(vanish, "val") not in _OFF:
        return True
    is_white = value_of(properties, "color").lower() == _WHITE
    return is_white and not _stands_on_colour(run)


def _stands_on_colour(run: Any) -> bool:
    """Whether a run, its paragraph or what that stands in has, or may have, a colour."""
    if any(first_child(first_child(run, "rPr"), tag) is not None for tag in _COLOURS):
        return True
    for above in run.iterancestors():
        tag = tag_of(above)
        if tag in _SHADED_PARENTS:
            return True
        if tag == "p" and first_child(first_child(above, "pPr"), "shd") is not None:
            return True
    document = run.getroottree().getroot()
    return first_child(document, "background") is not None
